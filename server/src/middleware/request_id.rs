//! Gives every request an id and every response the same one.

use std::sync::Arc;

use axum::extract::Request;
use http::{HeaderName, HeaderValue};
use uuid::Uuid;

/// The header that carries the id, in both directions.
pub(super) const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// Longest id taken from a client, in bytes.
const MAX_LEN: usize = 64;

/// The id of a request, as the header of its response and as text.
pub(super) fn of(request: &Request) -> (HeaderValue, Arc<str>) {
    let given = request.headers().get(HEADER).filter(|value| is_sane(value.as_bytes())).cloned();
    given.map_or_else(make, known)
}

fn known(value: HeaderValue) -> (HeaderValue, Arc<str>) {
    let id = value.to_str().unwrap_or_default().into();
    (value, id)
}

fn make() -> (HeaderValue, Arc<str>) {
    let mut buffer = Uuid::encode_buffer();
    let id = &*Uuid::new_v4().hyphenated().encode_lower(&mut buffer);
    (HeaderValue::from_str(id).unwrap_or_else(|_| HeaderValue::from_static("")), id.into())
}

/// Only what can neither break a log line nor a header is taken over.
fn is_sane(id: &[u8]) -> bool {
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.:/+=".contains(byte);
    !id.is_empty() && id.len() <= MAX_LEN && id.iter().all(is_plain)
}

#[cfg(test)]
mod tests {
    use super::is_sane;

    #[test]
    fn an_id_is_taken_over_only_when_it_is_short_and_plain() {
        assert!(is_sane(b"7c1a-55:x"));
        assert!(!is_sane(b""));
        assert!(!is_sane(b"a b"));
        assert!(!is_sane(b"a\"b"));
        assert!(!is_sane(&[b'a'; 65]));
    }
}
