//! Live events: what an open page hears, and when it stops hearing.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::body::Body;
use http::HeaderMap;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use server::{
    config::Config,
    listener::{Listener, Stop},
    metrics::Requests,
    router::router,
    state::AppState,
};
use tokio::io::AsyncReadExt;
use tower::ServiceExt;

use super::session::session_of;
use crate::harbor::client::{Scene, index, request};
use crate::util::raw::{connect, header, read_response, read_to_end, send, status, within};
use crate::util::served::{SHORT, limited};

/// An open stream, read bit by bit.
struct Page {
    headers: HeaderMap,
    body: Body,
    text: String,
}

impl Page {
    /// Opens the events of a project, or of all, with a cookie or without.
    async fn open(scene: &Scene, query: &str, cookie: &str) -> Self {
        let request = request(http::Method::GET, &format!("/ui-fn/events{query}"), "");
        let request = request.header("host", "berth.test").header("cookie", cookie);
        let answer = scene.app.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        let (parts, body) = answer.into_parts();
        let mut page = Self { headers: parts.headers, body, text: String::new() };
        assert_eq!(parts.status, 200);
        page.read().await;
        assert_eq!(page.text, "retry: 3000\n: open\n\n");
        page.text.clear();
        page
    }

    /// Reads a piece; false at the end.
    async fn read(&mut self) -> bool {
        let Some(frame) = within(self.body.frame()).await else { return false };
        self.text.push_str(std::str::from_utf8(&frame.unwrap().into_data().unwrap()).unwrap());
        true
    }

    /// The next change.
    async fn change(&mut self) -> Value {
        while !self.text.contains("event: change") || !self.text.ends_with("\n\n") {
            assert!(self.read().await, "the stream ended after {:?}", self.text);
        }
        let text = std::mem::take(&mut self.text);
        let data = text.strip_prefix("event: change\ndata: ").unwrap_or_else(|| panic!("{text:?}"));
        serde_json::from_str(data).unwrap()
    }

    /// Reads to the end and returns what came.
    async fn ended(mut self) -> String {
        while self.read().await {}
        self.text
    }
}

fn pushed(repository: &str, digest: &str, tag: &str) -> Value {
    let project = repository.split('/').next().unwrap();
    json!({
        "kind": "PUSH_ARTIFACT", "project": project, "repository": repository, "digest": digest, "tag": tag,
    })
}

#[tokio::test]
async fn an_open_page_hears_of_a_push_by_the_registry() {
    let scene = Scene::new().await;
    let session = session_of(&scene, "guest").await;
    let mut page = Page::open(&scene, "?project=deep", &session).await;
    scene.push("library/other", "v1", index(1)).await;
    let digest = scene.push("deep/web", "v1", index(1)).await;
    assert_eq!(page.change().await, pushed("deep/web", &digest, "v1"));
    assert_eq!(page.headers["content-type"], "text/event-stream");
    assert_eq!(page.headers["cache-control"], "no-store");
    assert_eq!(page.headers["x-accel-buffering"], "no");
}

#[tokio::test]
async fn a_page_of_everything_hears_what_its_reader_may_see() {
    let scene = Scene::new().await;
    let guest = session_of(&scene, "guest").await;
    let stranger = session_of(&scene, "zoe").await;
    let mut of_guest = Page::open(&scene, "", &guest).await;
    let mut of_stranger = Page::open(&scene, "", &stranger).await;
    let mut of_visitor = Page::open(&scene, "?project=", "").await;
    let deep = scene.push("deep/web", "v1", index(1)).await;
    let open = scene.push("library/web", "v2", index(2)).await;
    assert_eq!(of_guest.change().await, pushed("deep/web", &deep, "v1"));
    for page in [&mut of_guest, &mut of_stranger, &mut of_visitor] {
        assert_eq!(page.change().await, pushed("library/web", &open, "v2"));
    }
}

#[tokio::test]
async fn strangers_are_refused_in_one_line() {
    let scene = Scene::new().await;
    let stranger = session_of(&scene, "zoe").await;
    let admin = session_of(&scene, "admin").await;
    for (project, cookie, status, text) in [
        ("deep", "", 401, "sign in first\n"),
        ("none", "", 401, "sign in first\n"),
        ("deep", stranger.as_str(), 403, "you may not see this project\n"),
        ("none", stranger.as_str(), 403, "you may not see this project\n"),
        ("none", admin.as_str(), 404, "there is no such project\n"),
    ] {
        let call = scene.call(format!("GET /ui-fn/events?project={project}")).header("cookie", cookie);
        let answer = call.header("accept", "text/html").await;
        answer.is(status, text);
        assert!(answer.header("content-type").starts_with("text/plain"));
    }
}

#[tokio::test]
async fn credentials_of_the_registry_open_no_stream() {
    let scene = Scene::new().await;
    scene.call("GET /ui-fn/events?project=deep").by("admin").await.is(401, "sign in first\n");
}

