//! The GET form: credentials by Basic or none, any number of scopes.

use serde_json::{Value, json};

use crate::harbor::client::{Answer, Scene};
use crate::oci::registry::{CONTENT, access_of};

const AT: &str = "GET /service/token?service=harbor-registry";

async fn access(scene: &Scene, user: &str, query: &str) -> Value {
    let call = scene.call(format!("{AT}{query}"));
    let answer = if user.is_empty() { call.await } else { call.by(user).await };
    access_of(&token(&answer))
}

#[track_caller]
fn token(answer: &Answer) -> String {
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()["token"].as_str().unwrap().to_owned()
}

fn entry(name: &str, actions: &[&str]) -> Value {
    json!({ "type": "repository", "name": name, "actions": actions })
}

#[tokio::test]
async fn the_answer_has_the_token_by_both_names_and_its_times() {
    let scene = Scene::new().await;
    let answer = scene.call(AT).by("zoe").await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("cache-control"), "no-store");
    let body = answer.json();
    let fields: Vec<&String> = body.as_object().unwrap().keys().collect();
    assert_eq!(fields, ["access_token", "expires_in", "issued_at", "token"]);
    assert_eq!(body["token"], body["access_token"]);
    assert_eq!(body["expires_in"], 1800);
    let issued_at = body["issued_at"].as_str().unwrap();
    assert!(issued_at.parse::<chrono::DateTime<chrono::Utc>>().is_ok() && issued_at.ends_with('Z'));
}

#[tokio::test]
async fn the_token_opens_what_it_was_asked_for() {
    let scene = Scene::new().await;
    scene.push_image("deep/web", "v1", CONTENT).await;
    let answer = scene.call(format!("{AT}&scope=repository:deep/web:pull")).by("guest").await;
    let pulled = scene.call("GET /v2/deep/web/manifests/v1").bearer(&token(&answer)).await;
    assert_eq!(pulled.status, 200);
}

#[tokio::test]
async fn scopes_may_be_repeated_and_separated_by_spaces() {
    let scene = Scene::new().await;
    let all = json!([
        entry("deep/a", &["pull", "push"]),
        entry("deep/b", &["pull"]),
        entry("library/c", &["pull"])
    ]);
    for query in [
        "&scope=repository:deep/a:pull,push&scope=repository:deep/b:pull&scope=repository:library/c:pull",
        "&scope=repository:deep/a:pull,push%20repository:deep/b:pull+repository:library/c:pull",
        "&scope=repository:deep/a:push&scope=repository:deep/b:pull%20repository:deep/a:pull&scope=\
         repository:library/c:pull,pull&scope=",
    ] {
        assert_eq!(access(&scene, "dev", query).await, all, "{query}");
    }
}

#[tokio::test]
async fn a_token_holds_those_of_the_asked_actions_that_the_role_allows() {
    let scene = Scene::new().await;
    let all = "pull,push,delete";
    for (user, asked, granted) in [
        ("guest", all, &["pull"][..]),
        ("dev", all, &["pull", "push"]),
        ("mia", all, &["pull", "push", "delete"]),
        ("boss", all, &["pull", "push", "delete"]),
        ("admin", all, &["pull", "push", "delete"]),
        ("zoe", all, &[]),
        ("mia", "pull", &["pull"]),
        ("mia", "delete", &["delete"]),
        ("mia", "scan,other", &[]),
        ("mia", "", &[]),
        ("guest", "*", &["pull"]),
        ("dev", "*", &["pull", "push"]),
        ("mia", "*", &["pull", "push", "delete"]),
        ("zoe", "*", &[]),
    ] {
        let found = access(&scene, user, &format!("&scope=repository:deep/web:{asked}")).await;
        assert_eq!(found, json!([entry("deep/web", granted)]), "{user} {asked}");
    }
}

