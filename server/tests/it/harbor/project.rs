//! `/projects`.

use axum::body::Body;
use http::{Method, header};
use serde_json::json;

use super::client::{Scene, index, request, take_time};

#[tokio::test]
async fn a_project_is_made_shown_changed_and_removed() {
    let scene = Scene::new().await;
    let made = scene.post("/projects", "zoe", json!({ "project_name": "tools", "public": true })).await;
    made.is_done(201);
    let path = made.header("location").strip_prefix("/api/v2.0").unwrap().to_owned();
    let mut shown = scene.get(&path, "zoe").await.json();
    take_time(&mut shown, "creation_time");
    take_time(&mut shown, "update_time");
    let (id, owner) = (shown["project_id"].take(), shown["owner_id"].take());
    assert_eq!(path, format!("/projects/{id}"));
    assert!(owner.is_i64());
    let expected = json!({
        "project_id": null, "owner_id": null, "name": "tools", "owner_name": "zoe", "repo_count": 0,
        "creation_time": null, "update_time": null, "metadata": { "public": "true" }, "togglable": true,
        "current_user_role_id": 1, "current_user_role_ids": [1],
    });
    assert_eq!(shown, expected);

    scene.put("/projects/tools", "zoe", json!({ "metadata": { "public": "false" } })).await.is_done(200);
    assert_eq!(scene.get("/projects/tools", "zoe").await.json()["metadata"]["public"], "false");
    scene.delete(&path, "zoe").await.is_done(200);
    scene.get("/projects/tools", "admin").await.is_refused(404, "NOT_FOUND", "project tools does not exist");
}

#[tokio::test]
async fn the_address_of_a_new_project_has_its_name_where_asked_for() {
    let scene = Scene::new().await;
    let request = request(Method::POST, "/api/v2.0/projects", "zoe")
        .header(header::CONTENT_TYPE, "application/json")
        .header("x-resource-name-in-location", "true");
    let made = scene.answer(request.body(r#"{"project_name":"tools"}"#.into()).unwrap()).await;
    made.is_done(201);
    assert_eq!(made.header("location"), "/api/v2.0/projects/tools");
}

#[tokio::test]
async fn bad_and_taken_projects_are_refused() {
    let scene = Scene::new().await;
    for name in ["", "Upper", "a b", "a__b", "-a", &"x".repeat(256)] {
        let answer = scene.post("/projects", "zoe", json!({ "project_name": name })).await;
        assert_eq!(
            (answer.status.as_u16(), &answer.json()["errors"][0]["code"]),
            (400, &json!("BAD_REQUEST"))
        );
    }
    let taken = scene.post("/projects", "zoe", json!({ "project_name": "deep" })).await;
    taken.is_refused(409, "CONFLICT", "project deep exists already");
    let odd = scene
        .post("/projects", "zoe", json!({ "project_name": "x", "metadata": { "public": "maybe" } }))
        .await;
    odd.is_refused(400, "BAD_REQUEST", "metadata.public: it must be \"true\" or \"false\"");
    let proxy = scene.post("/projects", "zoe", json!({ "project_name": "x", "registry_id": 1 })).await;
    proxy.is_refused(400, "UNSUPPORTED", "proxy-cache projects are not offered: leave registry_id out");
    let nobody = scene.post("/projects", "", json!({ "project_name": "x" })).await;
    nobody.is_refused(401, "UNAUTHORIZED", "authentication required");
}

#[tokio::test]
async fn a_name_that_is_a_number_is_a_name_where_the_header_says_so() {
    let scene = Scene::new().await;
    scene.post("/projects", "zoe", json!({ "project_name": "777" })).await.is_done(201);
    let find = async |flag: &str| {
        let request =
            request(Method::GET, "/api/v2.0/projects/777", "zoe").header("x-is-resource-name", flag);
        scene.answer(request.body(Body::empty()).unwrap()).await
    };
    assert_eq!(find("true").await.json()["name"], "777");
    assert_eq!(find("false").await.status, 403);
}

#[tokio::test]
async fn head_tells_whether_a_name_is_taken() {
    let scene = Scene::new().await;
    let head = async |query: &str, user: &str| {
        scene.send(Method::HEAD, &format!("/projects{query}"), user, None).await.status.as_u16()
    };
    assert_eq!(head("?project_name=deep", "zoe").await, 200);
    assert_eq!(head("?project_name=none", "zoe").await, 404);
    assert_eq!(head("?project_name=deep", "").await, 401);
    assert_eq!(head("", "zoe").await, 422);
}

#[tokio::test]
async fn lists_hold_what_the_caller_may_see() {
    let scene = Scene::new().await;
    let names = async |query: &str, user: &str| {
        let answer = scene.get(&format!("/projects{query}"), user).await;
        assert_eq!(answer.header("x-total-count"), answer.json().as_array().unwrap().len().to_string());
        answer.each("name")
    };
    assert_eq!(names("", "").await, ["library"]);
    assert_eq!(names("", "zoe").await, ["library"]);
    assert_eq!(names("", "guest").await, ["deep", "library"]);
    assert_eq!(names("", "admin").await, ["deep", "library"]);
    assert_eq!(names("?public=false", "admin").await, ["deep"]);
    assert_eq!(names("?public=false", "").await.len(), 0);
    assert_eq!(names("?name=LIB", "admin").await, ["library"]);
    assert_eq!(names("?owner=zoe", "admin").await.len(), 0);
    assert_eq!(names("?sort=-name", "admin").await, ["library", "deep"]);
    assert_eq!(names("?q=name=deep", "admin").await, ["deep"]);
}

#[tokio::test]
async fn a_missing_project_is_403_for_users_and_404_for_administrators() {
    let scene = Scene::new().await;
    let forbidden = "forbidden: your role does not allow this";
    for path in ["/projects/none", "/projects/999", "/projects/none/members", "/projects/none/repositories"] {
        scene.get(path, "zoe").await.is_refused(403, "FORBIDDEN", forbidden);
        assert_eq!(scene.get(path, "admin").await.status, 404, "{path}");
        scene.get(path, "").await.is_refused(401, "UNAUTHORIZED", "authentication required");
    }
    scene.get("/projects/deep", "zoe").await.is_refused(403, "FORBIDDEN", forbidden);
}

#[tokio::test]
async fn a_project_with_repositories_stays() {
    let scene = Scene::new().await;
    scene.push("deep/a", "v1", index(1)).await;
    scene.delete("/projects/deep", "boss").await.is_refused(
        412,
        "PRECONDITION",
        "project deep has repositories: delete them first",
    );
    scene.delete("/projects/deep", "mia").await.is_refused(
        403,
        "FORBIDDEN",
        "forbidden: your role does not allow this",
    );
}
