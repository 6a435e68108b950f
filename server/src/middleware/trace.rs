//! One log line per request, and the one place where a failure of ours is logged.
//!
//! Reads and a client's mistakes are `debug`, other requests `info`, failures `error` (`warn` where we
//! are only busy). A line holds the path and never the query, headers or body, where secrets travel.

use std::error::Error;
use std::sync::Arc;
use std::time::Instant;

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http::{Method, StatusCode};
use tracing::{Instrument, debug, error, info, info_span, warn};

use super::{client::ClientInfo, panic};

/// Why a response has a status of 500 or more: a door puts it into the response's extensions.
///
/// It goes to the log, with all its sources, and never to the client.
#[derive(Clone, Debug)]
pub struct Cause(Arc<dyn Error + Send + Sync>);

impl Cause {
    /// Takes the error, whose `source()` chain is logged too.
    pub fn new(error: impl Error + Send + Sync + 'static) -> Self {
        Self(Arc::new(error))
    }

    fn chain(&self) -> String {
        let mut text = self.0.to_string();
        let mut source = self.0.source();
        while let Some(error) = source {
            text = format!("{text}: {error}");
            source = error.source();
        }
        text
    }
}

/// Marks a response whose failure is in the log already.
#[derive(Clone, Copy, Debug)]
pub(super) struct Logged;

pub(super) async fn trace(request: Request, client: &ClientInfo, started: Instant, next: Next) -> Response {
    let (method, uri) = (request.method().clone(), request.uri().clone());
    let span = info_span!("request", request.id = %client.request_id, client.ip = %client.ip);
    let response = panic::catch(request, &client.request_id, next).instrument(span.clone()).await;
    span.in_scope(|| log(&method, uri.path(), &response, started));
    response
}

fn log(method: &Method, path: &str, response: &Response, started: Instant) {
    let duration_ms = started.elapsed().as_secs_f64() * 1000.0;
    let status = response.status();
    let code = status.as_u16();
    let cause = response.extensions().get::<Cause>().map(Cause::chain);
    let is_logged = response.extensions().get::<Logged>().is_some();
    if status == StatusCode::SERVICE_UNAVAILABLE
        && let Some(cause) = cause
    {
        warn!(status = code, duration_ms, error = cause, "Refused {method} {path} with {code}: {cause}");
    } else if status.is_server_error() && status != StatusCode::SERVICE_UNAVAILABLE && !is_logged {
        let cause = cause.unwrap_or_else(|| "no cause given".to_owned());
        error!(status = code, duration_ms, error = cause, "Failed {method} {path} with {code}: {cause}");
    } else if method.is_safe() || !is_success(status) {
        debug!(status = code, duration_ms, "Answered {method} {path} with {code}");
    } else {
        info!(status = code, duration_ms, "Answered {method} {path} with {code}");
    }
}

fn is_success(status: StatusCode) -> bool {
    status.is_success() || status.is_redirection()
}

#[cfg(test)]
mod tests {
    use super::Cause;

    #[derive(Debug, thiserror::Error)]
    #[error("outer")]
    struct Outer(#[source] std::io::Error);

    #[test]
    fn a_cause_names_its_sources() {
        let cause = Cause::new(Outer(std::io::Error::other("inner")));
        assert_eq!(cause.chain(), "outer: inner");
    }
}
