//! Blobs on their way in: whole, in one stream, and in chunks.

use super::registry::{CONTENT, broken, sha256, sha512, streamed};
use crate::harbor::client::Scene;

async fn holds(scene: &Scene, digest: &str, content: &str) {
    scene.call(format!("GET /v2/deep/web/blobs/{digest}")).by("guest").await.is(200, content);
}

#[tokio::test]
async fn a_blob_is_taken_whole_in_one_request() {
    let scene = Scene::new().await;
    for digest in [sha256(CONTENT), sha512(CONTENT)] {
        let line = format!("POST /v2/deep/web/blobs/uploads/?digest={digest}");
        let answer = scene.call(line).by("dev").body(CONTENT).await;
        answer.is_done(201);
        assert_eq!(answer.header("location"), format!("/v2/deep/web/blobs/{digest}"));
        assert_eq!(answer.header("docker-content-digest"), digest);
        holds(&scene, &digest, CONTENT).await;
    }
}

#[tokio::test]
async fn a_blob_of_unknown_length_is_taken_in_one_request() {
    let scene = Scene::new().await;
    let digest = sha256(CONTENT);
    let line = format!("POST /v2/deep/web/blobs/uploads/?digest={digest}");
    scene.call(line).by("dev").body(streamed(CONTENT)).await.is_done(201);
    holds(&scene, &digest, CONTENT).await;
}

#[tokio::test]
async fn a_request_without_bytes_opens_an_upload_although_it_names_a_digest() {
    let scene = Scene::new().await;
    let digest = sha256(CONTENT);
    let answer = scene.call(format!("POST /v2/deep/web/blobs/uploads/?digest={digest}")).by("dev").await;
    answer.is_done(202);
    let upload = answer.header("location").to_owned();
    let done = scene.call(format!("PUT {upload}?digest={digest}")).by("dev").body(CONTENT).await;
    done.is_done(201);
    holds(&scene, &digest, CONTENT).await;
}

#[tokio::test]
async fn the_blob_of_no_bytes_is_taken_whole_in_one_request() {
    let scene = Scene::new().await;
    for digest in [sha256(""), sha512("")] {
        let line = format!("POST /v2/deep/web/blobs/uploads/?digest={digest}");
        scene.call(line).by("dev").await.is_done(201);
        holds(&scene, &digest, "").await;
    }
}

#[tokio::test]
async fn an_upload_says_where_it_goes_on() {
    let scene = Scene::new().await;
    for path in ["/v2/deep/web/blobs/uploads/", "/v2/deep/web/blobs/uploads"] {
        let answer = scene.call(format!("POST {path}")).by("dev").await;
        answer.is_done(202);
        let id = answer.header("docker-upload-uuid").to_owned();
        let upload = answer.header("location");
        assert_eq!(upload, format!("/v2/deep/web/blobs/uploads/{id}"));
        assert_eq!(answer.header("range"), "0-0");
        let state = scene.call(format!("GET {upload}")).by("dev").await;
        state.is_done(204);
        assert_eq!((state.header("range"), state.header("location")), ("0-0", upload));
        assert_eq!(state.header("docker-upload-uuid"), id);
    }
}

#[tokio::test]
async fn an_upload_ends_with_the_whole_blob() {
    let scene = Scene::new().await;
    let digest = sha256(CONTENT);
    let upload = scene.open_upload("deep/web").await;
    let answer = scene.call(format!("PUT {upload}?digest={digest}")).by("dev").body(CONTENT).await;
    answer.is_done(201);
    assert_eq!(answer.header("location"), format!("/v2/deep/web/blobs/{digest}"));
    assert_eq!(answer.header("docker-content-digest"), digest);
    holds(&scene, &digest, CONTENT).await;
    scene.call(format!("GET {upload}")).by("dev").await.fails(404, "BLOB_UPLOAD_UNKNOWN");
}

#[tokio::test]
async fn an_upload_takes_chunks_in_order() {
    let scene = Scene::new().await;
    let upload = scene.open_upload("deep/web").await;
    for (range, chunk, so_far) in [("0-3", "0123", "0-3"), ("4-6", "456", "0-6"), ("7-7", "7", "0-7")] {
        let call = scene.call(format!("PATCH {upload}")).by("dev").header("content-range", range).body(chunk);
        let answer = call.await;
        answer.is_done(202);
        assert_eq!((answer.header("range"), answer.header("location")), (so_far, upload.as_str()));
        assert_eq!(scene.call(format!("GET {upload}")).by("dev").await.header("range"), so_far);
    }
    let digest = sha256(CONTENT);
    let end = scene.call(format!("PUT {upload}?digest={digest}")).by("dev").header("content-range", "8-9");
    end.body("89").await.is_done(201);
    holds(&scene, &digest, CONTENT).await;
}

#[tokio::test]
async fn a_range_may_be_written_as_http_writes_it() {
    let scene = Scene::new().await;
    let upload = scene.open_upload("deep/web").await;
    let call = scene.call(format!("PATCH {upload}")).by("dev").header("content-range", "bytes 0-9/10");
    call.body(CONTENT).await.is_done(202);
    scene.call(format!("PUT {upload}?digest={}", sha256(CONTENT))).by("dev").await.is_done(201);
}

#[tokio::test]
async fn an_upload_takes_a_stream_without_a_range() {
    let scene = Scene::new().await;
    let upload = scene.open_upload("deep/web").await;
    for (part, so_far) in [("01234", "0-4"), ("56789", "0-9")] {
        let answer = scene.call(format!("PATCH {upload}")).by("dev").body(streamed(part)).await;
        answer.is_done(202);
        assert_eq!(answer.header("range"), so_far);
    }
    let digest = sha256(CONTENT);
    scene.call(format!("PUT {upload}?digest={digest}")).by("dev").await.is_done(201);
    holds(&scene, &digest, CONTENT).await;
}

