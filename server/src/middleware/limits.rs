//! Bounds on request bodies and on whole requests, chosen by each door for its routes.
//!
//! A route that carries blobs has an idle time-out alone: a layer may take hours, but a client that
//! sends nothing is cut. Every other route also has a cap on its body and a total time. A request that
//! breaks a bound is answered here with 408, 413 or 503, whatever its handler made of it, and its
//! connection is closed, because the rest of the body is not wanted.

use std::time::Duration;

use axum::Router;
use axum::body::{Body, HttpBody};
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use http::{HeaderValue, StatusCode, Version, header};
use percent_encoding::percent_decode_str;
use tokio::time::timeout;

use super::failure::{Door, failure};
use super::guarded_body::{GuardedBody, Reading, Verdict};
use crate::config::Config;

/// The bounds of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Longest silence inside the body.
    pub idle: Duration,
    /// Longest time until the response begins.
    pub total: Option<Duration>,
    /// Largest body, in bytes.
    pub cap_bytes: Option<u64>,
}

/// The bounds of each kind of route.
#[derive(Clone, Copy, Debug)]
pub struct BoundsByRoute {
    blob: Bounds,
    manifest: Bounds,
    other: Bounds,
}

impl BoundsByRoute {
    /// Takes the bounds from the configuration.
    pub fn new(config: &Config) -> Self {
        let limits = &config.limits;
        let bounded = |cap_bytes| Bounds {
            idle: limits.body_idle_timeout,
            total: Some(limits.request_timeout),
            cap_bytes: Some(cap_bytes),
        };
        Self {
            blob: Bounds { idle: limits.body_idle_timeout, total: None, cap_bytes: None },
            manifest: bounded(config.registry.manifest_limit_bytes),
            other: bounded(limits.body_limit_bytes),
        }
    }

    /// The bounds of a request path.
    ///
    /// A repository may itself be called `blobs` or `manifests`: the last such segment tells. The registry reads its
    /// paths decoded, so they are decoded here too.
    pub fn of(&self, path: &str) -> Bounds {
        if Door::of(path) != Door::Registry {
            return self.other;
        }
        let path = percent_decode_str(path).decode_utf8_lossy();
        match (path.rfind("/blobs/"), path.rfind("/manifests/")) {
            (Some(blob), manifest) if manifest.is_none_or(|manifest| manifest < blob) => self.blob,
            (_, Some(_)) => self.manifest,
            _ => self.other,
        }
    }
}

/// Bounds the requests of all routes given, by their paths.
pub fn bound<S: Clone + Send + Sync + 'static>(routes: Router<S>, bounds: BoundsByRoute) -> Router<S> {
    routes.layer(from_fn_with_state(bounds, enforce)).layer(DefaultBodyLimit::disable())
}

async fn enforce(State(bounds): State<BoundsByRoute>, request: Request, next: Next) -> Response {
    let door = Door::of(request.uri().path());
    let bounds = bounds.of(request.uri().path());
    let version = request.version();
    let declared = request.body().size_hint().lower();
    if bounds.cap_bytes.is_some_and(|cap| declared > cap) {
        return too_large(door, bounds, version);
    }
    if request.body().is_end_stream() {
        return run(next.run(request), bounds, || unfinished(door, Reading::Ended, version)).await;
    }
    let (request, verdict) = guard(request, bounds);
    let late = || unfinished(door, verdict.get(), version);
    let response = run(next.run(request), bounds, late).await;
    match verdict.get() {
        Reading::Open | Reading::Ended => response,
        Reading::Idle => close(failure(door, StatusCode::REQUEST_TIMEOUT, SILENT), version),
        Reading::TooLarge => too_large(door, bounds, version),
    }
}

const SILENT: &str = "the request body stopped coming";

fn guard(request: Request, bounds: Bounds) -> (Request, Verdict) {
    let (parts, body) = request.into_parts();
    let (body, verdict) = GuardedBody::new(body, bounds.idle, bounds.cap_bytes);
    (Request::from_parts(parts, Body::new(body)), verdict)
}

async fn run(
    response: impl Future<Output = Response>,
    bounds: Bounds,
    late: impl FnOnce() -> Response,
) -> Response {
    match bounds.total {
        None => response.await,
        Some(total) => timeout(total, response).await.unwrap_or_else(|_| late()),
    }
}

/// The total time is up: the client's fault while its body is still coming, ours afterwards.
fn unfinished(door: Door, reading: Reading, version: Version) -> Response {
    if reading == Reading::Ended {
        return failure(door, StatusCode::SERVICE_UNAVAILABLE, "the request took too long");
    }
    close(failure(door, StatusCode::REQUEST_TIMEOUT, "the request body took too long"), version)
}

fn too_large(door: Door, bounds: Bounds, version: Version) -> Response {
    let cap = bounds.cap_bytes.unwrap_or_default();
    let message = format!("the request body is larger than {cap} bytes");
    close(failure(door, StatusCode::PAYLOAD_TOO_LARGE, &message), version)
}

/// HTTP/2 resets the stream by itself and knows no such header.
fn close(mut response: Response, version: Version) -> Response {
    if version < Version::HTTP_2 {
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blob_routes_have_an_idle_time_out_alone() {
        let config = Config::default();
        let bounds = BoundsByRoute::new(&config);
        let cap = |path| bounds.of(path).cap_bytes;
        assert_eq!(cap("/v2/library/x/blobs/uploads/1"), None);
        assert_eq!(bounds.of("/v2/library/x/blobs/uploads/").total, None);
        assert_eq!(cap("/v2/library/manifests/blobs/uploads/"), None);
        assert_eq!(cap("/v2/library/x/manifests/1"), Some(4 << 20));
        assert_eq!(cap("/v2/library/blobs/manifests/1"), Some(4 << 20));
        assert_eq!(cap("/v2/library/blobs/x%2Fmanifests%2f1"), Some(4 << 20));
        assert_eq!(cap("/v2/library/x%2Fblobs%2Fuploads%2F1"), None);
        assert_eq!(cap("/v2/_catalog"), Some(1 << 20));
        assert_eq!(cap("/api/v2.0/projects/a/blobs/b"), Some(1 << 20));
    }
}
