//! Refusals that every address has in common.

use axum::body::Body;
use http::{Method, header};
use serde_json::json;
use service::{testing::World, token::Holder};
use types::{scope::Scope, secret::Secret};

use super::client::{Scene, request};

const NOT_BASIC: &str = "these credentials can't be used here: send a name and a password (Basic)";

#[tokio::test]
async fn an_unknown_address_is_404_in_the_envelope() {
    let scene = Scene::new().await;
    for path in [
        "/api",
        "/api/",
        "/api/v1.0/x",
        "/api/v2.0",
        "/api/v2.0/none",
        "/api/v2.0/projects/",
        "/api/v2.0/projects/deep/none",
        "/api/v2.0/projects/deep/repositories/a/artifacts/v1/labels",
        "/api/v2.0/projects/deep/repositories/",
    ] {
        let answer = scene.answer(request(Method::GET, path, "admin").body(Body::empty()).unwrap()).await;
        answer.is_refused(404, "NOT_FOUND", &format!("path {path} was not found"));
    }
}

#[tokio::test]
async fn a_method_that_an_address_does_not_have_is_405() {
    let scene = Scene::new().await;
    for (path, allowed) in [
        ("/ping", "GET,HEAD"),
        ("/projects", "GET,HEAD,POST"),
        ("/users/2/password", "PUT"),
        ("/projects/deep/repositories", "GET,HEAD"),
        ("/projects/deep/repositories/a", "GET,HEAD,PUT,DELETE"),
        ("/projects/deep/repositories/a/artifacts", "GET,HEAD"),
        ("/projects/deep/repositories/a/artifacts/v1", "GET,HEAD,DELETE"),
        ("/projects/deep/repositories/a/artifacts/v1/tags", "GET,HEAD,POST"),
        ("/projects/deep/repositories/a/artifacts/v1/tags/v1", "DELETE"),
    ] {
        let answer = scene.send(Method::PATCH, path, "admin", None).await;
        answer.is_refused(405, "METHOD_NOT_ALLOWED", "method PATCH is not allowed here");
        assert_eq!(answer.header("allow"), allowed, "{path}");
    }
}

#[tokio::test]
async fn wrong_credentials_are_401_without_a_challenge() {
    let scene = Scene::new().await;
    for (value, message) in [
        ("Basic em9lOndyb25n", "the user name or the password is wrong"),
        ("Basic bmVtbzp3cm9uZw==", "the user name or the password is wrong"),
        ("Basic !", NOT_BASIC),
        ("Digest x", NOT_BASIC),
    ] {
        let request = request(Method::GET, "/api/v2.0/projects", "").header(header::AUTHORIZATION, value);
        let answer = scene.answer(request.body(Body::empty()).unwrap()).await;
        answer.is_refused(401, "UNAUTHORIZED", message);
        assert!(answer.headers.get(header::WWW_AUTHENTICATE).is_none());
    }
}

#[tokio::test]
async fn a_token_of_the_registry_opens_nothing_here() {
    let scene = Scene::new().await;
    let (services, nobody) = (&scene.world.services, World::anonymous());
    let password = Secret::new(World::PASSWORD.to_owned());
    let holder = Holder::User(services.authn.sign_in(&nobody, "admin", &password).await.unwrap());
    let scopes = [Scope::parse("repository:deep/a:pull")];
    let token = services.tokens.issue(&nobody, &holder, &scopes).await.unwrap().token;
    let request = request(Method::DELETE, "/api/v2.0/projects/deep", "")
        .header(header::AUTHORIZATION, format!("Bearer {token}"));
    let answer = scene.answer(request.body(Body::empty()).unwrap()).await;
    answer.is_refused(401, "UNAUTHORIZED", NOT_BASIC);
}

#[tokio::test]
async fn a_name_that_fails_too_often_must_wait() {
    let scene = Scene::new().await;
    let mut limited = None;
    for _ in 0..200 {
        let request = request(Method::GET, "/api/v2.0/projects", "")
            .header(header::AUTHORIZATION, "Basic em9lOndyb25n");
        let answer = scene.answer(request.body(Body::empty()).unwrap()).await;
        if answer.status == 429 {
            limited = Some(answer);
            break;
        }
        assert_eq!(answer.status, 401);
    }
    let answer = limited.expect("429 in the end");
    assert_eq!(answer.json()["errors"][0]["code"], "TOO_MANY_REQUEST");
    assert!(answer.header("retry-after").parse::<u64>().unwrap() > 0);
}

#[tokio::test]
async fn a_body_that_can_not_be_read_is_refused() {
    let scene = Scene::new().await;
    let send = async |media_type: &str, body: &'static str| {
        let request =
            request(Method::POST, "/api/v2.0/projects", "admin").header(header::CONTENT_TYPE, media_type);
        scene.answer(request.body(body.into()).unwrap()).await
    };
    let json = "application/json; charset=utf-8";
    for body in ["", "null", "[]", "[\"x\"]", "\"x\"", "7"] {
        let answer = send(json, body).await;
        answer.is_refused(422, "UNPROCESSABLE_ENTITY", "the body must be a JSON object");
    }
    for body in ["{", "{\"project_name\":7}", "{\"public\":\"yes\"}", "{} {}"] {
        let answer = send(json, body).await;
        assert_eq!(
            (answer.status.as_u16(), &answer.json()["errors"][0]["code"]),
            (422, &json!("UNPROCESSABLE_ENTITY"))
        );
    }
    send("text/plain", "{\"project_name\":\"x\"}").await.is_refused(
        415,
        "UNSUPPORTED_MEDIA_TYPE",
        "unsupported media type \"text/plain\", only [application/json] are allowed",
    );
}

#[tokio::test]
async fn a_body_that_is_too_large_is_413() {
    let scene = Scene::new().await;
    let body = json!({ "project_name": "x".repeat(2 << 20) }).to_string();
    let answer =
        scene.answer(request(Method::POST, "/api/v2.0/projects", "admin").body(body.into()).unwrap()).await;
    assert_eq!(
        (answer.status.as_u16(), &answer.json()["errors"][0]["code"]),
        (413, &json!("REQUEST_ENTITY_TOO_LARGE"))
    );
}

#[tokio::test]
async fn a_path_that_is_no_text_is_refused() {
    let scene = Scene::new().await;
    for path in ["/projects/%FF", "/projects/%FF/repositories/a", "/projects/deep/repositories/%FF"] {
        assert_eq!(scene.get(path, "admin").await.status, 400, "{path}");
    }
}

#[tokio::test]
async fn a_failure_of_ours_says_nothing_of_the_inside() {
    let scene = Scene::new().await;
    scene.world.services.clone().close().await.unwrap();
    let answer = scene.get("/projects", "").await;
    assert!(answer.status.is_server_error());
    answer.is_refused(answer.status.as_u16(), "UNKNOWN", "internal server error");
}
