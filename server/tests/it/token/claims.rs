//! What is in a token, and how others verify it.

use std::sync::Arc;

use jsonwebtoken::{DecodingKey, Validation, decode, decode_header, jwk::JwkSet};
use serde_json::Value;
use server::{config::Config, listener::Stop, metrics::Requests, router::router, state::AppState};
use service::{SigningAlgorithm, testing::World};
use sha2::{Digest as _, Sha256};

use crate::harbor::client::Scene;

const AT: &str = "GET /service/token?service=harbor-registry&scope=repository:deep/web:pull";

async fn key_set(scene: &Scene) -> JwkSet {
    let answer = scene.call("GET /.well-known/jwks.json").await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("cache-control"), "public, max-age=300");
    serde_json::from_value(answer.json()).unwrap()
}

/// Verifies a token as another service would: with nothing but the published keys.
async fn verified(scene: &Scene, token: &str) -> (jsonwebtoken::Header, Value) {
    let header = decode_header(token).unwrap();
    let keys = key_set(scene).await;
    let key = keys.find(header.kid.as_deref().unwrap()).expect("the key is published");
    let mut validation = Validation::new(header.alg);
    validation.set_audience(&["harbor-registry"]);
    validation.set_issuer(&["harbor-token-issuer"]);
    validation.set_required_spec_claims(&["exp", "nbf", "iss", "aud", "sub"]);
    validation.validate_nbf = true;
    let claims = decode::<Value>(token, &DecodingKey::from_jwk(key).unwrap(), &validation).unwrap().claims;
    (header, claims)
}

async fn token(scene: &Scene, user: &str) -> String {
    let call = scene.call(AT);
    let answer = if user.is_empty() { call.await } else { call.by(user).await };
    answer.json()["token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_token_is_verified_with_the_published_keys() {
    let scene = Scene::new().await;
    let (header, _) = verified(&scene, &token(&scene, "guest").await).await;
    assert_eq!(header.alg, jsonwebtoken::Algorithm::ES256);
    assert_eq!(header.typ.as_deref(), Some("JWT"));
}

#[tokio::test]
async fn a_token_says_whose_it_is_for_whom_and_for_how_long() {
    let scene = Scene::new().await;
    let (_, claims) = verified(&scene, &token(&scene, "guest").await).await;
    assert_eq!(claims["iss"], "harbor-token-issuer");
    assert_eq!(claims["aud"], "harbor-registry");
    assert_eq!(claims["sub"], "guest");
    assert_eq!(claims["nbf"], claims["iat"]);
    assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 1800);
    let (_, other) = verified(&scene, &token(&scene, "guest").await).await;
    assert!(!claims["jti"].as_str().unwrap().is_empty());
    assert_ne!(claims["jti"], other["jti"]);
}

#[tokio::test]
async fn a_token_of_nobody_has_an_empty_subject() {
    let scene = Scene::new().await;
    let (_, claims) = verified(&scene, &token(&scene, "").await).await;
    assert_eq!(claims["sub"], "");
}

#[tokio::test]
async fn a_token_names_the_account_and_not_the_address_that_signed_in() {
    let scene = Scene::new().await;
    let (_, claims) = verified(&scene, &token(&scene, "guest@example.org").await).await;
    assert_eq!(claims["sub"], "guest");
}

/// Source: libtrust: SHA-256 of the public key in DER, its first 30 bytes in base32, in groups of four.
#[tokio::test]
async fn the_key_id_is_that_of_libtrust() {
    let scene = Scene::new().await;
    let keys = scene.call("GET /.well-known/jwks.json").await.json();
    let key = &keys["keys"][0];
    let part =
        |name: &str| data_encoding::BASE64URL_NOPAD.decode(key[name].as_str().unwrap().as_bytes()).unwrap();
    // SubjectPublicKeyInfo of a point on P-256 (RFC 5480).
    let prefix = "3059301306072a8648ce3d020106082a8648ce3d03010703420004";
    let mut der = data_encoding::HEXLOWER.decode(prefix.as_bytes()).unwrap();
    der.extend([part("x"), part("y")].concat());
    let id = data_encoding::BASE32.encode(&Sha256::digest(&der)[..30]);
    let groups: Vec<&str> = (0..12).map(|group| &id[group * 4..group * 4 + 4]).collect();
    assert_eq!(key["kid"], groups.join(":"));
    assert_eq!((&key["use"], &key["alg"]), (&"sig".into(), &"ES256".into()));
    assert!(key.get("d").is_none(), "the private key stays private");
}

#[tokio::test]
async fn tokens_may_be_signed_with_rsa() {
    let world = World::with(|options| options.tokens.algorithm = SigningAlgorithm::Rs256).await;
    let state =
        AppState { services: world.services.clone(), config: Arc::new(Config::default()), stop: Stop::new() };
    let scene = Scene { app: router(state, Requests::default()), world };
    let token = token(&scene, "admin").await;
    let (header, claims) = verified(&scene, &token).await;
    assert_eq!(header.alg, jsonwebtoken::Algorithm::RS256);
    assert_eq!(claims["sub"], "admin");
    scene.call("GET /v2/").bearer(&token).await.is(200, "{}");
}
