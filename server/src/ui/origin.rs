//! Refuses server functions called from a page of another origin: forms without scripting can't send a header of their
//! own, but every browser says where a form comes from.

use axum::{
    extract::Request,
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, Method, StatusCode, Uri, header};

use crate::middleware::ClientInfo;

const SITE: &str = "sec-fetch-site";

pub(super) async fn require_same(client: ClientInfo, request: Request, next: Next) -> Response {
    let is_safe = matches!(*request.method(), Method::GET | Method::HEAD);
    if is_safe || is_same(request.headers(), &client) {
        return next.run(request).await;
    }
    (StatusCode::FORBIDDEN, "this request does not come from a page of this registry\n").into_response()
}

/// `Sec-Fetch-Site` decides where a browser sends it (secure contexts), else `Origin`, which every browser sends with
/// a POST. A program that sends neither brings no cookies of somebody else.
fn is_same(headers: &HeaderMap, client: &ClientInfo) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    if let Some(site) = text(SITE) {
        return matches!(site, "same-origin" | "none");
    }
    let Some(origin) = text(header::ORIGIN.as_str()) else { return true };
    let Some(origin) = authority(origin) else { return false };
    origin == *client.host || authority(&client.base_url()).is_some_and(|own| own == origin)
}

fn authority(url: &str) -> Option<String> {
    url.parse::<Uri>().ok()?.authority().map(ToString::to_string)
}
