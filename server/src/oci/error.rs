//! How a refusal is told on `/v2/`. Source: OCI distribution-spec, "Error codes"; `docs/differences.md` for 401, 403
//! and 404.

use std::fmt::Write as _;

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use http::{HeaderName, HeaderValue, Method, StatusCode, header};
use service::{Denial, Error, Kind};
use types::{
    oci::{
        error_code::{ErrorCode, OciErrors},
        route::RouteError,
    },
    scope::Scope,
};

use super::value;
use crate::middleware::{Cause, ClientInfo};

/// Why the door refuses.
pub(crate) enum Refusal {
    /// The rules refuse, or something failed.
    Service(Error),
    /// The path names nothing there is.
    Route(RouteError),
    /// The path is no path of this door.
    UnknownPath,
    /// The address does not have the method; these it has.
    Method(&'static [Method]),
    /// The size of a page is no number.
    PageSize,
    /// Another part of the request can't be used.
    Request(StatusCode, ErrorCode, String),
    /// No part of the blob is in the range; its size in bytes.
    Unsatisfiable(u64),
}

/// A refusal with the scopes that a token for the request must carry.
pub(super) struct Refused {
    pub(super) refusal: Refusal,
    pub(super) scopes: Vec<Scope>,
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Service(error)
    }
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self { refusal, scopes: Vec::new() }
    }
}

impl Refused {
    pub(super) fn into_response(self, client: &ClientInfo) -> Response {
        match self.refusal {
            Refusal::Service(error) => respond(error, &self.scopes, client),
            Refusal::Route(error) => of_route(&error),
            Refusal::UnknownPath => unknown(),
            Refusal::Method(methods) => not_allowed(methods),
            Refusal::PageSize => {
                envelope(StatusCode::BAD_REQUEST, ErrorCode::Unsupported, "n must be a number of 0 or more")
            }
            Refusal::Request(status, code, message) => envelope(status, code, &message),
            Refusal::Unsatisfiable(size) => unsatisfiable(size),
        }
    }
}

/// Tells an error of the rules; `scopes` is what a token must carry where the error does not say.
pub(crate) fn respond(error: Error, scopes: &[Scope], client: &ClientInfo) -> Response {
    let (status, code) = status_of(&error);
    let mut response = envelope(status, code, &error.to_string());
    let mut header = |name: HeaderName, text: String| {
        response.headers_mut().insert(name, value(text));
    };
    match &error {
        Error::Unauthenticated { denial, scopes: named } => {
            let scopes = if named.is_empty() { scopes } else { named };
            header(header::WWW_AUTHENTICATE, challenge(*denial, scopes, client));
        }
        Error::BadRange { offset } => header(header::RANGE, format!("0-{}", offset.max(&1) - 1)),
        Error::RateLimited { retry_after_secs } => header(header::RETRY_AFTER, retry_after_secs.to_string()),
        Error::Unavailable(_) => header(header::RETRY_AFTER, "1".to_owned()),
        _ => {}
    }
    if status.is_server_error() {
        response.extensions_mut().insert(Cause::new(error));
    }
    response
}

