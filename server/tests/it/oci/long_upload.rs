//! An upload that takes longer than the token lives that opened it.

use chrono::Duration;
use service::{OpCtx, testing::World};
use types::{digest::Algorithm, role::Role};

use super::registry::{CONTENT, sha256};
use crate::harbor::client::Scene;

const SCOPE: &str = "repository:old/web:pull,push";
const INVALID: &str = r#",scope="repository:old/web:pull,push",error="invalid_token""#;
/// Longer than a token lives, with the leeway for clocks.
const AGE_SECS: i64 = 1800 + 100;

/// A scene with a project that was there before the tokens of these tests.
async fn scene() -> Scene {
    let scene = Scene::new().await;
    let people = [scene.world.cx("dev").await.unwrap(), scene.world.cx("mia").await.unwrap()];
    let members: Vec<_> = people.iter().map(|cx| (cx, Role::Developer)).collect();
    scene.world.project_aged("old", false, &members, 10 * AGE_SECS).await;
    scene
}

/// The address of an upload that a user opened some time ago.
async fn opened(scene: &Scene, user: &str) -> String {
    let cx = scene.world.cx(user).await.unwrap();
    let cx = OpCtx { now: World::anonymous().now - Duration::seconds(AGE_SECS - 1), ..cx };
    let name = "old/web".parse().unwrap();
    let id = scene.world.services.uploads.start(&cx, &name, Algorithm::Sha256).await.unwrap();
    format!("/v2/old/web/blobs/uploads/{id}")
}

#[tokio::test]
async fn the_token_that_opened_an_upload_finishes_it() {
    let scene = scene().await;
    let token = scene.token_aged("dev", &[SCOPE], AGE_SECS).await;
    let upload = opened(&scene, "dev").await;
    scene.call(format!("PATCH {upload}")).bearer(&token).body("01234").await.is_done(202);
    assert_eq!(scene.call(format!("GET {upload}")).bearer(&token).await.header("range"), "0-4");
    let end = format!("PUT {upload}?digest={}", sha256(CONTENT));
    scene.call(end).bearer(&token).body("56789").await.is_done(201);
    let upload = opened(&scene, "dev").await;
    scene.call(format!("DELETE {upload}")).bearer(&token).await.is_done(204);
    scene.call(format!("GET {upload}")).bearer(&token).await.challenges(INVALID);
}

#[tokio::test]
async fn an_expired_token_is_good_for_nothing_else() {
    let scene = scene().await;
    let token = scene.token_aged("dev", &[SCOPE], AGE_SECS).await;
    let upload = opened(&scene, "dev").await;
    for line in ["POST /v2/old/web/blobs/uploads/", "PUT /v2/old/web/manifests/v1"] {
        scene.call(line).bearer(&token).await.challenges(INVALID);
    }
    let others = scene.token_aged("mia", &[SCOPE], AGE_SECS).await;
    scene.call(format!("PATCH {upload}")).bearer(&others).body("x").await.challenges(INVALID);
    let older = scene.token_aged("dev", &[SCOPE], 2 * AGE_SECS).await;
    scene.call(format!("PATCH {upload}")).bearer(&older).body("x").await.challenges(INVALID);
}
