//! The table of contents: every door, with its routes, inside the frame.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::StatusCode;

use crate::metrics::Requests;
use crate::middleware::limits::{BoundsByRoute, bound};
use crate::middleware::{Cause, frame};
use crate::state::AppState;
use crate::{harbor, oci, token, ui};

/// All routes of the server; `requests` counts what they answer.
pub fn router(state: AppState, requests: Requests) -> Router {
    let bounds = BoundsByRoute::new(&state.config);
    let config = Arc::clone(&state.config);
    let routes = Router::new()
        .route("/healthz", get(healthz))
        .route("/readyz", get(readyz))
        .merge(oci::routes())
        .merge(token::routes())
        .merge(harbor::routes())
        .merge(ui::routes(&state));
    frame(bound(routes, bounds).with_state(state), &config, requests)
}

/// The process lives; nothing else is looked at.
async fn healthz() -> &'static str {
    "ok\n"
}

/// The server wants requests and can serve them: database and blob store answer.
async fn readyz(State(AppState { services, stop, .. }): State<AppState>) -> Response {
    if stop.is_requested() {
        return not_ready("stopping\n");
    }
    if let Err(error) = services.check_database().await {
        return not_ready_because("the database does not answer\n", error);
    }
    if let Err(error) = services.check_storage().await {
        return not_ready_because("the blob store can't be written\n", error);
    }
    "ready\n".into_response()
}

fn not_ready(message: &'static str) -> Response {
    (StatusCode::SERVICE_UNAVAILABLE, message).into_response()
}

fn not_ready_because(message: &'static str, error: service::Error) -> Response {
    let mut response = not_ready(message);
    response.extensions_mut().insert(Cause::new(error));
    response
}
