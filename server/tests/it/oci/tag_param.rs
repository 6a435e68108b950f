//! A push by digest that sets tags, and changes that are made on a condition.

use futures::future::join_all;
use serde_json::{Value, json};
use types::oci::media_type::OCI_MANIFEST;

use super::registry::{CONTENT, image, sha256, sha512};
use crate::harbor::client::{Answer, Scene};

async fn scene() -> Scene {
    let scene = Scene::new().await;
    scene.push_blob("deep/web", "{}").await;
    scene.push_blob("deep/web", CONTENT).await;
    scene
}

async fn put(scene: &Scene, at: &str, manifest: &Value, headers: &[(&str, &str)]) -> Answer {
    let call = scene.call(format!("PUT /v2/deep/web/manifests/{at}")).by("dev");
    let call = headers.iter().fold(call, |call, (name, value)| call.header(name, value));
    call.header("content-type", OCI_MANIFEST).body(manifest.to_string()).await
}

fn set_by(answer: &Answer) -> Vec<&str> {
    answer.headers.get_all("oci-tag").iter().map(|tag| tag.to_str().unwrap()).collect()
}

fn query(tags: usize) -> String {
    let tags: Vec<String> = (0..tags).map(|number| format!("tag=v{number}")).collect();
    tags.join("&")
}

#[tokio::test]
async fn a_push_by_digest_sets_every_tag_it_names() {
    let scene = scene().await;
    let manifest = image(&[CONTENT]);
    for digest in [sha256(manifest.to_string()), sha512(manifest.to_string())] {
        let answer = put(&scene, &format!("{digest}?tag=b&tag=a&tag=b"), &manifest, &[]).await;
        answer.is_done(201);
        assert_eq!(set_by(&answer), ["b", "a"]);
        assert_eq!(answer.header("location"), format!("/v2/deep/web/manifests/{digest}"));
        for tag in ["a", "b"] {
            let found = scene.call(format!("HEAD /v2/deep/web/manifests/{tag}")).by("guest").await;
            assert_eq!(found.header("docker-content-digest"), digest);
        }
    }
    let by_tag = put(&scene, "c", &manifest, &[]).await;
    assert!(set_by(&by_tag).is_empty());
}

#[tokio::test]
async fn a_hundred_tags_are_set_at_once_and_more_are_too_many() {
    let scene = scene().await;
    let manifest = image(&[CONTENT]);
    let digest = sha256(manifest.to_string());
    let answer = put(&scene, &format!("{digest}?{}", query(101)), &manifest, &[]).await;
    answer.fails(414, "MANIFEST_INVALID");
    scene.call("GET /v2/deep/web/tags/list").by("guest").await.fails(404, "NAME_UNKNOWN");
    let answer = put(&scene, &format!("{digest}?{}", query(100)), &manifest, &[]).await;
    answer.is_done(201);
    assert_eq!(set_by(&answer).len(), 100);
    let tags = scene.call("GET /v2/deep/web/tags/list").by("guest").await.json();
    assert_eq!(tags["tags"].as_array().unwrap().len(), 100);
}

#[tokio::test]
async fn one_tag_that_is_none_refuses_the_whole_push() {
    let scene = scene().await;
    let manifest = image(&[CONTENT]);
    let digest = sha256(manifest.to_string());
    for bad in ["", "-x", "a%20b", "a/b", &"x".repeat(129)] {
        let answer = put(&scene, &format!("{digest}?tag=good&tag={bad}"), &manifest, &[]).await;
        answer.fails(400, "MANIFEST_INVALID");
    }
    put(&scene, "v1?tag=v2", &manifest, &[]).await.fails(400, "MANIFEST_INVALID");
    scene.call("GET /v2/deep/web/tags/list").by("guest").await.fails(404, "NAME_UNKNOWN");
}

