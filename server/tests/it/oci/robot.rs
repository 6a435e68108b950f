//! Robots and access tokens at the doors of the registry: a token ends with what it was made of.

use serde_json::{Value, json};

use super::registry::CONTENT;
use crate::harbor::client::Scene;

fn robot(actions: &[&str]) -> Value {
    let access: Vec<Value> =
        actions.iter().map(|action| json!({ "resource": "repository", "action": action })).collect();
    json!({
        "name": "ci", "level": "project", "duration": -1,
        "permissions": [{ "kind": "project", "namespace": "deep", "access": access }],
    })
}

/// Makes a robot of `deep`; its id, name and secret.
async fn make(scene: &Scene, actions: &[&str]) -> (i64, String, String) {
    let made = scene.post("/robots", "boss", robot(actions)).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let made = made.json();
    let text = |key: &str| made[key].as_str().expect("a text").to_owned();
    (made["id"].as_i64().expect("an id"), text("name"), text("secret"))
}

/// A token of the registry, as a client gets it.
async fn token(scene: &Scene, name: &str, secret: &str, scope: &str) -> String {
    let line = format!("GET /service/token?service=harbor-registry&scope={scope}");
    let answer = scene.call(line).basic(name, secret).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()["token"].as_str().expect("a token").to_owned()
}

#[tokio::test]
async fn a_robot_pulls_with_basic_and_with_a_token() {
    let scene = Scene::new().await;
    scene.push_image("deep/web", "v1", CONTENT).await;
    let (_, name, secret) = make(&scene, &["pull"]).await;
    let token = token(&scene, &name, &secret, "repository:deep/web:pull,push").await;
    let get = "GET /v2/deep/web/manifests/v1";
    assert_eq!(scene.call(get).basic(&name, &secret).await.status, 200);
    assert_eq!(scene.call(get).bearer(&token).await.status, 200);
    assert_eq!(scene.call("GET /v2/").bearer(&token).await.status, 200);
    let push = scene.call("POST /v2/deep/web/blobs/uploads/").basic(&name, &secret).await;
    let text = push.fails(403, "DENIED");
    assert_eq!(text, "you may not push in project deep: the robot was not given this permission");
    scene.call(get).basic(&name, "Wrong-12345").await.fails(401, "UNAUTHORIZED");
}

#[tokio::test]
async fn a_push_by_a_robot_is_the_robots_in_the_audit_log() {
    let scene = Scene::new().await;
    let (_, name, secret) = make(&scene, &["push", "pull"]).await;
    let manifest = crate::harbor::client::index(1);
    let put = scene.call("PUT /v2/deep/web/manifests/v1").basic(&name, &secret);
    let put = put.header("content-type", "application/vnd.oci.image.index.v1+json").body(manifest).await;
    assert_eq!(put.status, 201, "{}", put.text);
    let logs = scene.get("/projects/deep/logs?page_size=1", "boss").await.json();
    assert_eq!(logs[0]["username"], "robot$deep+ci");
}

/// The token of a robot before and after something happened to the robot.
async fn ended_by(end: impl AsyncFn(&Scene, i64)) {
    let scene = Scene::new().await;
    scene.push_image("deep/web", "v1", CONTENT).await;
    let (id, name, secret) = make(&scene, &["pull"]).await;
    let token = token(&scene, &name, &secret, "repository:deep/web:pull").await;
    let get = "GET /v2/deep/web/manifests/v1";
    assert_eq!(scene.call(get).bearer(&token).await.status, 200);
    end(&scene, id).await;
    let answer = scene.call(get).bearer(&token).await;
    answer.fails(401, "UNAUTHORIZED");
    assert!(answer.header("www-authenticate").ends_with(",error=\"invalid_token\""));
    scene.call(get).basic(&name, &secret).await.fails(401, "UNAUTHORIZED");
    let asked = scene.call("GET /service/token?service=harbor-registry").basic(&name, &secret).await;
    asked.fails(401, "UNAUTHORIZED");
}

