//! Blobs on their way out, and their removal.

use super::registry::{CONTENT, sha256, sha512};
use crate::harbor::client::Scene;

/// A scene with [`CONTENT`] in `deep/web`, and the address of the blob.
async fn scene() -> (Scene, String) {
    let scene = Scene::new().await;
    let digest = scene.push_blob("deep/web", CONTENT).await;
    (scene, format!("/v2/deep/web/blobs/{digest}"))
}

#[tokio::test]
async fn a_blob_is_served_whole() {
    let (scene, at) = scene().await;
    let answer = scene.call(format!("GET {at}")).by("guest").await;
    answer.is(200, CONTENT);
    let digest = sha256(CONTENT);
    for (name, value) in [
        ("content-length", "10"),
        ("content-type", "application/octet-stream"),
        ("accept-ranges", "bytes"),
        ("docker-content-digest", digest.as_str()),
        ("etag", &format!("\"{digest}\"")),
    ] {
        assert_eq!(answer.header(name), value);
    }
    assert!(answer.headers.get("content-range").is_none());
}

#[tokio::test]
async fn head_has_the_headers_of_get_and_no_body() {
    let (scene, at) = scene().await;
    let get = scene.call(format!("GET {at}")).by("guest").await;
    let head = scene.call(format!("HEAD {at}")).by("guest").await;
    head.is_done(200);
    for name in ["content-length", "content-type", "accept-ranges", "docker-content-digest", "etag"] {
        assert_eq!(head.header(name), get.header(name));
    }
}

#[tokio::test]
async fn a_blob_that_is_not_here_is_unknown() {
    let scene = Scene::new().await;
    scene.push_blob("deep/web", CONTENT).await;
    let missing = sha256("missing");
    let text = scene.call(format!("GET /v2/deep/web/blobs/{missing}")).by("guest").await;
    assert_eq!(text.fails(404, "BLOB_UNKNOWN"), format!("blob {missing} is not in this repository"));
    assert_eq!(scene.call(format!("HEAD /v2/deep/web/blobs/{missing}")).by("guest").await.status, 404);
    scene
        .call(format!("GET /v2/deep/none/blobs/{}", sha256(CONTENT)))
        .by("guest")
        .await
        .fails(404, "BLOB_UNKNOWN");
    scene
        .call(format!("GET /v2/deep/web/blobs/{}", sha512(CONTENT)))
        .by("guest")
        .await
        .fails(404, "BLOB_UNKNOWN");
}

#[tokio::test]
async fn one_range_is_served_alone() {
    let (scene, at) = scene().await;
    for (range, text, lies) in [
        ("bytes=0-0", "0", "0-0"),
        ("bytes=2-5", "2345", "2-5"),
        ("bytes=0-9", CONTENT, "0-9"),
        ("bytes=7-", "789", "7-9"),
        ("bytes=-3", "789", "7-9"),
        ("bytes=-99", CONTENT, "0-9"),
        ("bytes=8-99", "89", "8-9"),
        ("bytes=8-99999999999999999999999", "89", "8-9"),
        ("BYTES = 2-5", "2345", "2-5"),
    ] {
        let answer = scene.call(format!("GET {at}")).by("guest").header("range", range).await;
        answer.is(206, text);
        assert_eq!(answer.header("content-range"), format!("bytes {lies}/10"), "{range}");
        assert_eq!(answer.header("content-length"), text.len().to_string(), "{range}");
        assert_eq!(answer.header("docker-content-digest"), sha256(CONTENT));
    }
}

#[tokio::test]
async fn a_range_outside_of_the_blob_is_refused() {
    let (scene, at) = scene().await;
    for range in ["bytes=10-", "bytes=10-20", "bytes=5-0", "bytes=-0", "bytes=99999999999999999999999-"] {
        let answer = scene.call(format!("GET {at}")).by("guest").header("range", range).await;
        answer.fails(416, "RANGE_INVALID");
        assert_eq!(answer.header("content-range"), "bytes */10", "{range}");
    }
}

#[tokio::test]
async fn a_range_that_is_not_understood_is_ignored() {
    let (scene, at) = scene().await;
    for range in ["bytes=0-1,3-4", "lines=0-1", "bytes=", "bytes=-", "bytes=a-b", "bytes", "", "bytes=1"] {
        let answer = scene.call(format!("GET {at}")).by("guest").header("range", range).await;
        answer.is(200, CONTENT);
    }
    let answer = scene.call(format!("GET {at}")).by("guest").header("range", b"bytes=\xff-").await;
    answer.is(200, CONTENT);
}

