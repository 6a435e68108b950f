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
use axum::middleware::{from_fn, from_fn_with_state};

pub use client::{ClientInfo, Peer, Scheme};
pub use failure::{Door, failure};
pub use trace::Cause;

use crate::config::Config;

/// Puts the frame around the routes of all doors, fallbacks included.
pub fn frame(routes: Router, config: &Arc<Config>) -> Router {
    let resolver = Arc::new(client::Resolver::new(config));
    routes
        .layer(from_fn(panic::catch))
        .layer(from_fn(trace::trace))
        .layer(from_fn(security_headers::add))
        .layer(from_fn_with_state(resolver, client::resolve))
        .layer(from_fn(request_id::assign))
}
