//! Headers that tell browsers to be careful, on every response.
//!
//! A header that a door already set stays as it is; the content security policy is the pages' own.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http::header::{
    HeaderName, HeaderValue, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
    X_FRAME_OPTIONS,
};

use super::client::{ClientInfo, Scheme};

const ALWAYS: [(HeaderName, HeaderValue); 5] = [
    (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (REFERRER_POLICY, HeaderValue::from_static("same-origin")),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ),
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
];

/// Browsers complain about the second one on plain HTTP and ignore the first there.
const ENCRYPTED: [(HeaderName, HeaderValue); 2] = [
    (STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000")),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
];

pub(super) async fn add(request: Request, next: Next) -> Response {
    let client = request.extensions().get::<ClientInfo>();
    let is_encrypted = client.is_some_and(|client| client.scheme == Scheme::Https);
    let mut response = next.run(request).await;
    let encrypted = if is_encrypted { &ENCRYPTED[..] } else { &[] };
    for (name, value) in ALWAYS.iter().chain(encrypted) {
        response.headers_mut().entry(name).or_insert_with(|| value.clone());
    }
    response
}