#[tokio::test]
async fn what_is_not_there_is_granted_to_nobody() {
    let scene = Scene::new().await;
    for name in ["none/web", "web", "", "Deep/web", "deep/../web"] {
        let found = access(&scene, "admin", &format!("&scope=repository:{name}:pull,push")).await;
        assert_eq!(found, json!([entry(name, &[])]), "{name}");
    }
    let found = access(&scene, "admin", "&scope=other:deep/web:pull&scope=x").await;
    let empty = |kind: &str, name: &str| json!({ "type": kind, "name": name, "actions": [] });
    assert_eq!(found, json!([empty("other", "deep/web"), empty("x", "")]));
}

#[tokio::test]
async fn the_catalog_is_granted_to_whoever_is_signed_in() {
    let scene = Scene::new().await;
    let entry = |actions: &[&str]| json!([{ "type": "registry", "name": "catalog", "actions": actions }]);
    for (user, actions) in [("admin", &["*"][..]), ("zoe", &["*"]), ("", &[])] {
        assert_eq!(access(&scene, user, "&scope=registry:catalog:*").await, entry(actions), "{user}");
    }
    assert_eq!(access(&scene, "admin", "&scope=registry:other:*").await[0]["actions"], json!([]));
}

#[tokio::test]
async fn nobody_gets_pulls_of_what_is_public() {
    let scene = Scene::new().await;
    let query = "&scope=repository:library/web:pull,push,delete&scope=repository:deep/web:pull&scope=\
                 repository:none/web:pull";
    assert_eq!(
        access(&scene, "", query).await,
        json!([entry("library/web", &["pull"]), entry("deep/web", &[]), entry("none/web", &[])])
    );
}

#[tokio::test]
async fn nobody_without_a_scope_is_refused() {
    let scene = Scene::new().await;
    for query in ["", "&scope=", "&scope=%20&account=zoe"] {
        scene.call(format!("{AT}{query}")).await.challenges("");
    }
}

#[tokio::test]
async fn wrong_credentials_are_refused_with_a_scope_too() {
    let scene = Scene::new().await;
    for query in ["", "&scope=repository:library/web:pull"] {
        for (user, password) in [("zoe", "wrong"), ("", ""), ("zoe", "")] {
            let answer = scene.call(format!("{AT}{query}")).basic(user, password).await;
            assert_eq!(answer.fails(401, "UNAUTHORIZED"), "the user name or the password is wrong");
        }
        for value in ["Basic !", "Bearer x", "Digest x", ""] {
            let answer = scene.call(format!("{AT}{query}")).header("authorization", value).await;
            answer.fails(401, "UNAUTHORIZED");
        }
    }
}

#[tokio::test]
async fn an_unknown_user_is_refused_as_a_wrong_password_is() {
    let scene = Scene::new().await;
    let wrong = scene.call(AT).basic("zoe", "wrong").await;
    let unknown = scene.call(AT).basic("somebody-else", "wrong").await;
    assert_eq!((wrong.status, &wrong.text), (unknown.status, &unknown.text));
    assert_eq!(wrong.header("www-authenticate"), unknown.header("www-authenticate"));
    assert_eq!(wrong.headers.len(), unknown.headers.len());
}

#[tokio::test]
async fn the_service_must_be_the_registry() {
    let scene = Scene::new().await;
    for path in ["/service/token", "/service/token?service=", "/service/token?service=registry.docker.io"] {
        for call in [scene.call(format!("GET {path}")), scene.call(format!("GET {path}")).by("zoe")] {
            call.await.is(400, "service must be harbor-registry\n");
        }
    }
}

#[tokio::test]
async fn account_client_and_offline_token_change_nothing() {
    let scene = Scene::new().await;
    let query = "&account=admin&client_id=docker&offline_token=true&access_type=offline&scope=\
                 repository:deep/web:pull,push";
    let answer = scene.call(format!("{AT}{query}")).by("guest").await;
    assert!(answer.json().get("refresh_token").is_none());
    assert_eq!(access_of(&token(&answer)), json!([entry("deep/web", &["pull"])]));
}

#[tokio::test]
async fn a_method_that_the_service_does_not_have_is_refused() {
    let scene = Scene::new().await;
    for method in ["PUT", "DELETE", "PATCH"] {
        let answer = scene.call(format!("{method} /service/token?service=harbor-registry")).by("zoe").await;
        assert_eq!(answer.status, 405);
    }
}