#[tokio::test]
async fn the_token_of_a_disabled_robot_is_refused_on_the_next_request() {
    ended_by(async |scene, id| {
        let mut robot = scene.get(&format!("/robots/{id}"), "boss").await.json();
        robot["disable"] = json!(true);
        scene.put(&format!("/robots/{id}"), "boss", robot).await.is_done(200);
    })
    .await;
}

#[tokio::test]
async fn the_token_of_a_deleted_robot_is_refused_on_the_next_request() {
    ended_by(async |scene, id| scene.delete(&format!("/robots/{id}"), "boss").await.is_done(200)).await;
}

#[tokio::test]
async fn the_token_of_an_old_secret_is_refused_on_the_next_request() {
    ended_by(async |scene, id| {
        assert_eq!(scene.patch(&format!("/robots/{id}"), "boss", json!({})).await.status, 200);
    })
    .await;
}

#[tokio::test]
async fn a_permission_that_was_taken_away_is_gone_from_tokens_too() {
    let scene = Scene::new().await;
    scene.push_image("deep/web", "v1", CONTENT).await;
    let (id, name, secret) = make(&scene, &["pull"]).await;
    let token = token(&scene, &name, &secret, "repository:deep/web:pull").await;
    let mut robot = scene.get(&format!("/robots/{id}"), "boss").await.json();
    robot["permissions"][0]["access"] = json!([{ "resource": "repository", "action": "list" }]);
    scene.put(&format!("/robots/{id}"), "boss", robot).await.is_done(200);
    scene.call("GET /v2/deep/web/manifests/v1").bearer(&token).await.fails(403, "DENIED");
}

#[tokio::test]
async fn a_refresh_token_of_a_robot_stands_for_its_secret() {
    let scene = Scene::new().await;
    let (_, name, secret) = make(&scene, &["pull"]).await;
    let ask = async |fields: &[(&str, &str)]| {
        let mut all = vec![("service", "harbor-registry"), ("scope", "repository:deep/web:pull")];
        all.extend_from_slice(fields);
        scene.call("POST /service/token").form(&all).await
    };
    let first =
        [("grant_type", "password"), ("username", &name), ("password", &secret), ("access_type", "offline")];
    let first = ask(&first).await.json();
    let refresh = first["refresh_token"].as_str().expect("a refresh token").to_owned();
    let second = ask(&[("grant_type", "refresh_token"), ("refresh_token", &refresh)]).await;
    assert_eq!(second.status, 200, "{}", second.text);
}

#[tokio::test]
async fn an_access_token_pulls_and_pushes_as_its_scope_says() {
    let scene = Scene::new().await;
    scene.push_image("deep/web", "v1", CONTENT).await;
    let dev = scene.world.cx("dev").await.expect("signs in");
    let tokens = &scene.world.services.access_tokens;
    let make = async |name: &str, is_read_only| {
        let new = service::access_token::NewToken { name: name.to_owned(), is_read_only, days: None };
        tokens.create(&dev, new).await.expect("made").into_exposed()
    };
    let (all, look) = (make("all", false).await, make("look", true).await);
    let start = "POST /v2/deep/web/blobs/uploads/";
    assert_eq!(scene.call(start).basic("dev", &all).await.status, 202);
    let refused = scene.call(start).basic("dev", &look).await;
    let text = refused.fails(403, "DENIED");
    assert_eq!(text, "you may not push in project deep: this access token is for reading alone");
    let get = "GET /v2/deep/web/manifests/v1";
    assert_eq!(scene.call(get).basic("dev", &look).await.status, 200);
    scene.call(get).basic("guest", &look).await.fails(401, "UNAUTHORIZED");

    let bearer = token(&scene, "dev", &all, "repository:deep/web:pull").await;
    assert_eq!(scene.call(get).bearer(&bearer).await.status, 200);
    for token in tokens.list(&dev).await.expect("a list") {
        tokens.delete(&dev, token.id).await.expect("revoked");
    }
    scene.call(get).bearer(&bearer).await.fails(401, "UNAUTHORIZED");
    scene.call(get).basic("dev", &all).await.fails(401, "UNAUTHORIZED");
}
