//! How a refusal is told on `/api`. Source: `harbor.md` §4.1; Harbor `src/lib/errors`, `src/lib/http`.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, Method, StatusCode, header};
use service::Error;
use types::harbor::Errors;

use crate::middleware::Cause;

/// Why the door refuses.
#[derive(Debug)]
pub(super) enum Refusal {
    /// The rules refuse, or something failed.
    Service(Error),
    /// The request itself can't be used; the code is the status as text, as in Harbor.
    Request(StatusCode, String),
    /// The address does not have the method; these it has, where nobody else says so.
    Method(Method, &'static str),
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Service(error)
    }
}

impl Refusal {
    /// A parameter or body that is missing or of the wrong type.
    pub(super) fn unprocessable(message: impl Into<String>) -> Self {
        Self::Request(StatusCode::UNPROCESSABLE_ENTITY, message.into())
    }

    /// A parameter that has no meaning.
    pub(super) fn bad(message: impl Into<String>) -> Self {
        Self::Request(StatusCode::BAD_REQUEST, message.into())
    }

    /// A body of a type that the door does not read.
    pub(super) fn media_type(stated: &str) -> Self {
        let message = format!("unsupported media type \"{stated}\", only [application/json] are allowed");
        Self::Request(StatusCode::UNSUPPORTED_MEDIA_TYPE, message)
    }

    /// An address where nothing is.
    pub(super) fn unknown(path: &str) -> Self {
        Self::Request(StatusCode::NOT_FOUND, format!("path {path} was not found"))
    }

    /// Credentials of a kind that the door does not take.
    pub(super) fn credentials() -> Self {
        let message = "these credentials can't be used here: send a name and a password (Basic)";
        Self::Request(StatusCode::UNAUTHORIZED, message.to_owned())
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        match self {
            Self::Service(error) => respond(error),
            Self::Request(status, message) => envelope(status, &text_of(status), &message),
            Self::Method(method, allowed) => not_allowed(&method, allowed),
        }
    }
}

fn not_allowed(method: &Method, allowed: &'static str) -> Response {
    let status = StatusCode::METHOD_NOT_ALLOWED;
    let mut response = envelope(status, &text_of(status), &format!("method {method} is not allowed here"));
    if !allowed.is_empty() {
        response.headers_mut().insert(header::ALLOW, HeaderValue::from_static(allowed));
    }
    response
}

/// The status as Harbor writes it for a code: `UNPROCESSABLE_ENTITY`.
fn text_of(status: StatusCode) -> String {
    status.canonical_reason().unwrap_or("UNKNOWN").to_uppercase().replace(' ', "_")
}

/// Tells an error of the rules. A 401 carries no challenge, as in Harbor: the API has no token service of its own.
fn respond(error: Error) -> Response {
    let (status, code) = status_of(&error);
    let is_ours = status.is_server_error();
    let message = if is_ours { "internal server error".to_owned() } else { error.to_string() };
    let mut response = envelope(status, code, &message);
    let wait = match &error {
        Error::RateLimited { retry_after_secs } => Some(*retry_after_secs),
        Error::Unavailable(_) => Some(1),
        _ => None,
    };
    if let Some(secs) = wait {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(secs));
    }
    if is_ours {
        response.extensions_mut().insert(Cause::new(error));
    }
    response
}

fn status_of(error: &Error) -> (StatusCode, &'static str) {
    match error {
        Error::NotFound(..) | Error::Hidden(_) => (StatusCode::NOT_FOUND, "NOT_FOUND"),
        Error::InvalidName(_)
        | Error::Malformed(_)
        | Error::Invalid { .. }
        | Error::MissingReference(_)
        | Error::BadRange { .. }
        | Error::BodyBroken => (StatusCode::BAD_REQUEST, "BAD_REQUEST"),
        Error::InvalidManifest(_) => (StatusCode::BAD_REQUEST, "MANIFEST_INVALID"),
        Error::DigestMismatch { .. } | Error::InvalidDigest(_) => (StatusCode::BAD_REQUEST, "DIGEST_INVALID"),
        Error::TooLarge { .. } => (StatusCode::PAYLOAD_TOO_LARGE, "REQUEST_ENTITY_TOO_LARGE"),
        Error::Unauthenticated { .. } => (StatusCode::UNAUTHORIZED, "UNAUTHORIZED"),
        Error::Forbidden(_) => (StatusCode::FORBIDDEN, "FORBIDDEN"),
        Error::Denied(_) | Error::ReadOnly => (StatusCode::FORBIDDEN, "DENIED"),
        Error::AlreadyExists(_) | Error::Conflict(_) => (StatusCode::CONFLICT, "CONFLICT"),
        Error::Precondition(_) => (StatusCode::PRECONDITION_FAILED, "PRECONDITION"),
        Error::Unsupported(_) => (StatusCode::BAD_REQUEST, "UNSUPPORTED"),
        Error::RateLimited { .. } => (StatusCode::TOO_MANY_REQUESTS, "TOO_MANY_REQUEST"),
        Error::NoSpace(_) => (StatusCode::INSUFFICIENT_STORAGE, "UNKNOWN"),
        Error::Unavailable(_) => (StatusCode::SERVICE_UNAVAILABLE, "UNKNOWN"),
        Error::Internal(_) => (StatusCode::INTERNAL_SERVER_ERROR, "UNKNOWN"),
    }
}

/// The envelope, with a newline at its end as Harbor writes it.
fn envelope(status: StatusCode, code: &str, message: &str) -> Response {
    let mut body = serde_json::to_string(&Errors::one(code, message)).unwrap_or_default();
    body.push('\n');
    (status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
}
