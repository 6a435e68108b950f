//! `/audit-logs` and `/projects/{project_name}/logs`.

use http::StatusCode;
use serde_json::json;

use super::client::{Scene, take_time};

const FORBIDDEN: &str = "forbidden: your role does not allow this";

/// A scene where `boss` added `zoe` to the project `deep`, and `admin` changed `library`.
async fn scene() -> Scene {
    let scene = Scene::new().await;
    let member = json!({ "role_id": 3, "member_user": { "username": "zoe" } });
    scene.post("/projects/deep/members", "boss", member).await.is_done(201);
    let private = json!({ "metadata": { "public": "false" } });
    scene.put("/projects/library", "admin", private).await.is_done(200);
    scene
}

#[tokio::test]
async fn administrators_of_a_project_see_what_happened_in_it_alone() {
    let scene = scene().await;
    let answer = scene.get("/projects/deep/logs", "boss").await;
    let mut lines = answer.json();
    assert_eq!(answer.header("x-total-count"), "1");
    assert!(lines[0]["id"].take().as_i64().is_some());
    take_time(&mut lines[0], "op_time");
    let expected = json!([{
        "id": null, "username": "boss", "operation": "create", "resource_type": "member",
        "resource": "deep/zoe", "op_time": null,
    }]);
    assert_eq!(lines, expected);
    scene.get("/projects/library/logs", "boss").await.is_refused(403, "FORBIDDEN", FORBIDDEN);
}

#[tokio::test]
async fn others_see_no_audit_log() {
    let scene = scene().await;
    for user in ["mia", "dev", "guest", "zoe"] {
        scene.get("/projects/deep/logs", user).await.is_refused(403, "FORBIDDEN", FORBIDDEN);
        scene.get("/audit-logs", user).await.is_refused(403, "FORBIDDEN", FORBIDDEN);
    }
    scene.get("/audit-logs", "boss").await.is_refused(403, "FORBIDDEN", FORBIDDEN);
    let nobody = "authentication required";
    scene.get("/audit-logs", "").await.is_refused(401, "UNAUTHORIZED", nobody);
    scene.get("/projects/deep/logs", "").await.is_refused(401, "UNAUTHORIZED", nobody);
    let missing = scene.get("/projects/nowhere/logs", "admin").await;
    missing.is_refused(404, "NOT_FOUND", "project nowhere does not exist");
}

#[tokio::test]
async fn administrators_see_filter_sort_and_page_everything() {
    let scene = scene().await;
    let answer = scene.get("/audit-logs?page_size=1", "admin").await;
    assert_eq!((answer.each("resource"), answer.header("x-total-count")), (vec![json!("library")], "2"));
    assert_eq!(answer.header("link"), "</api/v2.0/audit-logs?page=2&page_size=1>; rel=\"next\"");
    let oldest = scene.get("/audit-logs?sort=op_time", "admin").await;
    assert_eq!(oldest.each("resource"), ["deep/zoe", "library"]);
    let filtered = scene.get("/audit-logs?q=username=boss,resource=~ZOE", "admin").await;
    assert_eq!(filtered.each("resource"), ["deep/zoe"]);
    let past = scene.get("/audit-logs?q=op_time=[2001-01-01T00:00:00~2001-12-31T00:00:00]", "admin").await;
    assert_eq!((past.status, past.text.as_str()), (StatusCode::OK, "[]"));
    let broken = scene.get("/audit-logs?q=op_time=[yesterday~]", "admin").await;
    let rule = "op_time: a time is written 2006-01-02T15:04:05 or 2006-01-02";
    broken.is_refused(400, "BAD_REQUEST", rule);
}
