//! TLS from a certificate and a key file, read again when they change.

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, SystemTime};

use rustls::ServerConfig;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use tokio::net::TcpStream;
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::{MissedTickBehavior, interval};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use tracing::{info, warn};

use super::connection::Protocol;
use super::stop::Stop;
use crate::config;

const ALPN_HTTP2: &[u8] = b"h2";
const ALPN_HTTP1: &[u8] = b"http/1.1";

/// How often the files are looked at.
const LOOK_INTERVAL: Duration = Duration::from_mins(1);

/// Why a certificate cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file cannot be read, or holds no PEM of the kind wanted.
    #[error("cannot read {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What was wrong with it.
        #[source]
        source: pem::Error,
    },
    /// The certificate file holds no certificate.
    #[error("{} holds no certificate", .0.display())]
    Empty(PathBuf),
    /// Certificate and key do not go together, or are of a kind that is not supported.
    #[error("the TLS certificate and its key cannot be used")]
    Unusable(#[source] rustls::Error),
}

/// Makes aws-lc-rs the one cryptography provider of the process.
///
/// Must come before any use of TLS; a second call changes nothing.
pub fn install_crypto_provider() {
    let is_first = CryptoProvider::get_default().is_none();
    if is_first && rustls::crypto::aws_lc_rs::default_provider().install_default().is_err() {
        warn!("Another cryptography provider was installed at the same moment");
    }
}

/// Reads a certificate chain, leaf first.
pub(crate) fn read_chain(path: &Path) -> Result<Vec<CertificateDer<'static>>, Error> {
    let failed = |source| Error::Read { path: path.to_owned(), source };
    let chain = CertificateDer::pem_file_iter(path).map_err(failed)?.collect::<Result<Vec<_>, _>>();
    let chain = chain.map_err(failed)?;
    if chain.is_empty() { Err(Error::Empty(path.to_owned())) } else { Ok(chain) }
}

/// The certificate at hand.
pub(super) struct Tls {
    certificate: Arc<Certificate>,
    acceptor: TlsAcceptor,
}

impl Tls {
    /// Loads the files, if they are configured.
    pub(super) fn load(settings: &config::Tls) -> Result<Option<Self>, Error> {
        let (Some(chain), Some(key)) = (&settings.certificate, &settings.key) else { return Ok(None) };
        install_crypto_provider();
        let certificate = Arc::new(Certificate::load(chain.clone(), key.clone())?);
        let resolver: Arc<dyn ResolvesServerCert> = Arc::<Certificate>::clone(&certificate);
        let mut server = ServerConfig::builder().with_no_client_auth().with_cert_resolver(resolver);
        server.alpn_protocols = vec![ALPN_HTTP2.to_vec(), ALPN_HTTP1.to_vec()];
        Ok(Some(Self { certificate, acceptor: TlsAcceptor::from(Arc::new(server)) }))
    }

    pub(super) async fn accept(&self, stream: TcpStream) -> std::io::Result<TlsStream<TcpStream>> {
        self.acceptor.accept(stream).await
    }

    /// Reads the files again on SIGHUP and when they changed; a bad one leaves the old one in use.
    pub(super) async fn keep_fresh(self: Arc<Self>, stop: Stop) {
        let mut looks = interval(LOOK_INTERVAL);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let Ok(mut hangup) = signal(SignalKind::hangup()) else {
            return warn!("The TLS certificate is not read again: no signal handler");
        };
        loop {
            let is_told = tokio::select! {
                () = stop.requested() => return,
                _ = hangup.recv() => true,
                _ = looks.tick() => false,
            };
            if is_told || self.certificate.has_changed() {
                self.certificate.reload();
            }
        }
    }
}

/// The protocol agreed in the handshake.
pub(super) fn protocol(stream: &TlsStream<TcpStream>) -> Protocol {
    let (_, connection) = stream.get_ref();
    if connection.alpn_protocol() == Some(ALPN_HTTP2) { Protocol::Http2 } else { Protocol::Http1 }
}

#[derive(Debug)]
struct Certificate {
    chain: PathBuf,
    key: PathBuf,
    current: RwLock<Current>,
}

#[derive(Clone, Debug)]
struct Current {
    key: Arc<CertifiedKey>,
    changed_at: [Option<SystemTime>; 2],
}

impl Certificate {
    fn load(chain: PathBuf, key: PathBuf) -> Result<Self, Error> {
        let current = read(&chain, &key)?;
        Ok(Self { chain, key, current: RwLock::new(current) })
    }

    fn current(&self) -> Current {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn has_changed(&self) -> bool {
        changed_at(&self.chain, &self.key) != self.current().changed_at
    }

    fn reload(&self) {
        match read(&self.chain, &self.key) {
            Ok(fresh) => {
                *self.current.write().unwrap_or_else(PoisonError::into_inner) = fresh;
                info!("Read the TLS certificate again from {}", self.chain.display());
            }
            Err(error) => warn!(%error, "Kept the old TLS certificate: {error}"),
        }
    }
}

impl ResolvesServerCert for Certificate {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.current().key)
    }
}

fn read(chain: &Path, key: &Path) -> Result<Current, Error> {
    let changed_at = changed_at(chain, key);
    let certificates = read_chain(chain)?;
    let private =
        PrivateKeyDer::from_pem_file(key).map_err(|source| Error::Read { path: key.to_owned(), source })?;
    let provider = rustls::crypto::aws_lc_rs::default_provider();
    let certified = CertifiedKey::from_der(certificates, private, &provider).map_err(Error::Unusable)?;
    Ok(Current { key: Arc::new(certified), changed_at })
}

fn changed_at(chain: &Path, key: &Path) -> [Option<SystemTime>; 2] {
    [chain, key].map(|path| path.metadata().and_then(|metadata| metadata.modified()).ok())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn write(folder: &Path) -> [PathBuf; 2] {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let [chain, key] = ["certificate.pem", "key.pem"].map(|name| folder.join(name));
        fs::write(&chain, made.cert.pem()).unwrap();
        fs::write(&key, made.signing_key.serialize_pem()).unwrap();
        [chain, key]
    }

    #[test]
    fn a_new_certificate_is_taken_and_a_broken_one_leaves_the_old_in_use() {
        let folder = tempfile::tempdir().unwrap();
        let [chain, key] = write(folder.path());
        let certificate = Certificate::load(chain.clone(), key).unwrap();
        let leaf = || certificate.current().key.cert.first().cloned();
        let first = leaf();
        write(folder.path());
        certificate.reload();
        let second = leaf();
        assert_ne!(first, second);
        fs::write(&chain, "broken").unwrap();
        certificate.reload();
        assert_eq!(leaf(), second);
    }
}
