//! Read-only mode, as the pages switch it and meet it.

use serde_json::json;

use super::session::session_of;
use crate::harbor::client::{Answer, Scene};

async fn send(scene: &Scene, cookie: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
    let call = scene.call(format!("POST /ui-fn/{path}")).form(fields).header("cookie", cookie);
    call.header("origin", "http://berth.test").await
}

async fn state(scene: &Scene) -> serde_json::Value {
    let info = scene.get("/systeminfo", "admin").await.json();
    json!([info["read_only"], info["self_registration"]])
}

#[tokio::test]
async fn an_administrator_switches_it_without_touching_another_setting() {
    let scene = Scene::new().await;
    let admin = session_of(&scene, "admin").await;
    for (field, is_on, expected) in [
        ("self_registration", "true", json!([false, true])),
        ("read_only", "true", json!([true, true])),
        ("self_registration", "false", json!([true, false])),
        ("read_only", "false", json!([false, false])),
    ] {
        let answer = send(&scene, &admin, "setting/update", &[(field, is_on)]).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        assert_eq!(state(&scene).await, expected);
    }
    let zoe = session_of(&scene, "zoe").await;
    let answer = send(&scene, &zoe, "setting/update", &[("read_only", "true")]).await;
    assert_eq!(answer.status, 403, "{}", answer.text);
}

#[tokio::test]
async fn the_pages_take_no_change_meanwhile() {
    let scene = Scene::new().await;
    let admin = session_of(&scene, "admin").await;
    send(&scene, &admin, "setting/update", &[("read_only", "true")]).await;
    let new = [("name", "new"), ("is_public", "false")];
    let answer = send(&scene, &admin, "project/create", &new).await;
    assert_eq!(answer.status, 403, "{}", answer.text);
    assert!(answer.text.contains("read_only"), "{}", answer.text);
    send(&scene, &admin, "setting/update", &[("read_only", "false")]).await;
    assert!(send(&scene, &admin, "project/create", &new).await.status.is_success());
}
