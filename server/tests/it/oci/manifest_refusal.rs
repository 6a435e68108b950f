//! Manifests that are refused: nothing is stored then.

use std::sync::atomic::Ordering;

use axum::body::Body;
use serde_json::{Value, json};
use types::oci::media_type::{OCI_INDEX, OCI_MANIFEST};

use super::registry::{CONTENT, broken, counted, descriptor, image, index_of, sha256, streamed};
use crate::harbor::client::{Answer, Scene};

const LIMIT: usize = 4 * 1024 * 1024;

async fn put(scene: &Scene, reference: &str, media_type: &str, body: impl Into<Body>) -> Answer {
    let call = scene.call(format!("PUT /v2/deep/web/manifests/{reference}")).by("dev");
    call.header("content-type", media_type).body(body).await
}

/// The tag was not made, and no tag is listed.
async fn is_absent(scene: &Scene, tag: &str) {
    scene.call(format!("GET /v2/deep/web/manifests/{tag}")).by("dev").await.fails(404, "MANIFEST_UNKNOWN");
    scene.call("GET /v2/deep/web/tags/list").by("dev").await.fails(404, "NAME_UNKNOWN");
}

/// An index of exactly so many bytes.
fn index_of_size(bytes: usize) -> String {
    let mut index = index_of(&[]);
    index["annotations"] = json!({ "fill": "" });
    let fill = "x".repeat(bytes - index.to_string().len());
    index["annotations"]["fill"] = fill.into();
    index.to_string()
}

#[tokio::test]
async fn a_manifest_of_four_mebibytes_is_taken_and_a_byte_more_is_too_large() {
    let scene = Scene::new().await;
    let manifest = index_of_size(LIMIT);
    assert_eq!(manifest.len(), LIMIT);
    put(&scene, "large", OCI_INDEX, manifest.clone()).await.is_done(201);
    scene.call("GET /v2/deep/web/manifests/large").by("dev").await.is(200, &manifest);
    let manifest = index_of_size(LIMIT + 1);
    put(&scene, "larger", OCI_INDEX, manifest.clone()).await.fails(413, "SIZE_INVALID");
    put(&scene, "larger", OCI_INDEX, streamed(manifest)).await.fails(413, "SIZE_INVALID");
    let gone = scene.call("GET /v2/deep/web/manifests/larger").by("dev").await;
    gone.fails(404, "MANIFEST_UNKNOWN");
}

#[tokio::test]
async fn an_address_written_in_other_ways_does_not_lift_the_limit() {
    let scene = Scene::new().await;
    for path in [
        "/v2/deep/blobs/web%2Fmanifests%2Flarger",
        "/v2/deep/blobs/web/%6Danifests/larger",
        "/v2/deep/blobs/web/manifests%2flarger",
        "/v2/deep/blobs/web//manifests//larger",
    ] {
        let (body, taken) = counted(40);
        let call = scene.call(format!("PUT {path}")).by("dev").header("content-type", OCI_INDEX);
        call.body(body).await.fails(413, "SIZE_INVALID");
        let taken = taken.load(Ordering::Relaxed);
        assert!(taken <= LIMIT / (1 << 20) + 1, "{path}: {taken} MiB were read");
    }
}

#[tokio::test]
async fn what_is_no_manifest_is_invalid() {
    let scene = Scene::new().await;
    let empty = index_of(&[]);
    let without = |field: &str| {
        let mut changed = empty.clone();
        changed.as_object_mut().unwrap().remove(field);
        changed.to_string()
    };
    let with = |field: &str, value: Value| {
        let mut changed = empty.clone();
        changed[field] = value;
        changed.to_string()
    };
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    for body in [
        String::new(),
        "{".to_owned(),
        "null".to_owned(),
        "[]".to_owned(),
        "7".to_owned(),
        "\u{feff}{}".to_owned(),
        "{}".to_owned(),
        format!("{empty}{empty}"),
        deep,
        without("schemaVersion"),
        without("manifests"),
        with("schemaVersion", 1.into()),
        with("schemaVersion", 3.into()),
        with("schemaVersion", "2".into()),
        with("manifests", json!({})),
        with("manifests", json!([{}])),
        with("manifests", json!([{ "mediaType": OCI_MANIFEST, "digest": "x", "size": 1 }])),
        with("manifests", json!([{ "mediaType": OCI_MANIFEST, "digest": sha256(""), "size": -1 }])),
        with("manifests", json!([{ "mediaType": OCI_MANIFEST, "digest": sha256(""), "size": 1e99 }])),
        with("config", descriptor("a/b", "{}")),
        with("layers", json!([])),
        with("annotations", json!({ "a": 1 })),
        with("subject", json!("x")),
        with("mediaType", OCI_MANIFEST.into()),
        with("mediaType", 7.into()),
    ] {
        let shown: String = body.chars().take(80).collect();
        let answer = put(&scene, "v1", OCI_INDEX, body).await;
        assert_eq!(answer.status, 400, "{shown}: {}", answer.text);
        let text = answer.fails(400, "MANIFEST_INVALID");
        assert!(text.len() < 400, "{shown}: {text}");
        assert_eq!(text.matches("the manifest is not valid").count(), 1, "{text}");
    }
    put(&scene, "v1", OCI_INDEX, &b"\xff\xfe{}"[..]).await.fails(400, "MANIFEST_INVALID");
    is_absent(&scene, "v1").await;
}

