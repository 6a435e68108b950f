//! Metrics for Prometheus, on a listener of their own: they are for whoever runs the server, not for its users.
//!
//! Requests are counted here, where HTTP is; what `service` did is asked for at each scrape. No label holds what a
//! client sent. `docs/metrics.md` lists all of it.

mod figures;
mod requests;

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::StatusCode;
use http::header::CONTENT_TYPE;
use prometheus_client::encoding::prometheus_text;
use prometheus_client::registry::Registry;
use service::Services;
use tracing::{info, warn};

pub use requests::Requests;

use crate::config::Config;
use crate::listener::Listener;
use crate::middleware::Cause;

/// Binds the socket of the metrics. A port that is taken is no reason not to serve images: it is logged, and there
/// are no metrics.
pub fn bind(config: &Config) -> Option<Listener> {
    let address = config.metrics.listen?;
    match Listener::bind_plain(address, config.limits.clone()) {
        Ok(listener) => {
            let address = listener.address();
            info!(%address, "Metrics are at http://{address}/metrics");
            Some(listener)
        }
        Err(error) => {
            warn!(
                error = &error as &dyn std::error::Error,
                "No metrics: {error}. Set metrics.listen to a free address, or to off"
            );
            None
        }
    }
}

/// The one route of the listener.
pub fn routes(services: Services, requests: Requests) -> Router {
    Router::new().route("/metrics", get(scrape)).with_state((services, requests))
}

async fn scrape(State((services, requests)): State<(Services, Requests)>) -> Response {
    let mut registry = Registry::default();
    registry.register_collector(Box::new(figures::Shown(services.figures().await)));
    let mut text = String::new();
    let written = requests.write(&mut text).and_then(|()| prometheus_text::encode(&mut text, &registry));
    match written {
        Ok(()) => ([(CONTENT_TYPE, prometheus_text::CONTENT_TYPE)], text).into_response(),
        Err(error) => {
            let mut response = StatusCode::INTERNAL_SERVER_ERROR.into_response();
            response.extensions_mut().insert(Cause::new(error));
            response
        }
    }
}