#[tokio::test]
async fn the_blob_of_no_bytes_is_a_blob() {
    let scene = Scene::new().await;
    let digest = sha256("");
    let upload = scene.open_upload("deep/web").await;
    scene.call(format!("PUT {upload}?digest={digest}")).by("admin").await.is_done(201);
    let at = format!("/v2/deep/web/blobs/{digest}");
    let answer = scene.call(format!("GET {at}")).by("guest").await;
    answer.is(200, "");
    assert_eq!(answer.header("content-length"), "0");
    scene.call(format!("GET {at}")).by("guest").header("range", "bytes=0-").await.is(200, "");
    scene.call(format!("HEAD {at}")).by("guest").await.is_done(200);
    scene.call(format!("DELETE {at}")).by("mia").await.is_done(202);
}

#[tokio::test]
async fn a_deleted_blob_is_gone_from_its_repository_at_once() {
    let (scene, at) = scene().await;
    scene.push_blob("deep/other", CONTENT).await;
    scene.call(format!("DELETE {at}")).by("mia").await.is_done(202);
    assert_eq!(scene.call(format!("HEAD {at}")).by("mia").await.status, 404);
    scene.call(format!("DELETE {at}")).by("mia").await.fails(404, "BLOB_UNKNOWN");
    let other = format!("GET /v2/deep/other/blobs/{}", sha256(CONTENT));
    scene.call(other).by("mia").await.is(200, CONTENT);
}

#[tokio::test]
async fn a_blob_that_a_manifest_needs_stays() {
    let scene = Scene::new().await;
    let manifest = scene.push_image("deep/web", "v1", CONTENT).await;
    for content in [CONTENT, "{}"] {
        let at = format!("/v2/deep/web/blobs/{}", sha256(content));
        let answer = scene.call(format!("DELETE {at}")).by("mia").await;
        let text = answer.fails(412, "PRECONDITION");
        assert_eq!(text, format!("manifest {manifest} needs this blob: delete it first"));
        scene.call(format!("GET {at}")).by("mia").await.is(200, content);
    }
    scene.call(format!("DELETE /v2/deep/web/manifests/{manifest}")).by("mia").await.is_done(202);
    let at = format!("/v2/deep/web/blobs/{}", sha256(CONTENT));
    scene.call(format!("DELETE {at}")).by("mia").await.is_done(202);
}

/// The same blob in a store that clients may read from. Nothing listens at its address: signing asks nobody.
async fn redirecting() -> (Scene, String) {
    let (scene, at) = scene().await;
    let reopened = scene.reopen(|options| {
        options.storage_url = Some("s3://bucket/prefix".to_owned());
        options.object_store = service::ObjectOptions {
            endpoint: Some("http://127.0.0.1:1".to_owned()),
            access_key: Some("an-access-key".to_owned()),
            secret_key: Some("hunter2".to_owned().into()),
            allow_http: true,
            redirect: true,
            ..service::ObjectOptions::default()
        };
    });
    (reopened.await, at)
}

#[tokio::test]
async fn a_store_that_signs_addresses_serves_the_blob_itself() {
    let (scene, at) = redirecting().await;
    let answer = scene.call(format!("GET {at}")).by("guest").await;
    answer.is_done(307);
    let location = answer.header("location");
    assert!(location.starts_with("http://127.0.0.1:1/bucket/prefix/blobs/"), "{location}");
    assert!(location.contains("X-Amz-Signature=") && !location.contains("hunter2"), "{location}");
    assert_eq!(answer.header("docker-content-digest"), sha256(CONTENT));
    assert_eq!(answer.header("cache-control"), "no-store");
    let head = scene.call(format!("HEAD {at}")).by("guest").await;
    head.is_done(200);
    assert_eq!(head.header("content-length"), "10");
}

#[tokio::test]
async fn nobody_is_sent_to_a_blob_that_they_may_not_read() {
    let (scene, at) = redirecting().await;
    for (user, status) in [("", 401), ("zoe", 404)] {
        let answer = scene.call(format!("GET {at}")).by(user).await;
        assert_eq!(answer.status.as_u16(), status, "{user}");
        assert!(answer.headers.get("location").is_none(), "{user}");
    }
}