#[tokio::test]
async fn a_manifest_that_breaks_off_is_not_stored() {
    let scene = Scene::new().await;
    let text = put(&scene, "v1", OCI_INDEX, broken("{\"schemaVersion\":2")).await;
    assert_eq!(
        text.fails(400, "MANIFEST_INVALID"),
        "the manifest is not valid: the body ended before it was complete"
    );
    is_absent(&scene, "v1").await;
}

#[tokio::test]
async fn manifests_of_schema_1_are_refused_with_advice() {
    let scene = Scene::new().await;
    let advice = "the manifest is not valid: Docker image manifests of schema 1 are not supported; push the image \
                  again with a current client";
    let old = json!({ "schemaVersion": 1, "name": "deep/web", "tag": "v1", "fsLayers": [], "history": [] });
    for media_type in [
        "application/vnd.docker.distribution.manifest.v1+json",
        "application/vnd.docker.distribution.manifest.v1+prettyjws",
    ] {
        let answer = put(&scene, "v1", media_type, old.to_string()).await;
        assert_eq!(answer.fails(400, "MANIFEST_INVALID"), advice);
    }
    let untyped = scene.call("PUT /v2/deep/web/manifests/v1").by("dev").body(old.to_string()).await;
    assert_eq!(untyped.fails(400, "MANIFEST_INVALID"), advice);
    is_absent(&scene, "v1").await;
}

#[tokio::test]
async fn a_content_type_that_no_manifest_has_is_refused() {
    let scene = Scene::new().await;
    for media_type in ["application/json", "text/plain", "x", "application/octet-stream", &"x".repeat(5000)] {
        let answer = put(&scene, "v1", media_type, index_of(&[]).to_string()).await;
        let text = answer.fails(400, "MANIFEST_INVALID");
        assert!(text.ends_with("are not supported") && text.len() < 400, "{text}");
    }
    let answer = put(&scene, "v1", OCI_MANIFEST, index_of(&[]).to_string()).await;
    answer.fails(400, "MANIFEST_INVALID");
    is_absent(&scene, "v1").await;
}

#[tokio::test]
async fn a_manifest_whose_blobs_were_not_pushed_is_refused() {
    let scene = Scene::new().await;
    scene.push_blob("deep/web", "{}").await;
    scene.push_blob("deep/other", CONTENT).await;
    let answer = put(&scene, "v1", OCI_MANIFEST, image(&[CONTENT]).to_string()).await;
    let missing = sha256(CONTENT);
    assert_eq!(
        answer.fails(400, "MANIFEST_BLOB_UNKNOWN"),
        format!("{missing} is referred to but was not pushed to this repository: push it first")
    );
    is_absent(&scene, "v1").await;
    let mut manifest = image(&[]);
    manifest["config"]["digest"] = sha256("no such config").into();
    put(&scene, "v1", OCI_MANIFEST, manifest.to_string()).await.fails(400, "MANIFEST_BLOB_UNKNOWN");
    is_absent(&scene, "v1").await;
}

#[tokio::test]
async fn an_index_whose_manifests_were_not_pushed_is_refused() {
    let scene = Scene::new().await;
    scene.push_image("deep/other", "v1", CONTENT).await;
    let child = image(&[CONTENT]);
    let answer = put(&scene, "v1", OCI_INDEX, index_of(&[&child]).to_string()).await;
    let text = answer.fails(400, "MANIFEST_BLOB_UNKNOWN");
    assert!(text.starts_with(&sha256(child.to_string())), "{text}");
    is_absent(&scene, "v1").await;
}

#[tokio::test]
async fn a_manifest_with_another_digest_than_its_address_is_refused() {
    let scene = Scene::new().await;
    let manifest = index_of(&[]).to_string();
    let (expected, actual) = (sha256("another"), sha256(&manifest));
    let answer = put(&scene, &expected, OCI_INDEX, manifest).await;
    assert_eq!(
        answer.fails(400, "DIGEST_INVALID"),
        format!("the content has the digest {actual}, not {expected}")
    );
    for digest in [&expected, &actual] {
        let line = format!("GET /v2/deep/web/manifests/{digest}");
        scene.call(line).by("dev").await.fails(404, "MANIFEST_UNKNOWN");
    }
}

#[tokio::test]
async fn a_push_that_was_refused_leaves_the_tag_where_it_was() {
    let scene = Scene::new().await;
    scene.push_image("deep/web", "v1", CONTENT).await;
    put(&scene, "v1", OCI_MANIFEST, image(&["missing"]).to_string())
        .await
        .fails(400, "MANIFEST_BLOB_UNKNOWN");
    put(&scene, "v1", OCI_MANIFEST, "{").await.fails(400, "MANIFEST_INVALID");
    let answer = scene.call("GET /v2/deep/web/manifests/v1").by("dev").await;
    answer.is(200, &image(&[CONTENT]).to_string());
}
