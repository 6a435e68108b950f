//! Speaks HTTP on one connection until either side is done with it.

use std::convert::Infallible;
use std::pin::pin;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use http::{Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tower::ServiceExt;
use tracing::debug;

use super::activity::{Activity, CountedBody};
use super::stop::Stop;
use super::timed_io::TimedIo;
use crate::config::Limits;
use crate::middleware::Peer;

/// The version of HTTP that a connection speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Protocol {
    /// HTTP/1.1, also 1.0.
    Http1,
    /// HTTP/2, agreed during the TLS handshake.
    Http2,
}

/// Requests of one HTTP/2 connection that may run at the same time.
const MAX_STREAMS: u32 = 250;
/// Bytes that a client may send ahead: per request, and per connection.
const STREAM_WINDOW: u32 = 1 << 20;
const CONNECTION_WINDOW: u32 = 4 << 20;
/// Largest header of an HTTP/2 request, in bytes.
const MAX_HEADER_BYTES: u32 = 64 * 1024;
/// A silent HTTP/2 client is asked so often whether it is still there.
const PING_INTERVAL: Duration = Duration::from_secs(20);

/// What a connection is carried by: a plain socket, or TLS over one.
pub(super) trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}

impl<S: AsyncRead + AsyncWrite + Unpin + Send> Stream for S {}

/// Serves the connection; returns when it is closed. The stream is boxed, so that HTTP is compiled once for both kinds.
pub(super) async fn serve(
    stream: Box<dyn Stream>,
    protocol: Protocol,
    peer: Peer,
    app: Router,
    limits: &Limits,
    stop: Stop,
) {
    let activity = Activity::default();
    let is_multiplexed = protocol == Protocol::Http2;
    let io = TokioIo::new(TimedIo::new(stream, activity.clone(), is_multiplexed, limits));
    let service = service_fn(move |request| answer(app.clone(), activity.clone(), peer, request));
    /// Waits for the end of the connection, asking it to finish once the server stops.
    macro_rules! finish {
        ($connection:expr) => {{
            let mut connection = pin!($connection);
            let outcome = tokio::select! {
                outcome = connection.as_mut() => outcome,
                () = stop.requested() => {
                    connection.as_mut().graceful_shutdown();
                    connection.await
                }
            };
            if let Err(error) = outcome {
                debug!(client.ip = %peer.address.ip(), %error, "Connection ended early: {error}");
            }
        }};
    }
    match protocol {
        Protocol::Http1 => finish!(http1(limits).serve_connection(io, service)),
        Protocol::Http2 => finish!(http2().serve_connection(io, service)),
    }
}

/// The header time-out here is the last resort: [`TimedIo`] tells waiting from dribbling.
fn http1(limits: &Limits) -> http1::Builder {
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(limits.keep_alive + limits.header_read_timeout);
    builder
}

fn http2() -> http2::Builder<TokioExecutor> {
    let mut builder = http2::Builder::new(TokioExecutor::new());
    builder
        .timer(TokioTimer::new())
        .max_concurrent_streams(MAX_STREAMS)
        .initial_stream_window_size(STREAM_WINDOW)
        .initial_connection_window_size(CONNECTION_WINDOW)
        .max_header_list_size(MAX_HEADER_BYTES)
        .keep_alive_interval(PING_INTERVAL)
        .keep_alive_timeout(PING_INTERVAL);
    builder
}

async fn answer(
    app: Router,
    activity: Activity,
    peer: Peer,
    mut request: Request<Incoming>,
) -> Result<Response<CountedBody>, Infallible> {
    let under_way = activity.begin();
    request.extensions_mut().insert(peer);
    let response = app.oneshot(request.map(Body::new)).await?;
    Ok(response.map(|body| CountedBody::new(body, under_way)))
}
