//! `/projects/{project_name_or_id}/members`.

use serde_json::json;

use super::client::Scene;

#[tokio::test]
async fn a_member_is_added_shown_changed_and_removed() {
    let scene = Scene::new().await;
    let new = json!({ "role_id": 5, "member_user": { "username": "zoe" } });
    let made = scene.post("/projects/deep/members", "boss", new.clone()).await;
    made.is_done(201);
    let path = made.header("location").strip_prefix("/api/v2.0").unwrap().to_owned();
    assert!(path.starts_with("/projects/deep/members/"));
    let shown = scene.get(&path, "boss").await.json();
    let expected = json!({
        "id": shown["id"], "project_id": shown["project_id"], "entity_name": "zoe", "role_name": "limitedGuest",
        "role_id": 5, "entity_id": shown["entity_id"], "entity_type": "u",
    });
    assert_eq!(shown, expected);
    assert_eq!(scene.get("/projects/deep", "zoe").await.status, 200);

    scene.post("/projects/deep/members", "boss", new).await.is_refused(
        409,
        "CONFLICT",
        "member zoe exists already",
    );
    scene.put(&path, "boss", json!({ "role_id": 2 })).await.is_done(200);
    assert_eq!(scene.get(&path, "boss").await.json()["role_name"], "developer");
    scene.delete(&path, "boss").await.is_done(200);
    assert_eq!(scene.get(&path, "boss").await.status, 404);
    assert_eq!(scene.get("/projects/deep", "zoe").await.status, 403);
}

#[tokio::test]
async fn members_are_listed_by_name() {
    let scene = Scene::new().await;
    let listed = scene.get("/projects/deep/members", "guest").await;
    assert_eq!(listed.each("entity_name"), ["boss", "dev", "guest", "mia"]);
    assert_eq!(listed.header("x-total-count"), "4");
    assert_eq!(
        scene.get("/projects/deep/members?entityname=E", "guest").await.each("entity_name"),
        ["dev", "guest"]
    );
}

#[tokio::test]
async fn bad_members_are_refused() {
    let scene = Scene::new().await;
    let add = async |user: &str, body| scene.post("/projects/deep/members", user, body).await;
    let unknown = add("boss", json!({ "role_id": 1, "member_user": { "username": "nemo" } })).await;
    unknown.is_refused(404, "NOT_FOUND", "user nemo does not exist");
    let zoe = json!({ "username": "zoe" });
    for body in
        [json!({ "role_id": 9, "member_user": zoe }), json!({ "role_id": 1 }), json!({ "member_user": zoe })]
    {
        let answer = add("boss", body).await;
        assert_eq!(
            (answer.status.as_u16(), &answer.json()["errors"][0]["code"]),
            (400, &json!("BAD_REQUEST"))
        );
    }
    let forbidden = "forbidden: your role does not allow this";
    let body = json!({ "role_id": 1, "member_user": zoe });
    add("mia", body.clone()).await.is_refused(403, "FORBIDDEN", forbidden);
    add("", body).await.is_refused(401, "UNAUTHORIZED", "authentication required");
    scene.get("/projects/library/members", "zoe").await.is_refused(403, "FORBIDDEN", forbidden);
    scene.get("/projects/deep/members/x", "boss").await.is_refused(
        422,
        "UNPROCESSABLE_ENTITY",
        "mid in path must be of type int64: \"x\"",
    );
}

#[tokio::test]
async fn a_member_of_another_project_is_not_found() {
    let scene = Scene::new().await;
    let id = scene.get("/projects/deep/members", "boss").await.json()[0]["id"].clone();
    scene.post("/projects", "boss", json!({ "project_name": "mine" })).await.is_done(201);
    let path = format!("/projects/mine/members/{id}");
    scene.delete(&path, "boss").await.is_refused(404, "NOT_FOUND", &format!("member {id} does not exist"));
}
