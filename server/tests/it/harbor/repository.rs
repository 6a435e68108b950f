//! `/repositories` and `/projects/{project_name}/repositories`.

use serde_json::json;

use super::client::{Scene, index, take_time};

#[tokio::test]
async fn a_repository_is_shown_described_and_removed() {
    let scene = Scene::new().await;
    scene.push("deep/a/b", "v1", index(1)).await;
    let path = "/projects/deep/repositories/a%252Fb";
    let mut shown = scene.get(path, "guest").await.json();
    take_time(&mut shown, "creation_time");
    take_time(&mut shown, "update_time");
    let expected = json!({
        "id": shown["id"], "project_id": shown["project_id"], "name": "deep/a/b", "artifact_count": 1,
        "pull_count": 0, "creation_time": null, "update_time": null,
    });
    assert_eq!(shown, expected);

    scene.put(path, "dev", json!({ "description": "<b> & all" })).await.is_done(200);
    assert_eq!(scene.get(path, "guest").await.json()["description"], "<b> & all");
    let forbidden = "forbidden: your role does not allow this";
    scene.put(path, "guest", json!({ "description": "no" })).await.is_refused(403, "FORBIDDEN", forbidden);
    scene.delete(path, "dev").await.is_refused(403, "FORBIDDEN", forbidden);
    scene.delete(path, "mia").await.is_done(200);
    scene.get(path, "guest").await.is_refused(404, "NOT_FOUND", "repository deep/a/b does not exist");
    scene.delete(path, "mia").await.is_refused(404, "NOT_FOUND", "repository deep/a/b does not exist");
}

#[tokio::test]
async fn lists_hold_what_the_caller_may_see() {
    let scene = Scene::new().await;
    scene.push("deep/a", "v1", index(1)).await;
    scene.push("library/b", "v1", index(1)).await;
    let names = async |path: &str, user: &str| scene.get(path, user).await.each("name");
    assert_eq!(names("/repositories", "").await, ["library/b"]);
    assert_eq!(names("/repositories", "zoe").await, ["library/b"]);
    assert_eq!(names("/repositories", "guest").await, ["deep/a", "library/b"]);
    assert_eq!(names("/repositories?q=name=~DEEP", "guest").await, ["deep/a"]);
    assert_eq!(names("/projects/deep/repositories", "guest").await, ["deep/a"]);
    assert_eq!(names("/projects/library/repositories", "").await, ["library/b"]);
    assert_eq!(scene.get("/projects/deep/repositories", "guest").await.header("x-total-count"), "1");
    assert_eq!(scene.get("/projects/deep/repositories", "zoe").await.status, 403);
    assert_eq!(scene.get("/projects/deep/repositories", "").await.status, 401);
}

#[tokio::test]
async fn a_single_repository_of_a_public_project_is_for_members() {
    let scene = Scene::new().await;
    scene.push("library/b", "v1", index(1)).await;
    assert_eq!(scene.get("/projects/library/repositories/b", "").await.status, 401);
    assert_eq!(scene.get("/projects/library/repositories/b", "zoe").await.status, 403);
    assert_eq!(scene.get("/projects/library/repositories/b", "admin").await.status, 200);
}
