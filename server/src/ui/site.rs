//! The files of the site: inside the binary in a release build, read from `target/site` in a development build, so that
//! a change of style shows without a build.

use std::borrow::Cow;

use app::Assets;
use axum::{
    body::Body,
    extract::Path,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use rust_embed::RustEmbed;

/// What `cargo run -p xtask -- site` wrote.
#[derive(RustEmbed)]
#[folder = "../target/site"]
#[allow_missing = true]
struct Site;

/// The hashed names of this build's files; nothing where the site was not built.
pub(super) fn assets() -> Option<Assets> {
    let manifest = Site::get("manifest.json")?;
    Assets::from_manifest(&manifest.data)
        .inspect_err(|error| {
            tracing::error!(error = error as &dyn std::error::Error, "The site's manifest is damaged");
        })
        .ok()
}

/// One file, in the smallest encoding that the browser takes. Names carry a hash of the content, so a copy is good
/// for ever.
pub(super) async fn asset(Path(name): Path<String>, headers: HeaderMap) -> Response {
    let Some((data, encoding)) = find(&name, &headers).filter(|_| !is_encoded(&name)) else {
        return (StatusCode::NOT_FOUND, "there is no such file\n").into_response();
    };
    let mut response = Response::new(match data {
        Cow::Borrowed(bytes) => Body::from(Bytes::from_static(bytes)),
        Cow::Owned(bytes) => Body::from(bytes),
    });
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type(&name)));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    if let Some(encoding) = encoding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

fn find(name: &str, headers: &HeaderMap) -> Option<(Cow<'static, [u8]>, Option<&'static str>)> {
    for (encoding, suffix) in [("br", "br"), ("gzip", "gz")] {
        if accepts(headers, encoding)
            && let Some(file) = Site::get(&format!("{name}.{suffix}"))
        {
            return Some((file.data, Some(encoding)));
        }
    }
    Site::get(name).map(|file| (file.data, None))
}

/// Whether `Accept-Encoding` lists the encoding and does not weigh it 0 (RFC 9110 §12.5.3).
fn accepts(headers: &HeaderMap, encoding: &str) -> bool {
    let listed = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    listed.flat_map(|line| line.split(',')).any(|one| {
        let (name, weight) = one.split_once(';').unwrap_or((one, ""));
        let weight = weight.trim().strip_prefix("q=").and_then(|weight| weight.parse::<f32>().ok());
        name.trim().eq_ignore_ascii_case(encoding) && weight.is_none_or(|weight| weight > 0.0)
    })
}

fn is_encoded(name: &str) -> bool {
    matches!(name.rsplit('.').next(), Some("br" | "gz" | "json"))
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("wasm") => "application/wasm",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_encoding_is_used_only_where_it_is_listed_and_not_weighed_zero() {
        let case = |line: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(line));
            accepts(&headers, "br")
        };
        assert!(case("gzip, br"));
        assert!(case("BR;q=0.5"));
        assert!(!case("br;q=0, gzip"));
        assert!(!case("gzip, brotli"));
        assert!(!accepts(&HeaderMap::new(), "br"));
    }
}
