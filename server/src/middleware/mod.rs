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

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;

use client::Resolver;
pub use client::{ClientInfo, Peer, Scheme};
pub use failure::{Door, failure};
pub use trace::Cause;

use crate::config::Config;

/// Puts the frame around the routes of all doors, fallbacks included.
pub fn frame(routes: Router, config: &Arc<Config>) -> Router {
    routes.layer(from_fn_with_state(Arc::new(Resolver::new(config)), surround))
}

/// One layer, because each one costs every request allocations of its own.
async fn surround(State(resolver): State<Arc<Resolver>>, mut request: Request, next: Next) -> Response {
    let (header, id) = request_id::of(&request);
    let client = resolver.client(&request, id);
    request.extensions_mut().insert(client.clone());
    let mut response = trace::trace(request, &client, next).await;
    security_headers::add(response.headers_mut(), client.scheme);
    response.headers_mut().insert(request_id::HEADER, header);
    response
}
