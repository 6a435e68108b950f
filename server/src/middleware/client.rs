//! Who is asking: the address of the client, and the address by which it reached us.
//!
//! Forwarded headers are believed only when the connection comes from one of `trusted_proxies`;
//! from anyone else they are ignored, once with a warning.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::extract::{FromRequestParts, Request};
use chrono::{DateTime, Utc};
use http::request::Parts;
use http::{HeaderMap, Uri, header};
use ipnet::IpNet;
use tracing::warn;

use super::forwarded;
use crate::clock::now;
use crate::config::{Config, ExternalUrl};

/// The other end of the connection, put into each request by the listener.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer {
    /// Address and port of the other end; an IPv4 address is never written as IPv6.
    pub address: SocketAddr,
    /// Whether this very connection is encrypted.
    pub is_tls: bool,
}

/// How the client reached us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// In clear.
    Http,
    /// Encrypted, here or at a trusted proxy.
    Https,
}

impl Scheme {
    /// The scheme as it stands in a URL.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }
}

/// What every door needs to know about the client; an extractor that never fails.
#[derive(Clone, Debug)]
pub struct ClientInfo {
    /// The client's address, seen through trusted proxies.
    pub ip: IpAddr,
    /// The scheme the client used.
    pub scheme: Scheme,
    /// The host, and port where given, that the client asked for.
    pub host: Arc<str>,
    /// The id of this request, as in the `X-Request-Id` header of the response.
    pub request_id: Arc<str>,
    /// When the request came in; the time of everything that is done for it.
    pub now: DateTime<Utc>,
    external_url: Option<ExternalUrl>,
}

impl ClientInfo {
    /// The address of this server as this client should write it, without a path or a final slash.
    ///
    /// That is `external_url` where it is configured, else what the client itself used.
    pub fn base_url(&self) -> String {
        match &self.external_url {
            Some(url) => url.to_string(),
            None => format!("{}://{}", self.scheme.as_str(), self.host),
        }
    }
}

impl<S: Sync> FromRequestParts<S> for ClientInfo {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or_else(|| unknown(parts)))
    }
}

/// A request that did not come through the frame, which happens in tests of single doors only.
fn unknown(parts: &Parts) -> ClientInfo {
    ClientInfo {
        ip: IpAddr::V4(Ipv4Addr::LOCALHOST),
        scheme: Scheme::Http,
        host: host(&parts.uri, &parts.headers, "localhost").into(),
        request_id: "".into(),
        now: now(),
        external_url: None,
    }
}

/// Derives [`ClientInfo`] from a request and the configuration.
#[derive(Debug)]
pub(super) struct Resolver {
    trusted: Vec<IpNet>,
    external_url: Option<ExternalUrl>,
    fallback_host: String,
    has_warned: AtomicBool,
}

impl Resolver {
    pub(super) fn new(config: &Config) -> Self {
        Self {
            trusted: config.trusted_proxies.clone(),
            external_url: config.external_url.clone(),
            fallback_host: format!("localhost:{}", config.listen.port()),
            has_warned: AtomicBool::new(false),
        }
    }

    /// Who sent the request that has this id.
    pub(super) fn client(&self, request: &Request, request_id: Arc<str>) -> ClientInfo {
        let headers = request.headers();
        let peer = request.extensions().get::<Peer>().copied();
        let address = peer.map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |peer| peer.address.ip());
        let own_scheme = if peer.is_some_and(|peer| peer.is_tls) { Scheme::Https } else { Scheme::Http };
        let is_trusted = |ip: IpAddr| self.trusted.iter().any(|network| network.contains(&ip));
        let told = if is_trusted(address) {
            forwarded::read(headers, is_trusted)
        } else {
            self.warn_of_untrusted(address, headers);
            forwarded::Told::default()
        };
        let own_host = || host(request.uri(), headers, &self.fallback_host);
        ClientInfo {
            ip: told.ip.unwrap_or(address),
            scheme: told.scheme.unwrap_or(own_scheme),
            host: told.host.map_or_else(|| own_host().into(), Into::into),
            request_id,
            now: now(),
            external_url: self.external_url.clone(),
        }
    }

    fn warn_of_untrusted(&self, peer: IpAddr, headers: &HeaderMap) {
        if forwarded::is_present(headers) && !self.has_warned.swap(true, Ordering::Relaxed) {
            warn!(
                client.ip = %peer,
                "Ignored forwarded headers from {peer}: list it in trusted_proxies if it is your proxy"
            );
        }
    }
}

/// The host that a request names: the target's authority (HTTP/2) or the `Host` header.
fn host<'r>(uri: &'r Uri, headers: &'r HeaderMap, fallback: &'r str) -> &'r str {
    let named = uri.authority().map(http::uri::Authority::as_str);
    let header = || headers.get(header::HOST).and_then(|value| value.to_str().ok());
    named.or_else(header).filter(|host| forwarded::is_host(host)).unwrap_or(fallback)
}
