//! Answers for failures that no door had a chance to answer, in the shape of the door concerned.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde_json::json;

/// The group of routes a path belongs to, which decides how errors look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    /// `/v2/`, and the token service whose clients expect the same.
    Registry,
    /// `/api/`.
    Harbor,
    /// Everything else.
    Site,
}

impl Door {
    /// The door of a request path.
    pub fn of(path: &str) -> Self {
        let is_under = |prefix: &str| {
            path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        if is_under("/v2") || is_under("/service") {
            Self::Registry
        } else if is_under("/api") {
            Self::Harbor
        } else {
            Self::Site
        }
    }
}

/// An error answer in the envelope of a door.
///
/// `message` goes to the client: it must not hold anything from inside.
/// Source: OCI distribution-spec, "Error codes"; Harbor `src/lib/errors` for `/api`.
pub fn failure(door: Door, status: StatusCode, message: &str) -> Response {
    match door {
        Door::Registry => {
            let error = json!({ "code": registry_code(status), "message": message });
            (status, Json(json!({ "errors": [error] }))).into_response()
        }
        Door::Harbor => {
            let error = json!({ "code": harbor_code(status), "message": message });
            (status, Json(json!({ "errors": [error] }))).into_response()
        }
        Door::Site => (status, format!("{message}\n")).into_response(),
    }
}

fn registry_code(status: StatusCode) -> &'static str {
    match status {
        StatusCode::PAYLOAD_TOO_LARGE => "SIZE_INVALID",
        StatusCode::SERVICE_UNAVAILABLE => "UNAVAILABLE",
        StatusCode::INTERNAL_SERVER_ERROR => "UNKNOWN",
        _ => "UNSUPPORTED",
    }
}

fn harbor_code(status: StatusCode) -> &'static str {
    match status {
        StatusCode::PAYLOAD_TOO_LARGE => "REQUEST_ENTITY_TOO_LARGE",
        StatusCode::REQUEST_TIMEOUT => "REQUEST_TIMEOUT",
        _ => "UNKNOWN",
    }
}

#[cfg(test)]
mod tests {
    use super::Door;

    #[test]
    fn a_path_belongs_to_the_door_of_its_first_segment() {
        for (path, door) in [
            ("/v2", Door::Registry),
            ("/v2/library/x", Door::Registry),
            ("/service/token", Door::Registry),
            ("/api/v2.0/ping", Door::Harbor),
            ("/apix", Door::Site),
            ("/v2x", Door::Site),
            ("/", Door::Site),
        ] {
            assert_eq!(Door::of(path), door, "{path}");
        }
    }
}