fn status_of(error: &Error) -> (StatusCode, ErrorCode) {
    use ErrorCode as Code;
    match error {
        Error::NotFound(kind, _) => (StatusCode::NOT_FOUND, code_of(*kind)),
        Error::Hidden(_) => (StatusCode::NOT_FOUND, Code::NameUnknown),
        Error::InvalidName(_) => (StatusCode::BAD_REQUEST, Code::NameInvalid),
        Error::Invalid { .. } | Error::BodyBroken => (StatusCode::BAD_REQUEST, Code::BlobUploadInvalid),
        Error::InvalidManifest(_) => (StatusCode::BAD_REQUEST, Code::ManifestInvalid),
        Error::DigestMismatch { .. } | Error::InvalidDigest(_) => {
            (StatusCode::BAD_REQUEST, Code::DigestInvalid)
        }
        Error::MissingReference(_) => (StatusCode::BAD_REQUEST, Code::ManifestBlobUnknown),
        Error::BadRange { .. } => (StatusCode::RANGE_NOT_SATISFIABLE, Code::RangeInvalid),
        Error::TooLarge { .. } => (StatusCode::PAYLOAD_TOO_LARGE, Code::SizeInvalid),
        Error::Unauthenticated { .. } => (StatusCode::UNAUTHORIZED, Code::Unauthorized),
        Error::Forbidden(_) | Error::Denied(_) | Error::ReadOnly => (StatusCode::FORBIDDEN, Code::Denied),
        Error::Malformed(_) => (StatusCode::BAD_REQUEST, Code::Unsupported),
        Error::AlreadyExists(_) | Error::Conflict(_) => (StatusCode::CONFLICT, Code::Denied),
        Error::Precondition(_) => (StatusCode::PRECONDITION_FAILED, Code::Precondition),
        Error::Unsupported(_) => (StatusCode::METHOD_NOT_ALLOWED, Code::Unsupported),
        Error::RateLimited { .. } => (StatusCode::TOO_MANY_REQUESTS, Code::TooManyRequests),
        Error::NoSpace(_) => (StatusCode::INSUFFICIENT_STORAGE, Code::Unavailable),
        Error::Unavailable(_) => (StatusCode::SERVICE_UNAVAILABLE, Code::Unavailable),
        Error::Internal(_) => (StatusCode::INTERNAL_SERVER_ERROR, Code::Unknown),
    }
}

fn code_of(kind: Kind) -> ErrorCode {
    match kind {
        Kind::Blob => ErrorCode::BlobUnknown,
        Kind::Manifest | Kind::Tag => ErrorCode::ManifestUnknown,
        Kind::Upload => ErrorCode::BlobUploadUnknown,
        Kind::AccessToken
        | Kind::Project
        | Kind::Repository
        | Kind::Member
        | Kind::User
        | Kind::Job
        | Kind::Robot
        | Kind::Session => ErrorCode::NameUnknown,
    }
}

/// The one challenge. Source: the token specification of the distribution project, RFC 6750 §3.
fn challenge(denial: Denial, scopes: &[Scope], client: &ClientInfo) -> String {
    let mut text = format!(
        "Bearer realm=\"{}/service/token\",service=\"{}\"",
        client.base_url(),
        service::token::SERVICE
    );
    if !scopes.is_empty() {
        let scopes: Vec<String> = scopes.iter().map(ToString::to_string).collect();
        let _ = write!(text, ",scope=\"{}\"", scopes.join(" "));
    }
    match denial {
        Denial::NoCredentials | Denial::BadCredentials | Denial::Inactive => {}
        Denial::InvalidToken => text.push_str(",error=\"invalid_token\""),
        Denial::InsufficientScope => text.push_str(",error=\"insufficient_scope\""),
    }
    text
}

fn of_route(error: &RouteError) -> Response {
    let code = match error {
        RouteError::Unknown => return unknown(),
        RouteError::Name(_) => ErrorCode::NameInvalid,
        RouteError::Digest(_) => ErrorCode::DigestInvalid,
        // A reference that is neither a tag nor a digest names nothing. Source: `harbor.md` §5.
        RouteError::Reference(_) => {
            return envelope(StatusCode::NOT_FOUND, ErrorCode::ManifestUnknown, &error.to_string());
        }
    };
    envelope(StatusCode::BAD_REQUEST, code, &error.to_string())
}

fn unknown() -> Response {
    envelope(StatusCode::NOT_FOUND, ErrorCode::Unsupported, "there is nothing at this address")
}

fn not_allowed(methods: &[Method]) -> Response {
    let methods: Vec<&str> = methods.iter().map(Method::as_str).collect();
    let text = "the method is not allowed here";
    let mut response = envelope(StatusCode::METHOD_NOT_ALLOWED, ErrorCode::Unsupported, text);
    response.headers_mut().insert(header::ALLOW, value(methods.join(", ")));
    response
}

fn unsatisfiable(size: u64) -> Response {
    let text = "no byte of the blob is in the range";
    let mut response = envelope(StatusCode::RANGE_NOT_SATISFIABLE, ErrorCode::RangeInvalid, text);
    response.headers_mut().insert(header::CONTENT_RANGE, value(format!("bytes */{size}")));
    response.headers_mut().insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    response
}

fn envelope(status: StatusCode, code: ErrorCode, message: &str) -> Response {
    (status, Json(OciErrors::one(code, message, None))).into_response()
}
