//! Headers that tell browsers to be careful, on every response.
//!
//! A header that a door already set stays as it is; the content security policy is the pages' own.

use http::HeaderMap;
use http::header::{
    HeaderName, HeaderValue, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
    X_FRAME_OPTIONS,
};

use super::client::Scheme;

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

pub(super) fn add(headers: &mut HeaderMap, scheme: Scheme) {
    let encrypted = if scheme == Scheme::Https { &ENCRYPTED[..] } else { &[] };
    for (name, value) in ALWAYS.iter().chain(encrypted) {
        headers.entry(name).or_insert_with(|| value.clone());
    }
}
