//! What surrounds every request of every door.
//!
//! From the outside in: request id → client address → security headers → trace → panic catcher →
//! door. The first three come before the trace so that its one line can name them. Limits belong to
//! the doors, which know their routes: see [`limits`].

pub mod client;
mod failure;
mod forwarded;
mod guarded_body;
pub mod limits;
mod panic;
mod request_id;
mod security_headers;
pub mod trace;

use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;

use client::Resolver;
pub use client::{ClientInfo, Peer, Scheme};
pub use failure::{Door, failure};
pub use trace::Cause;

use crate::config::Config;
use crate::metrics::Requests;

/// What the frame needs for each request.
struct Frame {
    resolver: Resolver,
    requests: Requests,
}

/// Puts the frame around the routes of all doors, fallbacks included.
pub fn frame(routes: Router, config: &Arc<Config>, requests: Requests) -> Router {
    let frame = Frame { resolver: Resolver::new(config), requests };
    routes.layer(from_fn_with_state(Arc::new(frame), surround))
}

/// One layer, because each one costs every request allocations of its own.
async fn surround(State(frame): State<Arc<Frame>>, mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let meter = frame.requests.meter(request.method(), request.uri().path());
    let (header, id) = request_id::of(&request);
    let client = frame.resolver.client(&request, id);
    request.extensions_mut().insert(client.clone());
    let mut response = trace::trace(request, &client, started, next).await;
    security_headers::add(response.headers_mut(), client.scheme);
    response.headers_mut().insert(request_id::HEADER, header);
    meter.count(response.status(), started.elapsed());
    response
}
