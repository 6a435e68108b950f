//! Clients that keep the server waiting, and those that only look so.

use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::StatusCode;
use axum::routing::{get, put};
use futures::StreamExt;
use tokio::io::AsyncWriteExt;
use tokio::sync::oneshot;
use tokio::time::{interval, sleep};

use crate::util::raw::{
    self, body, connect, exchange, header, read_response, read_to_end, send, status, within,
};
use crate::util::served::{SHORT, Served, limited};

fn hello() -> Router {
    Router::new().route("/", get(async || "hello"))
}

/// Counts a body as a stream, as a blob upload does, and answers by itself when it breaks off.
async fn count(body: Body) -> (StatusCode, String) {
    let mut stream = body.into_data_stream();
    let mut size = 0;
    while let Some(chunk) = stream.next().await {
        match chunk {
            Ok(bytes) => size += bytes.len(),
            Err(_) => return (StatusCode::BAD_REQUEST, "broken".to_owned()),
        }
    }
    (StatusCode::CREATED, size.to_string())
}

fn counting() -> Router {
    Router::new()
        .route("/v2/library/x/blobs/uploads/1", put(count))
        .route("/v2/library/x/manifests/1", put(count))
        .route("/api/v2.0/projects", put(count))
}

#[tokio::test]
async fn a_client_that_says_nothing_is_cut() {
    let server = Served::start(hello(), limited(|limits| limits.header_read_timeout = SHORT));
    let mut stream = connect(server.address).await;
    assert_eq!(read_to_end(&mut stream).await, "");
}

#[tokio::test]
async fn a_client_that_dribbles_its_header_is_cut() {
    let server = Served::start(hello(), limited(|limits| limits.header_read_timeout = SHORT));
    let (mut reading, mut writing) = connect(server.address).await.into_split();
    send(&mut writing, "GET / HTTP/1.1\r\n").await;
    let dribble = async {
        let mut ticks = interval(SHORT / 10);
        loop {
            ticks.tick().await;
            if writing.write_all(b"a: b\r\n").await.is_err() {
                std::future::pending::<()>().await;
            }
        }
    };
    let answer = tokio::select! {
        answer = read_to_end(&mut reading) => answer,
        () = dribble => unreachable!(),
    };
    assert_eq!(answer, "");
}

#[tokio::test]
async fn a_connection_without_requests_is_closed_after_the_keep_alive_time() {
    let server = Served::start(hello(), limited(|limits| limits.keep_alive = SHORT));
    let mut stream = connect(server.address).await;
    send(&mut stream, "GET / HTTP/1.1\r\nhost: a\r\n\r\n").await;
    assert!(read_response(&mut stream).await.ends_with("hello"));
    assert_eq!(read_to_end(&mut stream).await, "");
}

#[tokio::test]
async fn the_header_time_does_not_run_between_requests() {
    let server = Served::start(hello(), limited(|limits| limits.header_read_timeout = SHORT));
    let mut stream = connect(server.address).await;
    let request = "GET / HTTP/1.1\r\nhost: a\r\n\r\n";
    send(&mut stream, request).await;
    read_response(&mut stream).await;
    let silent_connection = &mut connect(server.address).await;
    // The server cuts this one when its header time is over; the other outlives it.
    read_to_end(silent_connection).await;
    send(&mut stream, request).await;
    assert!(read_response(&mut stream).await.ends_with("hello"));
}

#[tokio::test]
async fn a_slow_handler_and_a_slow_response_are_not_cut() {
    let routes = Router::new().route(
        "/",
        get(async || {
            sleep(SHORT * 2).await;
            let late = futures::stream::once(async {
                sleep(SHORT * 2).await;
                Ok::<_, std::io::Error>("late")
            });
            Body::from_stream(late)
        }),
    );
    let config = limited(|limits| {
        limits.header_read_timeout = SHORT;
        limits.keep_alive = SHORT;
    });
    let server = Served::start(routes, config);
    let answer = exchange(server.address, &raw::get("/", &[])).await;
    assert!(body(&answer).contains("late"), "{answer}");
}

