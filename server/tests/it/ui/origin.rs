//! Server functions answer pages of this very origin alone.

use server::config::Config;

use crate::harbor::client::{Answer, Scene};
use crate::oci::registry::Call;

fn call(scene: &Scene) -> Call<'_> {
    scene.call("POST /ui-fn/home/get").form(&[])
}

#[track_caller]
fn is_refused(answer: &Answer) {
    answer.is(403, "this request does not come from a page of this registry\n");
    assert!(answer.headers.get("set-cookie").is_none());
}

#[tokio::test]
async fn a_page_of_another_origin_is_refused() {
    let scene = Scene::new().await;
    for origin in [
        "http://evil.test",
        "https://evil.test",
        "http://berth.test.evil.test",
        "http://evil.test/berth.test",
        "http://berth.test:8080",
        "null",
        "",
        "berth",
    ] {
        is_refused(&call(&scene).header("origin", origin).await);
    }
    is_refused(&call(&scene).header("origin", b"http://berth.test\xff").await);
}

#[tokio::test]
async fn what_the_browser_says_of_the_site_decides() {
    let scene = Scene::new().await;
    for site in ["cross-site", "same-site", "", "x"] {
        is_refused(&call(&scene).header("sec-fetch-site", site).await);
        let both = call(&scene).header("sec-fetch-site", site).header("origin", "http://berth.test");
        is_refused(&both.await);
    }
}

#[tokio::test]
async fn a_page_of_this_origin_is_answered() {
    let scene = Scene::new().await;
    for (name, value) in [
        ("origin", "http://berth.test"),
        ("sec-fetch-site", "same-origin"),
        ("sec-fetch-site", "none"),
        ("accept", "application/json"),
    ] {
        let answer = call(&scene).header(name, value).await;
        assert_eq!(answer.status, 200, "{name}: {value}: {}", answer.text);
        assert_eq!(answer.json()["user"], serde_json::Value::Null);
    }
}

#[tokio::test]
async fn a_page_of_the_external_address_is_answered() {
    let url = "https://hub.example.org".parse().unwrap();
    let scene = Scene::with(Config { external_url: Some(url), ..Config::default() }).await;
    assert_eq!(call(&scene).header("origin", "https://hub.example.org").await.status, 200);
    is_refused(&call(&scene).header("origin", "https://evil.test").await);
}

#[tokio::test]
async fn a_foreign_page_does_not_sign_in() {
    let scene = Scene::new().await;
    let fields = [("username", "zoe"), ("password", service::testing::World::PASSWORD), ("next", "/")];
    for (name, value) in [("origin", "http://evil.test"), ("sec-fetch-site", "cross-site")] {
        let sent = scene.call("POST /ui-fn/session/create").form(&fields).header(name, value);
        is_refused(&sent.await);
    }
}
