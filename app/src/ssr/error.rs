//! How a service error becomes the portal's: this door's one mapping.

use super::{answer_with, op_ctx};
use crate::error::AppError;
use http::StatusCode;
use service::{Caller, Denial, Error, Kind, OpCtx};
use types::ui_error::UiError;

impl From<Error> for AppError {
    fn from(error: Error) -> Self {
        let cx = op_ctx();
        let (status, answer) = answer(&error, cx.as_ref());
        answer_with(status);
        if status.is_server_error() {
            log(&error, cx.as_ref());
        }
        Self::Answered(answer)
    }
}

fn answer(error: &Error, cx: Option<&OpCtx>) -> (StatusCode, UiError) {
    match error {
        Error::NotFound(kind, name) => not_found(kind_code(*kind), name),
        // the same answer whether it is missing or hidden; a visitor can still sign in
        Error::Hidden(name) => match cx.map(|cx| &cx.caller) {
            Some(Caller::User(_) | Caller::AccessToken(_) | Caller::Robot(_)) => {
                not_found("repository", name)
            }
            Some(Caller::Anonymous) | None => (StatusCode::UNAUTHORIZED, UiError::SignIn),
        },
        Error::InvalidName(reason) => invalid("name", reason),
        Error::Malformed(reason) => invalid("request", reason),
        Error::Invalid { field, reason } => invalid(field, reason),
        Error::InvalidManifest(reason) => invalid("manifest", reason),
        Error::InvalidDigest(reason) => invalid("digest", reason),
        Error::DigestMismatch { actual, .. } => invalid("digest", actual.as_ref()),
        Error::MissingReference(digest) => invalid("reference", digest.as_ref()),
        Error::BadRange { offset } => invalid("range", &offset.to_string()),
        Error::BodyBroken => invalid("body", "broken"),
        Error::TooLarge { .. } => (StatusCode::PAYLOAD_TOO_LARGE, UiError::TooLarge),
        Error::Unauthenticated { denial, .. } => (StatusCode::UNAUTHORIZED, denied(*denial)),
        Error::Forbidden(_) | Error::Denied(_) => (StatusCode::FORBIDDEN, UiError::Forbidden),
        Error::ReadOnly => (StatusCode::FORBIDDEN, UiError::ReadOnly),
        Error::AlreadyExists(_) | Error::Conflict(_) => (StatusCode::CONFLICT, UiError::Conflict),
        Error::Precondition(_) => (StatusCode::PRECONDITION_FAILED, UiError::Precondition),
        Error::Unsupported(_) => (StatusCode::METHOD_NOT_ALLOWED, UiError::Unsupported),
        Error::RateLimited { retry_after_secs } => {
            (StatusCode::TOO_MANY_REQUESTS, UiError::RateLimited { retry_after_secs: *retry_after_secs })
        }
        Error::NoSpace(_) | Error::Unavailable(_) => (StatusCode::SERVICE_UNAVAILABLE, UiError::Unavailable),
        Error::Internal(_) => (StatusCode::INTERNAL_SERVER_ERROR, internal(cx)),
    }
}

fn not_found(kind: &str, name: &str) -> (StatusCode, UiError) {
    (StatusCode::NOT_FOUND, UiError::NotFound { kind: kind.to_owned(), name: name.to_owned() })
}

fn invalid(field: &str, reason: &str) -> (StatusCode, UiError) {
    (StatusCode::BAD_REQUEST, UiError::Invalid { field: field.to_owned(), reason: reason.to_owned() })
}

fn denied(denial: Denial) -> UiError {
    match denial {
        Denial::BadCredentials | Denial::Inactive => UiError::WrongCredentials,
        Denial::NoCredentials | Denial::InvalidToken | Denial::InsufficientScope => UiError::SignIn,
    }
}

fn internal(cx: Option<&OpCtx>) -> UiError {
    UiError::Internal { request_id: cx.map(|cx| cx.request_id.clone()).unwrap_or_default() }
}

const fn kind_code(kind: Kind) -> &'static str {
    match kind {
        Kind::AccessToken => "access_token",
        Kind::Blob => "blob",
        Kind::Job => "job",
        Kind::Manifest => "manifest",
        Kind::Member => "member",
        Kind::Project => "project",
        Kind::Repository => "repository",
        Kind::Robot => "robot",
        Kind::Session => "session",
        Kind::Tag => "tag",
        Kind::Upload => "upload",
        Kind::User => "user",
    }
}

/// Writes an error with all its causes to the log, once.
fn log(error: &Error, cx: Option<&OpCtx>) {
    let mut chain = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        chain.push_str(": ");
        chain.push_str(&cause.to_string());
        source = cause.source();
    }
    let request_id = cx.map(|cx| cx.request_id.as_str()).unwrap_or_default();
    tracing::error!(request.id = request_id, error = chain, "The portal could not answer: {chain}");
}
