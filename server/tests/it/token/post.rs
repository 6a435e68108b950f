//! The POST form: OAuth2, with refresh tokens for who asks for them.

use serde_json::json;
use service::testing::World;

use crate::harbor::client::{Answer, Scene};
use crate::oci::registry::{OTHER_PASSWORD, access_of};

const SERVICE: (&str, &str) = ("service", "harbor-registry");
const PASSWORD: [(&str, &str); 4] =
    [("grant_type", "password"), SERVICE, ("username", "dev"), ("password", World::PASSWORD)];

async fn post(scene: &Scene, form: &[(&str, &str)]) -> Answer {
    scene.call("POST /service/token").form(form).await
}

async fn refresh_token(scene: &Scene) -> String {
    let answer = post(scene, &[&PASSWORD[..], &[("access_type", "offline")]].concat()).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()["refresh_token"].as_str().unwrap().to_owned()
}

async fn redeem(scene: &Scene, token: &str, scope: &str) -> Answer {
    let form = [
        ("grant_type", "refresh_token"),
        SERVICE,
        ("refresh_token", token),
        ("scope", scope),
        ("client_id", "x"),
    ];
    post(scene, &form).await
}

#[tokio::test]
async fn a_password_buys_a_token() {
    let scene = Scene::new().await;
    let scope =
        [("scope", "repository:deep/a:pull,push,delete repository:library/b:pull"), ("client_id", "x")];
    let answer = post(&scene, &[&PASSWORD[..], &scope].concat()).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(answer.header("cache-control"), "no-store");
    let body = answer.json();
    assert_eq!(body["token"], body["access_token"]);
    assert!(body.get("refresh_token").is_none());
    assert_eq!(
        access_of(body["token"].as_str().unwrap()),
        json!([
            { "type": "repository", "name": "deep/a", "actions": ["pull", "push"] },
            { "type": "repository", "name": "library/b", "actions": ["pull"] },
        ])
    );
}

#[tokio::test]
async fn a_refresh_token_comes_only_with_offline_access() {
    let scene = Scene::new().await;
    for kind in ["", "online", "offline_token"] {
        let answer = post(&scene, &[&PASSWORD[..], &[("access_type", kind)]].concat()).await;
        assert!(answer.json().get("refresh_token").is_none(), "{kind}");
    }
    refresh_token(&scene).await;
}

#[tokio::test]
async fn a_refresh_token_buys_tokens_and_is_never_replaced() {
    let scene = Scene::new().await;
    let refresh = refresh_token(&scene).await;
    for _ in 0..2 {
        let answer = redeem(&scene, &refresh, "repository:deep/a:pull,push").await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        assert_eq!(answer.json()["refresh_token"], refresh);
        let token = answer.json()["access_token"].as_str().unwrap().to_owned();
        let push = scene.call("POST /v2/deep/a/blobs/uploads/").bearer(&token).await;
        push.is_done(202);
    }
}

#[tokio::test]
async fn a_refresh_token_dies_with_the_password() {
    let scene = Scene::new().await;
    let refresh = refresh_token(&scene).await;
    scene.change_password("dev").await;
    redeem(&scene, &refresh, "").await.challenges(r#",error="invalid_token""#);
    let new = [("grant_type", "password"), SERVICE, ("username", "dev"), ("password", OTHER_PASSWORD)];
    assert_eq!(post(&scene, &new).await.status, 200);
}

#[tokio::test]
async fn a_refresh_token_dies_with_its_user() {
    let scene = Scene::new().await;
    let refresh = refresh_token(&scene).await;
    scene.delete_user("dev").await;
    redeem(&scene, &refresh, "").await.challenges(r#",error="invalid_token""#);
}

#[tokio::test]
async fn what_is_no_refresh_token_is_refused() {
    let (scene, other) = (Scene::new().await, Scene::new().await);
    let access = scene.token("dev", &["repository:deep/a:pull"]).await;
    let foreign = refresh_token(&other).await;
    for token in ["x", "", &access, &foreign] {
        redeem(&scene, token, "").await.challenges(r#",error="invalid_token""#);
    }
}

#[tokio::test]
async fn wrong_credentials_are_refused_alike_for_known_and_unknown_users() {
    let scene = Scene::new().await;
    let mut answers = Vec::new();
    for user in ["dev", "somebody-else", ""] {
        let form = [("grant_type", "password"), SERVICE, ("username", user), ("password", "wrong")];
        let answer = post(&scene, &form).await;
        assert_eq!(answer.fails(401, "UNAUTHORIZED"), "the user name or the password is wrong");
        answers.push(answer.text);
    }
    answers.dedup();
    assert_eq!(answers.len(), 1);
}

#[tokio::test]
async fn a_form_that_lacks_something_is_refused_as_oauth_says() {
    let scene = Scene::new().await;
    let (user, password) = (PASSWORD[2], PASSWORD[3]);
    let by_password = ("grant_type", "password");
    for (form, error, description) in [
        (&[by_password, user, password][..], "invalid_request", "service must be harbor-registry"),
        (
            &[by_password, ("service", "x"), user, password],
            "invalid_request",
            "service must be harbor-registry",
        ),
        (&[by_password, SERVICE, user], "invalid_request", "the credentials are missing"),
        (&[by_password, SERVICE, password], "invalid_request", "the credentials are missing"),
        (&[("grant_type", "refresh_token"), SERVICE], "invalid_request", "the credentials are missing"),
        (
            &[("grant_type", "client_credentials"), SERVICE, user, password],
            "unsupported_grant_type",
            "grant_type must be password or refresh_token",
        ),
        (
            &[SERVICE, user, password],
            "unsupported_grant_type",
            "grant_type must be password or refresh_token",
        ),
    ] {
        let answer = post(&scene, form).await;
        assert_eq!(answer.status, 400, "{}", answer.text);
        assert_eq!(answer.json(), json!({ "error": error, "error_description": description }));
    }
}

#[tokio::test]
async fn a_body_that_is_no_form_is_refused() {
    let scene = Scene::new().await;
    let expected = json!({ "error": "invalid_request", "error_description": "the form can't be read" });
    for call in [
        scene.call("POST /service/token").header("content-type", "application/json").body("{}"),
        scene.call("POST /service/token").body("grant_type=password"),
        scene.call("POST /service/token").form(&[("username", "a"), ("username", "b"), SERVICE]),
    ] {
        let answer = call.await;
        assert_eq!((answer.status.as_u16(), answer.json()), (400, expected.clone()));
    }
}

#[tokio::test]
async fn a_form_that_is_too_large_is_refused() {
    let scene = Scene::new().await;
    let answer = post(&scene, &[("scope", &"x".repeat(2 << 20))]).await;
    answer.fails(413, "SIZE_INVALID");
}