#[tokio::test]
async fn events_are_read_and_nothing_else() {
    let scene = Scene::new().await;
    for method in ["POST", "PUT", "DELETE"] {
        assert_eq!(scene.call(format!("{method} /ui-fn/events")).await.status, 405, "{method}");
    }
}

#[tokio::test]
async fn a_member_who_is_removed_hears_nothing_more() {
    let scene = Scene::new().await;
    let session = session_of(&scene, "guest").await;
    let page = Page::open(&scene, "?project=deep", &session).await;
    let mut of_all = Page::open(&scene, "", &session).await;
    let members = scene.get("/projects/deep/members?entityname=guest", "admin").await.json();
    let path = format!("/projects/deep/members/{}", members[0]["id"]);
    scene.delete(&path, "admin").await.is_done(200);
    scene.push("deep/web", "v1", index(1)).await;
    let open = scene.push("library/web", "v1", index(2)).await;
    assert_eq!(page.ended().await, "");
    assert_eq!(of_all.change().await, pushed("library/web", &open, "v1"));
    let again = scene.call("GET /ui-fn/events?project=deep").header("cookie", &session).await;
    again.is(403, "you may not see this project\n");
}

#[tokio::test]
async fn a_stream_ends_with_the_account_of_its_reader() {
    let scene = Scene::new().await;
    let session = session_of(&scene, "guest").await;
    let page = Page::open(&scene, "", &session).await;
    scene.delete_user("guest").await;
    scene.push("library/web", "v1", index(1)).await;
    assert_eq!(page.ended().await, "");
}

#[tokio::test]
async fn a_stream_does_not_keep_its_session_alive() {
    let scene = Scene::new().await;
    let session = session_of(&scene, "guest").await;
    let page = Page::open(&scene, "", &session).await;
    assert!(page.headers.get("set-cookie").is_none());
    let used = scene.call("GET /ui-fn/none").header("cookie", &session).await;
    assert!(used.headers.get("set-cookie").is_some());
}

#[tokio::test]
async fn one_person_has_so_many_pages_open() {
    let scene = Scene::new().await;
    let session = session_of(&scene, "guest").await;
    let mut pages = Vec::new();
    for _ in 0..32 {
        pages.push(Page::open(&scene, "", &session).await);
    }
    let refused = scene.call("GET /ui-fn/events").header("cookie", &session).await;
    refused.is(429, "too many live pages are open: close some\n");
    let other = session_of(&scene, "dev").await;
    Page::open(&scene, "", &other).await;
    pages.pop();
    Page::open(&scene, "", &session).await;
}

/// The whole server on a socket.
fn serve(scene: &Scene, config: Config) -> (SocketAddr, Stop, tokio::task::JoinHandle<()>) {
    let (listener, stop) = (Listener::bind(&config).unwrap(), Stop::new());
    let address = listener.address();
    let services = scene.world.services.clone();
    let state = AppState { services, config: Arc::new(config), stop: stop.clone() };
    (address, stop.clone(), tokio::spawn(listener.serve(router(state, Requests::default()), stop)))
}

#[tokio::test]
async fn a_stream_outlives_the_time_of_a_request_and_does_not_hold_up_a_stop() {
    let scene = Scene::new().await;
    let session = session_of(&scene, "guest").await;
    let config = limited(|limits| limits.request_timeout = SHORT);
    let (address, stop, server) = serve(&scene, config);
    let mut stream = connect(address).await;
    let get = "GET /ui-fn/events?project=deep HTTP/1.1\r\nhost: berth.test\r\n";
    send(&mut stream, &format!("{get}cookie: {session}\r\n\r\n")).await;
    let mut text = String::new();
    read_until(&mut stream, &mut text, ": open").await;
    assert_eq!(
        (status(&text), header(&text, "content-type")),
        ("HTTP/1.1 200 OK", Some("text/event-stream"))
    );

    let mut slow = connect(address).await;
    let post = "POST /service/token HTTP/1.1\r\nhost: berth.test\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: 9\r\n\r\n";
    send(&mut slow, post).await;
    assert_eq!(status(&read_response(&mut slow).await), "HTTP/1.1 408 Request Timeout");

    let digest = scene.push("deep/web", "v1", index(1)).await;
    read_until(&mut stream, &mut text, &format!("data: {}", pushed_line(&digest))).await;
    stop.request();
    assert!(read_to_end(&mut stream).await.ends_with("0\r\n\r\n"), "the stream is ended, not cut");
    within(server).await.unwrap();
}

/// The change as it is written.
fn pushed_line(digest: &str) -> String {
    format!(
        r#"{{"kind":"PUSH_ARTIFACT","project":"deep","repository":"deep/web","digest":"{digest}","tag":"v1"}}"#
    )
}

async fn read_until(stream: &mut tokio::net::TcpStream, text: &mut String, wanted: &str) {
    while !text.contains(wanted) {
        let mut bytes = [0; 1024];
        let read = within(stream.read(&mut bytes)).await.unwrap();
        assert!(read > 0, "the connection was closed after {text:?}");
        text.push_str(std::str::from_utf8(&bytes[..read]).unwrap());
    }
}
