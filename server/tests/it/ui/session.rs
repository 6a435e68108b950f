//! The session of a browser: its cookie, and how long it lasts.

use serde_json::{Value, json};
use service::testing::World;

use crate::harbor::client::{Answer, Scene};
use crate::oci::registry::Call;

fn sign_in<'s>(scene: &'s Scene, user: &str, password: &str) -> Call<'s> {
    let fields = [("username", user), ("password", password), ("next", "/projects")];
    scene.call("POST /ui-fn/session/create").form(&fields).header("origin", "http://berth.test")
}

/// The session cookie that an answer sets: name and value, then the attributes in order.
#[track_caller]
fn cookie(answer: &Answer) -> (String, Vec<String>) {
    let all: Vec<_> = answer.headers.get_all("set-cookie").iter().collect();
    assert_eq!(all.len(), 1, "{} {}", answer.status, answer.text);
    let mut pieces = all[0].to_str().unwrap().split("; ").map(str::to_owned);
    let pair = pieces.next().unwrap();
    let mut attributes: Vec<String> = pieces.collect();
    attributes.sort();
    (pair, attributes)
}

pub(super) async fn session_of(scene: &Scene, user: &str) -> String {
    let answer = sign_in(scene, user, World::PASSWORD).await;
    assert_eq!(answer.json(), json!("SignedIn"));
    cookie(&answer).0
}

/// Calls a server function from a page with this cookie.
async fn call(scene: &Scene, path: &str, cookie: &str) -> Answer {
    let call = scene.call(format!("POST {path}")).form(&[]).header("cookie", cookie);
    call.header("origin", "http://berth.test").await
}

/// The name of whom a page with this cookie is for.
async fn user(scene: &Scene, cookie: &str) -> Value {
    let answer = call(scene, "/ui-fn/user/current", cookie).await;
    if answer.status == 401 {
        return Value::Null;
    }
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()["username"].clone()
}

#[tokio::test]
async fn a_session_knows_its_user() {
    let scene = Scene::new().await;
    let cookie = session_of(&scene, "zoe").await;
    assert_eq!(user(&scene, &cookie).await, "zoe");
    assert_eq!(user(&scene, "sid=").await, Value::Null);
    assert_eq!(user(&scene, "sid=AAAAAAAAAAAAAAAAAAAAAA").await, Value::Null);
    assert_eq!(user(&scene, "sid=\"%00\"; sid=x").await, Value::Null);
}

#[tokio::test]
async fn the_cookie_in_clear_is_plain_but_closed_to_scripts_and_other_sites() {
    let scene = Scene::new().await;
    let (pair, attributes) = cookie(&sign_in(&scene, "zoe", World::PASSWORD).await);
    assert!(pair.starts_with("sid=") && pair.len() > "sid=".len() + 20, "{pair}");
    assert_eq!(attributes, ["HttpOnly", "Max-Age=3600", "Path=/", "SameSite=Lax"]);
}

#[tokio::test]
async fn the_cookie_over_tls_is_secure_and_bound_to_the_host() {
    let scene = Scene::new().await;
    let answer = sign_in(&scene, "zoe", World::PASSWORD).encrypted().await;
    let (pair, attributes) = cookie(&answer);
    assert!(pair.starts_with("__Host-sid="), "{pair}");
    assert_eq!(attributes, ["HttpOnly", "Max-Age=3600", "Path=/", "SameSite=Lax", "Secure"]);
}

#[tokio::test]
async fn the_cookie_of_one_scheme_is_not_taken_over_the_other() {
    let scene = Scene::new().await;
    let secure = cookie(&sign_in(&scene, "zoe", World::PASSWORD).encrypted().await).0;
    assert_eq!(user(&scene, &secure).await, Value::Null);
    assert_eq!(user(&scene, &secure.replace("__Host-sid", "sid")).await, "zoe");
}

#[tokio::test]
async fn wrong_credentials_begin_no_session() {
    let scene = Scene::new().await;
    for (user, password) in [("zoe", "wrong"), ("somebody-else", "wrong"), ("", "")] {
        let answer = sign_in(&scene, user, password).await;
        assert_eq!(answer.json(), json!("WrongCredentials"));
        assert!(answer.headers.get("set-cookie").is_none());
    }
}

#[tokio::test]
async fn a_visitor_gets_no_cookie() {
    let scene = Scene::new().await;
    let answer = scene.call("POST /ui-fn/home/get").form(&[]).await;
    assert_eq!(answer.status, 200);
    assert!(answer.headers.get("set-cookie").is_none());
}

#[tokio::test]
async fn signing_in_gives_the_session_a_new_id() {
    let scene = Scene::new().await;
    let before = session_of(&scene, "zoe").await;
    let after = cookie(&sign_in(&scene, "dev", World::PASSWORD).header("cookie", &before).await).0;
    assert_ne!(before, after);
    assert_eq!(user(&scene, &before).await, Value::Null);
    assert_eq!(user(&scene, &after).await, "dev");
}

#[tokio::test]
async fn a_session_ends_with_signing_out() {
    let scene = Scene::new().await;
    let session = session_of(&scene, "zoe").await;
    let call = scene.call("POST /ui-fn/session/delete").form(&[]).header("cookie", &session);
    let answer = call.header("origin", "http://berth.test").await;
    let (pair, attributes) = cookie(&answer);
    assert_eq!(pair, "sid=");
    assert!(attributes.contains(&"Max-Age=0".to_owned()), "{attributes:?}");
    assert_eq!(user(&scene, &session).await, Value::Null);
}

#[tokio::test]
async fn a_session_ends_when_the_password_changes() {
    let scene = Scene::new().await;
    let session = session_of(&scene, "zoe").await;
    scene.change_password("zoe").await;
    assert_eq!(user(&scene, &session).await, Value::Null);
}

#[tokio::test]
async fn a_session_ends_with_its_user() {
    let scene = Scene::new().await;
    let session = session_of(&scene, "zoe").await;
    scene.delete_user("zoe").await;
    assert_eq!(user(&scene, &session).await, Value::Null);
}

#[tokio::test]
async fn a_session_has_the_rights_of_this_moment() {
    let scene = Scene::new().await;
    let session = session_of(&scene, "zoe").await;
    let health = "/ui-fn/health/get";
    assert_eq!(call(&scene, health, &session).await.status, 403);
    let id = scene.get("/users/current", "zoe").await.json()["user_id"].clone();
    let admin = json!({ "sysadmin_flag": true });
    scene.put(&format!("/users/{id}/sysadmin"), "admin", admin).await.is_done(200);
    assert_eq!(call(&scene, health, &session).await.status, 200);
}

#[tokio::test]
async fn a_session_is_no_key_to_the_registry_or_the_api() {
    let scene = Scene::new().await;
    let session = session_of(&scene, "admin").await;
    scene.call("GET /v2/").header("cookie", &session).await.challenges("");
    let answer = scene.call("GET /api/v2.0/users/current").header("cookie", &session).await;
    assert_eq!(answer.status, 401);
}

#[tokio::test]
async fn guessing_is_slowed_down_here_too() {
    let scene = Scene::new().await;
    for _ in 0..20 {
        let answer = sign_in(&scene, "zoe", "wrong").await;
        if answer.json() != json!("WrongCredentials") {
            assert!(answer.json()["RateLimited"]["retry_after_secs"].as_u64().unwrap() > 0);
            return;
        }
    }
    panic!("limited in the end");
}
