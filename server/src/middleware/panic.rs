//! Turns a panic of a handler into an answer, so that one bug costs one request.

use std::panic::AssertUnwindSafe;

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use futures::FutureExt;
use http::StatusCode;

use super::failure::{Door, failure};
use super::trace::Logged;

/// The panic itself is logged by the hook that `log::init` installs.
pub(super) async fn catch(request: Request, request_id: &str, next: Next) -> Response {
    let door = Door::of(request.uri().path());
    AssertUnwindSafe(next.run(request)).catch_unwind().await.unwrap_or_else(|_| {
        let message = format!("internal server error, request id {request_id}");
        let mut response = failure(door, StatusCode::INTERNAL_SERVER_ERROR, &message);
        response.extensions_mut().insert(Logged);
        response
    })
}
