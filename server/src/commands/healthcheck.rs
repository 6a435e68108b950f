//! `berth healthcheck`: asks the server of this machine whether it is ready.

use std::error::Error;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use http::{Request, StatusCode, header};
use hyper_util::rt::TokioIo;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, SignatureScheme};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::{Outcome, print};
use crate::cli::Settings;
use crate::config::{Config, load};
use crate::listener::{install_crypto_provider, read_chain};

/// Longest time for the whole question.
const PATIENCE: Duration = Duration::from_secs(5);

pub(super) async fn run(settings: &Settings) -> Outcome {
    let config = load(settings.inputs())?.config;
    let status =
        tokio::time::timeout(PATIENCE, ask(&config)).await.map_err(|_| "the server does not answer")??;
    print(if status.is_success() { "ready\n" } else { "not ready\n" })?;
    Ok(if status.is_success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn ask(config: &Config) -> Result<StatusCode, Box<dyn Error>> {
    let stream = connect(config.listen).await?;
    let Some(certificate) = &config.tls.certificate else { return get(stream).await };
    install_crypto_provider();
    let leaf = read_chain(certificate)?.into_iter().next().ok_or("the certificate file is empty")?;
    let verifier = Arc::new(OurOwn { leaf, provider: rustls::crypto::aws_lc_rs::default_provider() });
    let client =
        ClientConfig::builder().dangerous().with_custom_certificate_verifier(verifier).with_no_client_auth();
    let name = ServerName::try_from("localhost")?;
    get(TlsConnector::from(Arc::new(client)).connect(name, stream).await?).await
}

/// A wildcard is reached over loopback, first as itself and then by IPv4.
async fn connect(listen: SocketAddr) -> std::io::Result<TcpStream> {
    let port = listen.port();
    match listen.ip() {
        IpAddr::V6(ip) if ip.is_unspecified() => {
            match TcpStream::connect((Ipv6Addr::LOCALHOST, port)).await {
                Ok(stream) => Ok(stream),
                Err(_) => TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await,
            }
        }
        IpAddr::V4(ip) if ip.is_unspecified() => TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await,
        _ => TcpStream::connect(listen).await,
    }
}

async fn get<S>(stream: S) -> Result<StatusCode, Box<dyn Error>>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    let request = Request::get("/readyz").header(header::HOST, "localhost").body(Body::empty())?;
    let mut connection = std::pin::pin!(connection);
    tokio::select! {
        response = sender.send_request(request) => Ok(response?.status()),
        _ = connection.as_mut() => Err("the server closed the connection".into()),
    }
}

/// Trusts exactly the certificate that this server is configured with, whatever names it bears.
#[derive(Debug)]
struct OurOwn {
    leaf: CertificateDer<'static>,
    provider: CryptoProvider,
}

impl ServerCertVerifier for OurOwn {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        if *end_entity == self.leaf {
            Ok(ServerCertVerified::assertion())
        } else {
            Err(CertificateError::ApplicationVerificationFailure.into())
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signed, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signed, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
