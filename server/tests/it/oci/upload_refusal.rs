//! Uploads that are refused: nothing is stored then, and nothing that was is lost.

use super::registry::{CONTENT, broken, sha256, sha512};
use crate::harbor::client::Scene;

async fn is_absent(scene: &Scene, digest: &str) {
    scene.call(format!("GET /v2/deep/web/blobs/{digest}")).by("guest").await.fails(404, "BLOB_UNKNOWN");
}

/// How many files the blob store holds.
fn files(scene: &Scene) -> usize {
    fn count(folder: &std::path::Path) -> usize {
        let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
        let paths = entries.map(|entry| entry.unwrap().path());
        paths.map(|path| if path.is_dir() { count(&path) } else { 1 }).sum()
    }
    count(&scene.world.data().join("blobs")) + count(&scene.world.data().join("uploads"))
}

#[tokio::test]
async fn a_whole_blob_with_another_digest_is_refused_and_not_stored() {
    let scene = Scene::new().await;
    let before = files(&scene);
    let (expected, actual) = (sha256("another"), sha256(CONTENT));
    let line = format!("POST /v2/deep/web/blobs/uploads/?digest={expected}");
    let text = scene.call(line).by("dev").body(CONTENT).await.fails(400, "DIGEST_INVALID");
    assert_eq!(text, format!("the content has the digest {actual}, not {expected}"));
    is_absent(&scene, &expected).await;
    is_absent(&scene, &actual).await;
    assert_eq!(files(&scene), before);
}

#[tokio::test]
async fn a_whole_blob_that_breaks_off_is_not_stored() {
    let scene = Scene::new().await;
    let before = files(&scene);
    let line = format!("POST /v2/deep/web/blobs/uploads/?digest={}", sha256("0123"));
    scene.call(line).by("dev").body(broken("0123")).await.fails(400, "BLOB_UPLOAD_INVALID");
    is_absent(&scene, &sha256("0123")).await;
    assert_eq!(files(&scene), before);
}

#[tokio::test]
async fn an_end_with_another_digest_ends_the_upload_and_stores_nothing() {
    let scene = Scene::new().await;
    let before = files(&scene);
    for digest in [sha256("another"), sha512("another")] {
        let upload = scene.open_upload("deep/web").await;
        scene.call(format!("PATCH {upload}")).by("dev").body(CONTENT).await.is_done(202);
        scene.call(format!("PUT {upload}?digest={digest}")).by("dev").await.fails(400, "DIGEST_INVALID");
        is_absent(&scene, &digest).await;
        scene.call(format!("GET {upload}")).by("dev").await.fails(404, "BLOB_UPLOAD_UNKNOWN");
    }
    is_absent(&scene, &sha256(CONTENT)).await;
    assert_eq!(files(&scene), before);
}

#[tokio::test]
async fn a_digest_that_is_none_is_refused_and_the_upload_goes_on() {
    let scene = Scene::new().await;
    let upload = scene.open_upload("deep/web").await;
    scene.call(format!("PATCH {upload}")).by("dev").body(CONTENT).await.is_done(202);
    let upper = sha256(CONTENT).to_uppercase();
    let long = format!("sha256:{}", "a".repeat(5000));
    for digest in ["", "sha256:", "sha256:abc", "md5:d41d8cd98f00b204e9800998ecf8427e", "x", &upper, &long] {
        for line in [
            format!("PUT {upload}?digest={digest}"),
            format!("POST /v2/deep/web/blobs/uploads/?digest={digest}"),
            format!("POST /v2/deep/web/blobs/uploads/?mount={digest}&from=library/web"),
        ] {
            scene.call(line).by("dev").body(CONTENT).await.fails(400, "DIGEST_INVALID");
        }
    }
    scene.call(format!("PUT {upload}")).by("dev").await.fails(400, "DIGEST_INVALID");
    assert_eq!(scene.call(format!("GET {upload}")).by("dev").await.header("range"), "0-9");
}

#[tokio::test]
async fn an_algorithm_that_is_not_offered_is_refused() {
    let scene = Scene::new().await;
    for name in ["md5", "sha384", "SHA256", ""] {
        let line = format!("POST /v2/deep/web/blobs/uploads/?digest-algorithm={name}");
        let text = scene.call(line).by("dev").await.fails(400, "DIGEST_INVALID");
        assert_eq!(text, "the digest algorithm must be sha256 or sha512");
    }
}

