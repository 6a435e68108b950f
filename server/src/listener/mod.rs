//! The listening socket: accepts connections, speaks TLS and HTTP on them, and stops gracefully.
//!
//! Every wait for a client is bounded: TLS handshake, request header, idle connection, stalled
//! response; the bodies are bounded by the middleware. Nothing here knows any route.

mod activity;
mod bind;
mod connection;
mod stop;
mod timed_io;
mod tls;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::{debug, info, warn};

pub use stop::{Signals, Stop};
pub(crate) use tls::read_chain;
pub use tls::{Error as TlsError, install_crypto_provider};

use crate::config::{Config, Limits};
use crate::middleware::Peer;
use connection::Protocol;
use tls::Tls;

/// Pause after an accept failed, mostly for want of file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Why the listener could not start.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The address cannot be bound.
    #[error("cannot listen on {address}")]
    Bind {
        /// The configured address.
        address: SocketAddr,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The certificate or its key cannot be used.
    #[error(transparent)]
    Tls(#[from] TlsError),
}

/// A bound socket, ready to serve.
pub struct Listener {
    socket: TcpListener,
    address: SocketAddr,
    tls: Option<Arc<Tls>>,
    limits: Limits,
}

impl Listener {
    /// Binds the configured address and loads the certificate, if there is one.
    ///
    /// Must be called inside a tokio runtime.
    ///
    /// # Errors
    /// The address is taken or not ours, or the certificate cannot be used.
    pub fn bind(config: &Config) -> Result<Self, Error> {
        let tls = Tls::load(&config.tls)?.map(Arc::new);
        Ok(Self { tls, ..Self::bind_plain(config.listen, config.limits.clone())? })
    }

    /// Binds an address without TLS, for what is on the machine itself.
    ///
    /// Must be called inside a tokio runtime.
    ///
    /// # Errors
    /// The address is taken or not ours.
    pub fn bind_plain(address: SocketAddr, limits: Limits) -> Result<Self, Error> {
        let failed = |source| Error::Bind { address, source };
        let socket = bind::bind(address).map_err(failed)?;
        let address = socket.local_addr().map_err(failed)?;
        Ok(Self { socket, address, tls: None, limits })
    }

    /// The address really bound, with the port chosen by the system where 0 was asked for.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves until told to stop, then lets requests in flight finish within `limits.drain_secs`.
    pub async fn serve(self, app: Router, stop: Stop) {
        let connections = TaskTracker::new();
        let drain = self.limits.drain;
        let abandon = CancellationToken::new();
        self.accept_all(&app, &stop, &connections, &abandon).await;
        connections.close();
        info!(connections = connections.len(), "Stopping: no new connections are taken");
        if timeout(drain, connections.wait()).await.is_err() {
            warn!(connections = connections.len(), "Stopped with requests unfinished");
            abandon.cancel();
            connections.wait().await;
        }
    }

    async fn accept_all(
        self,
        app: &Router,
        stop: &Stop,
        connections: &TaskTracker,
        abandon: &CancellationToken,
    ) {
        let seats = Semaphore::new(usize::try_from(self.limits.max_connections).unwrap_or(usize::MAX >> 3));
        let seats = Arc::new(seats);
        if let Some(tls) = &self.tls {
            connections.spawn(Arc::clone(tls).keep_fresh(stop.clone()));
        }
        loop {
            let next = tokio::select! {
                () = stop.requested() => return,
                next = self.accept(&seats) => next,
            };
            let Some((stream, peer, seat)) = next else { continue };
            let client = Client { stream, peer, tls: self.tls.clone(), limits: self.limits.clone() };
            let work = client.serve(app.clone(), stop.clone(), seat);
            connections.spawn(Box::pin(abandon.clone().run_until_cancelled_owned(work)));
        }
    }

    async fn accept(&self, seats: &Arc<Semaphore>) -> Option<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
        let seat = Arc::clone(seats).acquire_owned().await.ok()?;
        match self.socket.accept().await {
            Ok((stream, peer)) => {
                Some((stream, SocketAddr::new(peer.ip().to_canonical(), peer.port()), seat))
            }
            Err(error) => {
                warn!(%error, "Could not accept a connection: {error}");
                sleep(ACCEPT_PAUSE).await;
                None
            }
        }
    }
}

/// One accepted connection.
struct Client {
    stream: TcpStream,
    peer: SocketAddr,
    tls: Option<Arc<Tls>>,
    limits: Limits,
}

impl Client {
    async fn serve(self, app: Router, stop: Stop, _seat: OwnedSemaphorePermit) {
        if let Err(error) = self.stream.set_nodelay(true) {
            debug!(%error, "Could not switch off Nagle's algorithm: {error}");
        }
        let peer = Peer { address: self.peer, is_tls: self.tls.is_some() };
        let Some(tls) = self.tls else {
            let stream = Box::new(self.stream);
            return connection::serve(stream, Protocol::Http1, peer, app, &self.limits, stop).await;
        };
        let handshake = timeout(self.limits.header_read_timeout, tls.accept(self.stream));
        match handshake.await {
            Ok(Ok(stream)) => {
                let protocol = tls::protocol(&stream);
                connection::serve(Box::new(stream), protocol, peer, app, &self.limits, stop).await;
            }
            Ok(Err(error)) => debug!(client.ip = %self.peer.ip(), %error, "TLS handshake failed: {error}"),
            Err(_) => debug!(client.ip = %self.peer.ip(), "TLS handshake took too long"),
        }
    }
}
