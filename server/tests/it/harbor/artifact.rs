//! Artifacts and tags of a repository.

use serde_json::json;

use super::client::{Scene, index, take_time};

const PATH: &str = "/projects/deep/repositories/app/artifacts";

#[tokio::test]
async fn an_artifact_is_shown_by_tag_and_by_digest() {
    let scene = Scene::new().await;
    let manifest = index(1);
    let size = manifest.len();
    let digest = scene.push("deep/app", "v1", manifest).await;
    let mut shown = scene.get(&format!("{PATH}/v1"), "guest").await.json();
    take_time(&mut shown, "push_time");
    take_time(&mut shown["tags"][0], "push_time");
    let id = shown["id"].clone();
    let never = "0001-01-01T00:00:00.000Z";
    let tag = json!({
        "id": shown["tags"][0]["id"], "repository_id": shown["repository_id"], "artifact_id": id, "name": "v1",
        "push_time": null, "pull_time": never, "immutable": false,
    });
    let media_type = "application/vnd.oci.image.index.v1+json";
    let expected = json!({
        "id": id, "type": "IMAGE", "media_type": media_type, "manifest_media_type": media_type,
        "artifact_type": media_type, "project_id": shown["project_id"], "repository_id": shown["repository_id"],
        "repository_name": "deep/app", "digest": digest, "size": size, "push_time": null, "pull_time": never,
        "annotations": { "number": "1" }, "references": null, "tags": [tag], "labels": null, "accessories": null,
    });
    assert_eq!(shown, expected);
    assert_eq!(scene.get(&format!("{PATH}/{digest}"), "guest").await.json()["id"], id);
    assert_eq!(scene.get(&format!("{PATH}/v1?with_tag=false"), "guest").await.json()["tags"], json!(null));
}

#[tokio::test]
async fn artifacts_are_listed_and_filtered() {
    let scene = Scene::new().await;
    let first = scene.push("deep/app", "v1", index(1)).await;
    let second = scene.push("deep/app", "v2", index(2)).await;
    let listed = scene.get(PATH, "guest").await;
    assert_eq!(listed.each("digest").len(), 2);
    assert_eq!(listed.header("x-total-count"), "2");
    assert_eq!(scene.get(&format!("{PATH}?q=tags=v1"), "guest").await.each("digest"), [first.as_str()]);
    assert_eq!(
        scene.get(&format!("{PATH}?q=digest={second}"), "guest").await.each("digest"),
        [second.as_str()]
    );
    assert_eq!(scene.get(&format!("{PATH}?q=tags=nil"), "guest").await.each("digest").len(), 0);
    assert_eq!(
        scene.get(&format!("{PATH}?with_tag=false"), "guest").await.each("tags"),
        [json!(null), json!(null)]
    );
}

#[tokio::test]
async fn a_tag_is_added_listed_and_removed() {
    let scene = Scene::new().await;
    scene.push("deep/app", "v1", index(1)).await;
    scene.push("deep/app", "v2", index(2)).await;
    let tags = format!("{PATH}/v1/tags");
    let made = scene.post(&tags, "dev", json!({ "name": "stable" })).await;
    made.is_done(201);
    assert!(made.headers.get("location").is_none());
    assert_eq!(scene.get(&format!("{tags}?sort=name"), "guest").await.each("name"), ["stable", "v1"]);
    assert_eq!(scene.get(&tags, "guest").await.header("x-total-count"), "2");
    scene.post(&tags, "dev", json!({ "name": "v2" })).await.is_refused(
        409,
        "CONFLICT",
        "tag v2 exists already",
    );
    for bad in ["", "-x", "a b", &"x".repeat(129)] {
        let answer = scene.post(&tags, "dev", json!({ "name": bad })).await;
        assert_eq!(
            (answer.status.as_u16(), &answer.json()["errors"][0]["code"]),
            (400, &json!("BAD_REQUEST"))
        );
    }
    let forbidden = "forbidden: your role does not allow this";
    scene.post(&tags, "guest", json!({ "name": "x" })).await.is_refused(403, "FORBIDDEN", forbidden);
    scene.delete(&format!("{tags}/stable"), "dev").await.is_refused(403, "FORBIDDEN", forbidden);
    scene.delete(&format!("{tags}/v2"), "mia").await.is_refused(404, "NOT_FOUND", "tag v2 does not exist");
    scene.delete(&format!("{tags}/stable"), "mia").await.is_done(200);
    scene.delete(&format!("{tags}/-x"), "mia").await.is_refused(404, "NOT_FOUND", "tag -x does not exist");
    assert_eq!(scene.get(&tags, "guest").await.each("name"), ["v1"]);
}

#[tokio::test]
async fn an_artifact_goes_with_all_its_tags() {
    let scene = Scene::new().await;
    let digest = scene.push("deep/app", "v1", index(1)).await;
    scene.post(&format!("{PATH}/v1/tags"), "dev", json!({ "name": "v2" })).await.is_done(201);
    scene.delete(&format!("{PATH}/v1"), "mia").await.is_done(200);
    for gone in ["v1", "v2", &digest] {
        let message = format!("manifest {gone} is not in this repository");
        scene.get(&format!("{PATH}/{gone}"), "guest").await.is_refused(404, "NOT_FOUND", &message);
    }
}

#[tokio::test]
async fn a_child_of_an_index_stays() {
    let scene = Scene::new().await;
    let child = index(1);
    let digest = scene.push("deep/app", "child", child.clone()).await;
    let media_type = "application/vnd.oci.image.index.v1+json";
    let entry = json!({ "mediaType": media_type, "digest": digest, "size": child.len() });
    let parent = json!({ "schemaVersion": 2, "mediaType": media_type, "manifests": [entry] });
    scene.push("deep/app", "parent", parent.to_string()).await;
    let refused = scene.delete(&format!("{PATH}/{digest}"), "mia").await;
    assert_eq!(
        (refused.status.as_u16(), &refused.json()["errors"][0]["code"]),
        (412, &json!("PRECONDITION"))
    );
    let references = scene.get(&format!("{PATH}/parent"), "guest").await.json()["references"].clone();
    assert_eq!(references[0]["child_digest"], digest);
    scene.delete(&format!("{PATH}/parent"), "mia").await.is_done(200);
    scene.delete(&format!("{PATH}/{digest}"), "mia").await.is_done(200);
}

#[tokio::test]
async fn artifacts_of_a_private_project_are_hidden() {
    let scene = Scene::new().await;
    scene.push("deep/app", "v1", index(1)).await;
    for path in [PATH.to_owned(), format!("{PATH}/v1"), format!("{PATH}/v1/tags")] {
        assert_eq!(scene.get(&path, "").await.status, 401, "{path}");
        assert_eq!(scene.get(&path, "zoe").await.status, 403, "{path}");
    }
    let missing = scene.get("/projects/deep/repositories/none/artifacts", "dev").await;
    missing.is_refused(404, "NOT_FOUND", "repository deep/none does not exist");
}