#[tokio::test]
async fn a_chunk_out_of_order_is_refused_and_the_upload_stays_as_it_is() {
    let scene = Scene::new().await;
    let upload = scene.open_upload("deep/web").await;
    let first = scene.call(format!("PATCH {upload}")).by("dev").header("content-range", "5-9");
    let refused = first.body("56789").await;
    refused.fails(416, "RANGE_INVALID");
    assert_eq!(refused.header("range"), "0-0");
    scene.call(format!("PATCH {upload}")).by("dev").body("0123").await.is_done(202);
    let digest = sha256(CONTENT);
    for line in [format!("PATCH {upload}"), format!("PUT {upload}?digest={digest}")] {
        for range in ["0-5", "3-8", "5-9", "18446744073709551613-18446744073709551614"] {
            let answer = scene.call(&line).by("dev").header("content-range", range).body("456789").await;
            assert_eq!(answer.fails(416, "RANGE_INVALID"), "the upload continues at byte 4");
            assert_eq!(answer.header("range"), "0-3");
        }
    }
    let end = scene.call(format!("PUT {upload}?digest={digest}")).by("dev").header("content-range", "4-9");
    end.body("456789").await.is_done(201);
}

#[tokio::test]
async fn a_chunk_that_has_not_the_length_of_its_range_is_refused_and_not_kept() {
    let scene = Scene::new().await;
    let upload = scene.open_upload("deep/web").await;
    scene.call(format!("PATCH {upload}")).by("dev").body("0123").await.is_done(202);
    for body in ["4", "4567890", ""] {
        let call = scene.call(format!("PATCH {upload}")).by("dev").header("content-range", "4-8").body(body);
        let text = call.await.fails(400, "BLOB_UPLOAD_INVALID");
        assert_eq!(text, "Content-Range: the body does not have the length of the range");
        assert_eq!(scene.call(format!("GET {upload}")).by("dev").await.header("range"), "0-3");
    }
    scene.call(format!("PATCH {upload}")).by("dev").body("456789").await.is_done(202);
    scene.call(format!("PUT {upload}?digest={}", sha256(CONTENT))).by("dev").await.is_done(201);
}

#[tokio::test]
async fn a_range_that_is_none_is_refused() {
    let scene = Scene::new().await;
    let upload = scene.open_upload("deep/web").await;
    for range in ["", "x", "9-0", "-5", "5-", "0-9/5", "lines 0-9", "0-9,11-12", "0-99999999999999999999999"]
    {
        for line in [format!("PATCH {upload}"), format!("PUT {upload}?digest={}", sha256(CONTENT))] {
            let answer = scene.call(line).by("dev").header("content-range", range).body(CONTENT).await;
            assert_eq!(
                answer.fails(400, "BLOB_UPLOAD_INVALID"),
                "Content-Range: it must be <first byte>-<last byte>"
            );
        }
    }
    let call = scene.call(format!("PATCH {upload}")).by("dev").header("content-range", b"\xff");
    call.body(CONTENT).await.fails(400, "BLOB_UPLOAD_INVALID");
    assert_eq!(scene.call(format!("GET {upload}")).by("dev").await.header("range"), "0-0");
}

#[tokio::test]
async fn an_upload_of_another_repository_is_unknown() {
    let scene = Scene::new().await;
    let upload = scene.open_upload("deep/web").await;
    scene.call(format!("PATCH {upload}")).by("dev").body("0123").await.is_done(202);
    let id = upload.rsplit('/').next().unwrap();
    for place in ["deep/other", "library/web"] {
        let other = format!("/v2/{place}/blobs/uploads/{id}");
        for line in [
            format!("GET {other}"),
            format!("PATCH {other}"),
            format!("PUT {other}?digest={}", sha256(CONTENT)),
            format!("DELETE {other}"),
        ] {
            let answer = scene.call(line).by("admin").body("456789").await;
            let text = answer.fails(404, "BLOB_UPLOAD_UNKNOWN");
            assert_eq!(text, format!("upload {id} does not exist: start a new one"));
        }
    }
    assert_eq!(scene.call(format!("GET {upload}")).by("dev").await.header("range"), "0-3");
}

#[tokio::test]
async fn an_upload_that_never_was_is_unknown() {
    let scene = Scene::new().await;
    let long = "x".repeat(4000);
    for id in ["x", "00000000-0000-0000-0000-000000000000", "..%2F..%2Fadmin", "%00", &long] {
        for method in ["GET", "PATCH", "DELETE"] {
            let line = format!("{method} /v2/deep/web/blobs/uploads/{id}");
            let answer = scene.call(line).by("dev").await;
            assert!([400, 404].contains(&answer.status.as_u16()), "{id}: {}", answer.status);
        }
    }
    let line = "PATCH /v2/deep/web/blobs/uploads/00000000-0000-0000-0000-000000000000";
    scene.call(line).by("dev").body(CONTENT).await.fails(404, "BLOB_UPLOAD_UNKNOWN");
}
