//! Tokens at the registry: which are believed.

use data_encoding::BASE64URL_NOPAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};
use service::testing::World;

use super::registry::CONTENT;
use crate::harbor::client::Scene;

const INVALID: &str = r#",error="invalid_token""#;
const PULL: &str = "repository:deep/web:pull";
const GET: &str = "GET /v2/deep/web/manifests/v1";

async fn scene() -> Scene {
    let scene = Scene::new().await;
    scene.push_image("deep/web", "v1", CONTENT).await;
    scene
}

/// Header and claims of a token.
fn parts(token: &str) -> [Value; 2] {
    let mut pieces = token.split('.');
    let mut piece = || {
        let bytes = BASE64URL_NOPAD.decode(pieces.next().unwrap().as_bytes()).unwrap();
        serde_json::from_slice(&bytes).unwrap()
    };
    [piece(), piece()]
}

fn encode(part: &Value) -> String {
    BASE64URL_NOPAD.encode(part.to_string().as_bytes())
}

#[tokio::test]
async fn a_token_with_the_scope_pulls() {
    let scene = scene().await;
    let token = scene.token("guest", &[PULL]).await;
    assert_eq!(scene.call(GET).bearer(&token).await.status, 200);
    scene.call("GET /v2/").bearer(&token).await.is(200, "{}");
}

#[tokio::test]
async fn a_token_that_is_no_token_is_invalid() {
    let scene = Scene::new().await;
    let good = scene.token("guest", &[PULL]).await;
    let cut = &good[..good.len() - 4];
    let long = "x".repeat(20_000);
    for token in ["x", "a.b.c", "..", cut, &format!("{good}x"), &long] {
        scene.call("GET /v2/").bearer(token).await.challenges(INVALID);
    }
    scene
        .call(GET)
        .bearer("x")
        .await
        .challenges(r#",scope="repository:deep/web:pull",error="invalid_token""#);
}

#[tokio::test]
async fn a_token_is_good_until_its_end_and_the_leeway_of_a_minute() {
    let scene = Scene::new().await;
    let still = scene.token_aged("guest", &[], 1800 + 30).await;
    scene.call("GET /v2/").bearer(&still).await.is(200, "{}");
    let expired = scene.token_aged("guest", &[], 1800 + 61).await;
    scene.call("GET /v2/").bearer(&expired).await.challenges(INVALID);
}

#[tokio::test]
async fn a_token_that_was_believed_before_still_ends() {
    let scene = Scene::new().await;
    let token = scene.token_aged("guest", &[], 1800 + 58).await;
    scene.call("GET /v2/").bearer(&token).await.is(200, "{}");
    let later = World::anonymous().now + chrono::Duration::seconds(10);
    assert!(scene.world.services.tokens.authenticate(&token, later).await.is_err());
}

#[tokio::test]
async fn a_token_from_the_future_is_invalid() {
    let scene = Scene::new().await;
    let token = scene.token_aged("guest", &[], -120).await;
    scene.call("GET /v2/").bearer(&token).await.challenges(INVALID);
}

#[tokio::test]
async fn a_token_of_another_registry_is_invalid() {
    let (scene, other) = (Scene::new().await, Scene::new().await);
    let foreign = other.token("guest", &[PULL]).await;
    scene.call("GET /v2/").bearer(&foreign).await.challenges(INVALID);
}

#[tokio::test]
async fn a_token_without_a_signature_is_invalid() {
    let scene = Scene::new().await;
    let good = scene.token("guest", &[PULL]).await;
    let [header, claims] = parts(&good);
    for algorithm in ["none", "None", "NONE", ""] {
        let mut header = header.clone();
        header["alg"] = algorithm.into();
        for signature in ["", good.rsplit('.').next().unwrap()] {
            let forged = format!("{}.{}.{signature}", encode(&header), encode(&claims));
            scene.call("GET /v2/").bearer(&forged).await.challenges(INVALID);
        }
    }
}

#[tokio::test]
async fn a_token_whose_claims_were_changed_is_invalid() {
    let scene = Scene::new().await;
    let good = scene.token("guest", &[PULL]).await;
    let [header, mut claims] = parts(&good);
    claims["access"][0]["actions"] = json!(["pull", "push", "delete"]);
    let forged = format!("{}.{}.{}", encode(&header), encode(&claims), good.rsplit('.').next().unwrap());
    scene.call("GET /v2/").bearer(&forged).await.challenges(INVALID);
}

#[tokio::test]
async fn a_token_signed_with_the_public_key_as_a_secret_is_invalid() {
    let scene = Scene::new().await;
    let [_, claims] = parts(&scene.token("admin", &[]).await);
    let key = &scene.call("GET /.well-known/jwks.json").await.json()["keys"][0];
    let mut header = Header::new(Algorithm::HS256);
    header.kid = key["kid"].as_str().map(str::to_owned);
    for secret in [key.to_string(), format!("{}{}", key["x"], key["y"]), String::new()] {
        let key = EncodingKey::from_secret(secret.as_bytes());
        let forged = jsonwebtoken::encode(&header, &claims, &key).unwrap();
        scene.call("GET /v2/").bearer(&forged).await.challenges(INVALID);
    }
}

#[tokio::test]
async fn a_refresh_token_opens_nothing_by_itself() {
    let scene = Scene::new().await;
    let form = [
        ("grant_type", "password"),
        ("service", "harbor-registry"),
        ("access_type", "offline"),
        ("username", "guest"),
        ("password", World::PASSWORD),
    ];
    let answer = scene.call("POST /service/token").form(&form).await;
    let refresh = answer.json()["refresh_token"].as_str().unwrap().to_owned();
    scene.call("GET /v2/").bearer(&refresh).await.challenges(INVALID);
}
