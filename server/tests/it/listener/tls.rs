//! TLS from a certificate and a key file.

use std::fs;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use axum::routing::get;
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use server::config::{Config, Tls};
use server::listener::{Listener, install_crypto_provider};
use server::middleware::ClientInfo;
use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::util::raw::{self, body, connect, header, read_to_end, send, within};
use crate::util::served::{Served, config};

struct Encrypted {
    server: Served,
    certificate: CertificateDer<'static>,
    _folder: TempDir,
}

fn start() -> Encrypted {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let [certificate, key] = ["certificate.pem", "key.pem"].map(|name| folder.path().join(name));
    fs::write(&certificate, made.cert.pem()).unwrap();
    fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    let routes = Router::new().route("/", get(async |client: ClientInfo| client.base_url()));
    let config = Config { tls: Tls { certificate: Some(certificate), key: Some(key) }, ..config() };
    Encrypted { server: Served::start(routes, config), certificate: made.cert.der().clone(), _folder: folder }
}

impl Encrypted {
    async fn connect(&self, protocol: &str) -> TlsStream<TcpStream> {
        install_crypto_provider();
        let mut roots = RootCertStore::empty();
        roots.add(self.certificate.clone()).unwrap();
        let mut client = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
        client.alpn_protocols = vec![protocol.as_bytes().to_vec()];
        let stream = connect(self.server.address).await;
        let name = ServerName::try_from("localhost").unwrap();
        within(TlsConnector::from(Arc::new(client)).connect(name, stream)).await.unwrap()
    }
}

#[tokio::test]
async fn http_1_is_served_over_tls_with_the_headers_that_belong_to_it() {
    let encrypted = start();
    let mut stream = encrypted.connect("http/1.1").await;
    send(&mut stream, &raw::get("/", &[])).await;
    let answer = read_to_end(&mut stream).await;
    assert_eq!(body(&answer), "https://berth.test");
    assert_eq!(header(&answer, "strict-transport-security"), Some("max-age=31536000"));
    assert_eq!(header(&answer, "cross-origin-opener-policy"), Some("same-origin"));
}

#[tokio::test]
async fn http_2_is_served_when_the_client_offers_it() {
    let encrypted = start();
    let stream = encrypted.connect("h2").await;
    let (mut sender, connection) =
        within(hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream)))
            .await
            .unwrap();
    let connection = tokio::spawn(connection);
    let request = Request::get("https://berth.test/").body(Body::empty()).unwrap();
    let response = within(sender.send_request(request)).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    let bytes = within(axum::body::to_bytes(Body::new(response.into_body()), 1024)).await.unwrap();
    assert_eq!(bytes, "https://berth.test");
    connection.abort();
}

#[tokio::test]
async fn a_client_that_speaks_no_tls_gets_no_answer() {
    let encrypted = start();
    let answer = exchange_bytes(&encrypted).await;
    assert!(!answer.starts_with(b"HTTP/"), "{answer:?}");
}

async fn exchange_bytes(encrypted: &Encrypted) -> Vec<u8> {
    use tokio::io::AsyncReadExt;
    let mut stream = connect(encrypted.server.address).await;
    send(&mut stream, &raw::get("/", &[])).await;
    let mut bytes = Vec::new();
    let _ = within(stream.read_to_end(&mut bytes)).await;
    bytes
}

#[tokio::test]
async fn a_certificate_that_cannot_be_read_stops_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing.pem");
    let tls = Tls { certificate: Some(missing.clone()), key: Some(missing.clone()) };
    let error = Listener::bind(&Config { tls, ..config() }).err().unwrap();
    assert_eq!(error.to_string(), format!("cannot read {}", missing.display()));
}