#[tokio::test]
async fn a_body_that_stops_coming_is_answered_with_408_and_the_connection_closed() {
    let server = Served::start(counting(), limited(|limits| limits.body_idle_timeout = SHORT));
    let request = "PUT /v2/library/x/blobs/uploads/1 HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\nhalf";
    let answer = exchange(server.address, request).await;
    assert_eq!(status(&answer), "HTTP/1.1 408 Request Timeout");
    assert_eq!(header(&answer, "connection"), Some("close"));
    assert_eq!(
        body(&answer),
        r#"{"errors":[{"code":"UNSUPPORTED","message":"the request body stopped coming"}]}"#
    );
}

#[tokio::test]
async fn a_blob_may_take_longer_than_any_other_request() {
    let config = limited(|limits| {
        limits.request_timeout = SHORT;
        limits.body_limit_bytes = 2;
    });
    let server = Served::start(counting(), config);
    let slow = |path: &'static str| async move {
        let (mut reading, mut writing) = connect(server.address).await.into_split();
        send(
            &mut writing,
            &format!("PUT {path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-length: 4\r\n\r\n"),
        )
        .await;
        let mut ticks = interval(SHORT);
        for byte in ["a", "b", "c", "d"] {
            ticks.tick().await;
            let _ = writing.write_all(byte.as_bytes()).await;
        }
        read_to_end(&mut reading).await
    };
    let (blob, manifest) =
        tokio::join!(slow("/v2/library/x/blobs/uploads/1"), slow("/v2/library/x/manifests/1"));
    assert_eq!(status(&blob), "HTTP/1.1 201 Created");
    assert_eq!(status(&manifest), "HTTP/1.1 408 Request Timeout");
}

#[tokio::test]
async fn a_body_over_its_cap_is_refused_with_413_in_the_envelope_of_the_door() {
    let server = Served::start(counting(), limited(|limits| limits.body_limit_bytes = 4));
    let declared = "PUT /api/v2.0/projects HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\n\r\n";
    let chunked = "PUT /api/v2.0/projects HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n\
                   3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";
    for request in [declared, chunked] {
        let answer = exchange(server.address, request).await;
        assert_eq!(status(&answer), "HTTP/1.1 413 Payload Too Large");
        assert_eq!(
            body(&answer),
            r#"{"errors":[{"code":"REQUEST_ENTITY_TOO_LARGE","message":"the request body is larger than 4 bytes"}]}"#
        );
    }
}

#[tokio::test]
async fn a_refusal_reaches_a_client_that_is_still_sending() {
    let server = Served::start(counting(), limited(|limits| limits.body_limit_bytes = 4));
    let length = 300_000;
    let rest = "x".repeat(length);
    let request =
        format!("PUT /api/v2.0/projects HTTP/1.1\r\nhost: a\r\ncontent-length: {length}\r\n\r\n{rest}");
    let answer = exchange(server.address, &request).await;
    assert_eq!(status(&answer), "HTTP/1.1 413 Payload Too Large");
}

#[tokio::test]
async fn a_client_that_takes_nothing_of_its_response_is_cut() {
    struct Dropped(Option<oneshot::Sender<()>>);
    impl Drop for Dropped {
        fn drop(&mut self) {
            let _ = self.0.take().map(|sender| sender.send(()));
        }
    }
    let (sender, dropped) = oneshot::channel();
    let guard = std::sync::Mutex::new(Some(Dropped(Some(sender))));
    let endless = move || {
        let guard = guard.lock().unwrap().take();
        let chunk = Bytes::from(vec![0; 1 << 20]);
        async move {
            let stream = futures::stream::repeat_with(move || {
                let _ = &guard;
                Ok::<_, std::io::Error>(chunk.clone())
            });
            Body::from_stream(stream)
        }
    };
    let endless = std::sync::Arc::new(endless);
    let routes = Router::new().route("/", get(move || endless()));
    let server = Served::start(routes, limited(|limits| limits.write_stall_timeout = SHORT));
    let mut stream = connect(server.address).await;
    send(&mut stream, "GET / HTTP/1.1\r\nhost: a\r\n\r\n").await;
    within(dropped).await.unwrap();
}

#[tokio::test]
async fn connections_over_the_limit_wait_until_one_is_free() {
    let config = limited(|limits| {
        limits.max_connections = 1;
        limits.header_read_timeout = Duration::from_secs(10);
    });
    let server = Served::start(hello(), config);
    let first = connect(server.address).await;
    let mut second = connect(server.address).await;
    send(&mut second, &raw::get("/", &[])).await;
    drop(first);
    assert!(read_to_end(&mut second).await.ends_with("hello"));
}
