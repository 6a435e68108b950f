//! Mounts: a blob that is in another repository already is not sent again.

use super::registry::{CONTENT, sha256, sha512};
use crate::harbor::client::{Answer, Scene};

async fn mount(scene: &Scene, user: &str, from: &str) -> Answer {
    let digest = sha256(CONTENT);
    let from = if from.is_empty() { String::new() } else { format!("&from={from}") };
    scene.call(format!("POST /v2/deep/b/blobs/uploads/?mount={digest}{from}")).by(user).await
}

async fn is_mounted(scene: &Scene, answer: &Answer) {
    let digest = sha256(CONTENT);
    answer.is_done(201);
    assert_eq!(answer.header("location"), format!("/v2/deep/b/blobs/{digest}"));
    assert_eq!(answer.header("docker-content-digest"), digest);
    scene.call(format!("GET /v2/deep/b/blobs/{digest}")).by("guest").await.is(200, CONTENT);
}

async fn is_to_be_sent(scene: &Scene, answer: &Answer) {
    answer.is_done(202);
    let digest = sha256(CONTENT);
    let here = scene.call(format!("GET /v2/deep/b/blobs/{digest}")).by("guest").await;
    here.fails(404, "BLOB_UNKNOWN");
    let upload = answer.header("location").to_owned();
    scene.call(format!("PUT {upload}?digest={digest}")).by("dev").body(CONTENT).await.is_done(201);
}

#[tokio::test]
async fn a_blob_is_mounted_from_a_repository_that_may_be_pulled() {
    for source in ["deep/a", "library/a"] {
        let scene = Scene::new().await;
        scene.push_blob(source, CONTENT).await;
        is_mounted(&scene, &mount(&scene, "dev", source).await).await;
    }
}

#[tokio::test]
async fn a_blob_is_mounted_from_wherever_it_may_be_pulled_when_no_source_is_named() {
    let scene = Scene::new().await;
    scene.push_blob("library/a", CONTENT).await;
    is_mounted(&scene, &mount(&scene, "dev", "").await).await;
}

#[tokio::test]
async fn a_mount_without_a_source_is_decided_by_rights_and_not_by_the_token() {
    let scene = Scene::new().await;
    scene.push_blob("library/a", CONTENT).await;
    let token = scene.token("dev", &["repository:deep/b:pull,push"]).await;
    let line = format!("POST /v2/deep/b/blobs/uploads/?mount={}", sha256(CONTENT));
    is_mounted(&scene, &scene.call(line).bearer(&token).await).await;
}

#[tokio::test]
async fn a_blob_of_a_repository_that_may_not_be_pulled_is_sent_instead() {
    for from in ["secret/a", ""] {
        let scene = Scene::new().await;
        scene.world.project("secret", false, &[]).await;
        scene.push_blob("secret/a", CONTENT).await;
        is_to_be_sent(&scene, &mount(&scene, "dev", from).await).await;
    }
}

#[tokio::test]
async fn a_blob_that_is_not_at_the_source_is_sent_instead() {
    for from in ["library/a", "none/a", "Not-A-Name", "nameless", ""] {
        let scene = Scene::new().await;
        is_to_be_sent(&scene, &mount(&scene, "dev", from).await).await;
    }
}

#[tokio::test]
async fn a_mount_needs_the_right_to_push() {
    let scene = Scene::new().await;
    scene.push_blob("library/a", CONTENT).await;
    mount(&scene, "guest", "library/a").await.fails(403, "DENIED");
    mount(&scene, "guest", "").await.fails(403, "DENIED");
}

#[tokio::test]
async fn a_mounted_blob_outlives_its_source() {
    let scene = Scene::new().await;
    let digest = scene.push_blob("library/a", CONTENT).await;
    is_mounted(&scene, &mount(&scene, "dev", "library/a").await).await;
    scene.call(format!("DELETE /v2/library/a/blobs/{digest}")).by("admin").await.is_done(202);
    scene.call(format!("GET /v2/deep/b/blobs/{digest}")).by("guest").await.is(200, CONTENT);
}

#[tokio::test]
async fn a_blob_is_mounted_by_its_sha512_digest() {
    let scene = Scene::new().await;
    let digest = sha512(CONTENT);
    let at = format!("POST /v2/deep/a/blobs/uploads/?digest={digest}");
    scene.call(at).by("dev").body(CONTENT).await.is_done(201);
    for from in ["&from=deep/a", ""] {
        let at = format!("POST /v2/deep/b/blobs/uploads/?mount={digest}{from}");
        let answer = scene.call(at).by("dev").await;
        answer.is_done(201);
        assert_eq!(answer.header("docker-content-digest"), digest);
        scene.call(format!("GET /v2/deep/b/blobs/{digest}")).by("guest").await.is(200, CONTENT);
        scene.call(format!("DELETE /v2/deep/b/blobs/{digest}")).by("mia").await.is_done(202);
    }
}