#[tokio::test]
async fn chunks_may_end_in_a_sha512_digest_that_was_not_announced() {
    let scene = Scene::new().await;
    let upload = scene.open_upload("deep/web").await;
    for part in ["01234", "567"] {
        scene.call(format!("PATCH {upload}")).by("dev").body(part).await.is_done(202);
    }
    let digest = sha512(CONTENT);
    scene.call(format!("PUT {upload}?digest={digest}")).by("dev").body("89").await.is_done(201);
    holds(&scene, &digest, CONTENT).await;
}

#[tokio::test]
async fn an_announced_algorithm_is_used_and_another_may_still_end_the_upload() {
    let scene = Scene::new().await;
    for digest in [sha512(CONTENT), sha256(CONTENT)] {
        let line = "POST /v2/deep/web/blobs/uploads/?digest-algorithm=sha512";
        let answer = scene.call(line).by("dev").await;
        answer.is_done(202);
        let upload = answer.header("location").to_owned();
        scene.call(format!("PATCH {upload}")).by("dev").body(CONTENT).await.is_done(202);
        scene.call(format!("PUT {upload}?digest={digest}")).by("dev").await.is_done(201);
        holds(&scene, &digest, CONTENT).await;
    }
}

#[tokio::test]
async fn a_blob_that_is_here_already_may_be_pushed_again() {
    let scene = Scene::new().await;
    for _ in 0..2 {
        let digest = scene.push_blob("deep/web", CONTENT).await;
        holds(&scene, &digest, CONTENT).await;
    }
}

#[tokio::test]
async fn what_arrived_of_a_broken_chunk_is_kept_and_counted() {
    let scene = Scene::new().await;
    let upload = scene.open_upload("deep/web").await;
    let call = scene.call(format!("PATCH {upload}")).by("dev").header("content-range", "0-9");
    let text = call.body(broken("0123")).await.fails(400, "BLOB_UPLOAD_INVALID");
    assert_eq!(text, "the body ended before it was complete");
    assert_eq!(scene.call(format!("GET {upload}")).by("dev").await.header("range"), "0-3");
    let rest = scene.call(format!("PATCH {upload}")).by("dev").header("content-range", "4-9");
    rest.body("456789").await.is_done(202);
    let digest = sha256(CONTENT);
    scene.call(format!("PUT {upload}?digest={digest}")).by("dev").await.is_done(201);
    holds(&scene, &digest, CONTENT).await;
}

#[tokio::test]
async fn what_arrived_of_a_broken_end_is_kept_and_counted() {
    let scene = Scene::new().await;
    let upload = scene.open_upload("deep/web").await;
    let digest = sha256(CONTENT);
    let end = format!("PUT {upload}?digest={digest}");
    scene.call(&end).by("dev").body(broken("012345")).await.fails(400, "BLOB_UPLOAD_INVALID");
    assert_eq!(scene.call(format!("GET {upload}")).by("dev").await.header("range"), "0-5");
    scene.call(&end).by("dev").body("6789").await.is_done(201);
    holds(&scene, &digest, CONTENT).await;
}

#[tokio::test]
async fn of_two_chunks_for_one_place_one_is_taken() {
    let scene = Scene::new().await;
    let upload = scene.open_upload("deep/web").await;
    let patch = async |body: &'static str| {
        let call = scene.call(format!("PATCH {upload}")).by("dev").header("content-range", "0-4");
        call.body(body).await.status.as_u16()
    };
    let mut answers: [u16; 2] = futures::join!(patch("01234"), patch("01234")).into();
    answers.sort_unstable();
    assert!(answers == [202, 416] || answers == [202, 409], "{answers:?}");
    let digest = sha256(CONTENT);
    let end = scene.call(format!("PUT {upload}?digest={digest}")).by("dev").header("content-range", "5-9");
    end.body("56789").await.is_done(201);
    holds(&scene, &digest, CONTENT).await;
}

#[tokio::test]
async fn an_upload_that_is_given_up_is_gone() {
    let scene = Scene::new().await;
    let upload = scene.open_upload("deep/web").await;
    scene.call(format!("PATCH {upload}")).by("dev").body(CONTENT).await.is_done(202);
    scene.call(format!("DELETE {upload}")).by("dev").await.is_done(204);
    for line in [
        format!("GET {upload}"),
        format!("PATCH {upload}"),
        format!("PUT {upload}?digest={}", sha256(CONTENT)),
        format!("DELETE {upload}"),
    ] {
        scene.call(line).by("dev").body(CONTENT).await.fails(404, "BLOB_UPLOAD_UNKNOWN");
    }
}

#[tokio::test]
async fn an_upload_outlives_the_server() {
    let scene = Scene::new().await;
    let upload = scene.open_upload("deep/web").await;
    scene.call(format!("PATCH {upload}")).by("dev").body("01234").await.is_done(202);
    let scene = scene.restart().await;
    assert_eq!(scene.call(format!("GET {upload}")).by("dev").await.header("range"), "0-4");
    scene.call(format!("PATCH {upload}")).by("dev").body("56789").await.is_done(202);
    let digest = sha256(CONTENT);
    scene.call(format!("PUT {upload}?digest={digest}")).by("dev").await.is_done(201);
    holds(&scene, &digest, CONTENT).await;
}