#[tokio::test]
async fn of_twenty_who_make_a_tag_one_is_told_so() {
    let scene = scene().await;
    let manifests = [image(&[CONTENT]), image(&[])];
    let racers = (0..20).map(|n| put(&scene, "v1", &manifests[n % 2], &[("if-none-match", "*")]));
    let mut statuses: Vec<u16> = join_all(racers).await.iter().map(|one| one.status.as_u16()).collect();
    statuses.sort_unstable();
    assert_eq!((statuses[0], &statuses[1..]), (201, &[412; 19][..]));
}

#[tokio::test]
async fn a_tag_moves_and_goes_only_from_where_the_client_saw_it() {
    let scene = scene().await;
    let (old, new) = (image(&[CONTENT]), image(&[]));
    let [is_old, is_new] = [&old, &new].map(|one| format!("\"{}\"", sha256(one.to_string())));
    let missing = put(&scene, "v1", &old, &[("if-match", "*")]).await.fails(412, "PRECONDITION");
    assert_eq!(missing, "v1 does not exist");
    put(&scene, "v1", &old, &[]).await.is_done(201);
    put(&scene, "v1", &new, &[("if-match", &is_new)]).await.fails(412, "PRECONDITION");
    put(&scene, "v1", &new, &[("if-match", &is_old)]).await.is_done(201);
    let at = format!("{}?tag=v1&tag=v2", sha256(old.to_string()));
    put(&scene, &at, &old, &[("if-none-match", "*")]).await.fails(412, "PRECONDITION");
    scene.call("GET /v2/deep/web/manifests/v2").by("guest").await.fails(404, "MANIFEST_UNKNOWN");
    let delete = |condition: String| {
        scene.call("DELETE /v2/deep/web/manifests/v1").by("mia").header("if-match", condition)
    };
    delete(is_old).await.fails(412, "PRECONDITION");
    delete(is_new).await.is_done(202);
}

#[tokio::test]
async fn a_header_that_is_no_condition_is_refused() {
    let scene = scene().await;
    let manifest = image(&[CONTENT]);
    for name in ["if-match", "if-none-match"] {
        for bad in ["", "x", "\"x\"", "\"*\""] {
            put(&scene, "v1", &manifest, &[(name, bad)]).await.fails(400, "MANIFEST_INVALID");
        }
        let delete = scene.call("DELETE /v2/deep/web/manifests/v1").by("mia").header(name, "x");
        delete.await.fails(400, "MANIFEST_INVALID");
    }
}

#[tokio::test]
async fn the_history_of_a_tag_is_read_in_pages() {
    let scene = scene().await;
    let (old, new) = (image(&[CONTENT]), image(&[]));
    for manifest in [&old, &old, &new] {
        put(&scene, "v1", manifest, &[]).await.is_done(201);
    }
    scene.call("DELETE /v2/deep/web/manifests/v1").by("mia").await.is_done(202);
    let path = "/projects/deep/repositories/web/tags/v1/history";
    let answer = scene.get(path, "guest").await;
    assert_eq!(answer.header("x-total-count"), "3");
    let mut changes = answer.json();
    for change in changes.as_array_mut().unwrap() {
        crate::harbor::client::take_time(change, "op_time");
    }
    let [old, new] = [&old, &new].map(|one| sha256(one.to_string()));
    let expected = json!([
        { "old_digest": new, "operator": "mia", "op_time": null },
        { "old_digest": old, "new_digest": new, "operator": "dev", "op_time": null },
        { "new_digest": old, "operator": "dev", "op_time": null },
    ]);
    assert_eq!(changes, expected);
    let second = scene.get(&format!("{path}?page=2&page_size=2"), "guest").await;
    assert_eq!(second.each("operator"), ["dev"]);
    assert_eq!(scene.get(path, "zoe").await.status, 403);
    assert_eq!(scene.get(path, "").await.status, 401);
    assert_eq!(scene.delete(path, "mia").await.status, 405);
}
