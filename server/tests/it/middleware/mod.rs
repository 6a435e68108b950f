//! The frame around all doors.

use axum::Router;
use axum::routing::get;
use server::config::Config;
use server::middleware::ClientInfo;

use crate::util::raw::{self, body, exchange, header, status};
use crate::util::served::{Served, config};

fn who() -> Router {
    let show = async |client: ClientInfo| format!("{} {}", client.ip, client.base_url());
    Router::new().route("/", get(show))
}

fn panicking() -> Router {
    let handler = get(async || -> &'static str { panic!("with a secret") });
    Router::new()
        .route("/v2/panic", handler.clone())
        .route("/api/v2.0/panic", handler.clone())
        .route("/panic", handler)
}

#[tokio::test]
async fn the_id_of_a_request_is_echoed_and_made_where_missing_or_odd() {
    let server = Served::start(who(), config());
    let id = async |lines: &[&str]| {
        let answer = exchange(server.address, &raw::get("/", lines)).await;
        header(&answer, "x-request-id").unwrap().to_owned()
    };
    assert_eq!(id(&["x-request-id: trace-7"]).await, "trace-7");
    assert_eq!(id(&[]).await.len(), 36);
    assert_eq!(id(&["x-request-id: \"odd\""]).await.len(), 36);
}

#[tokio::test]
async fn an_unknown_path_has_an_id_too() {
    let server = Served::start(who(), config());
    let answer = exchange(server.address, &raw::get("/none", &[])).await;
    assert_eq!(status(&answer), "HTTP/1.1 404 Not Found");
    assert!(header(&answer, "x-request-id").is_some());
}

#[tokio::test]
async fn a_panic_is_a_500_with_the_id_in_the_envelope_of_the_door() {
    let server = Served::start(panicking(), config());
    let text = "internal server error, request id r1";
    let json = format!(r#"{{"errors":[{{"code":"UNKNOWN","message":"{text}"}}]}}"#);
    for (path, expected) in
        [("/v2/panic", json.clone()), ("/api/v2.0/panic", json), ("/panic", format!("{text}\n"))]
    {
        let answer = exchange(server.address, &raw::get(path, &["x-request-id: r1"])).await;
        assert_eq!(status(&answer), "HTTP/1.1 500 Internal Server Error");
        assert_eq!(header(&answer, "x-request-id"), Some("r1"));
        assert_eq!(body(&answer), expected);
    }
}

#[tokio::test]
async fn every_response_tells_browsers_to_be_careful() {
    let server = Served::start(panicking(), config());
    for path in ["/panic", "/none"] {
        let answer = exchange(server.address, &raw::get(path, &[])).await;
        assert_eq!(header(&answer, "x-content-type-options"), Some("nosniff"));
        assert_eq!(header(&answer, "x-frame-options"), Some("DENY"));
        assert_eq!(header(&answer, "referrer-policy"), Some("same-origin"));
        assert_eq!(header(&answer, "cross-origin-resource-policy"), Some("same-origin"));
        assert!(header(&answer, "permissions-policy").is_some());
        for absent in ["strict-transport-security", "cross-origin-opener-policy", "server"] {
            assert_eq!(header(&answer, absent), None, "{absent} on plain HTTP");
        }
    }
}

const FORWARDED: [&str; 3] =
    ["x-forwarded-for: 192.0.2.7", "x-forwarded-proto: https", "x-forwarded-host: r.example"];

#[tokio::test]
async fn forwarded_headers_are_ignored_from_anyone() {
    let server = Served::start(who(), config());
    let answer = exchange(server.address, &raw::get("/", &FORWARDED)).await;
    assert_eq!(body(&answer), "127.0.0.1 http://berth.test");
}

#[tokio::test]
async fn forwarded_headers_are_believed_from_a_trusted_proxy() {
    let trusting = Config { trusted_proxies: vec!["127.0.0.0/8".parse().unwrap()], ..config() };
    let server = Served::start(who(), trusting);
    let answer = exchange(server.address, &raw::get("/", &FORWARDED)).await;
    assert_eq!(body(&answer), "192.0.2.7 https://r.example");
    assert!(header(&answer, "strict-transport-security").is_some());
}

#[tokio::test]
async fn the_external_url_is_what_answers_point_to() {
    let external = Config { external_url: "https://registry.example".parse().ok(), ..config() };
    let server = Served::start(who(), external);
    let answer = exchange(server.address, &raw::get("/", &[])).await;
    assert_eq!(body(&answer), "127.0.0.1 https://registry.example");
}
