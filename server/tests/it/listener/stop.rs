//! Graceful stop.

use std::sync::Arc;

use axum::Router;
use axum::routing::get;
use tokio::net::TcpStream;
use tokio::sync::Notify;

use crate::util::raw::{connect, read_response, read_to_end, send, within};
use crate::util::served::{SHORT, Served, config, limited};

const REQUEST: &str = "GET / HTTP/1.1\r\nhost: a\r\n\r\n";

/// A route that tells when a request is under way and answers when it is let go.
fn held() -> (Router, Arc<Notify>, Arc<Notify>) {
    let (began, go) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let shared = (Arc::clone(&began), Arc::clone(&go));
    let handler = move || {
        let (began, go) = shared.clone();
        async move {
            began.notify_one();
            go.notified().await;
            "done"
        }
    };
    (Router::new().route("/", get(handler)), began, go)
}

#[tokio::test]
async fn a_request_in_flight_is_finished_while_nothing_new_is_taken() {
    let (routes, began, go) = held();
    let mut server = Served::start(routes, config());
    let mut busy = connect(server.address).await;
    send(&mut busy, REQUEST).await;
    within(began.notified()).await;
    let mut idle = connect(server.address).await;
    server.stop.request();
    assert_eq!(read_to_end(&mut idle).await, "");
    assert!(within(TcpStream::connect(server.address)).await.is_err());
    go.notify_one();
    assert!(read_to_end(&mut busy).await.ends_with("done"));
    server.ended().await;
}

#[tokio::test]
async fn a_request_that_takes_too_long_is_given_up() {
    let (routes, began, _go) = held();
    let mut server = Served::start(routes, limited(|limits| limits.drain = SHORT));
    let mut busy = connect(server.address).await;
    send(&mut busy, REQUEST).await;
    within(began.notified()).await;
    server.stop.request();
    server.ended().await;
    assert_eq!(read_to_end(&mut busy).await, "");
}

#[tokio::test]
async fn a_connection_between_requests_does_not_hold_up_the_stop() {
    let routes = Router::new().route("/", get(async || "hello"));
    let mut server = Served::start(routes, config());
    let mut stream = connect(server.address).await;
    send(&mut stream, REQUEST).await;
    read_response(&mut stream).await;
    server.stop.request();
    assert_eq!(read_to_end(&mut stream).await, "");
    drop(stream);
    server.ended().await;
}
