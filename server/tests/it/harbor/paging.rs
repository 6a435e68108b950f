//! Pages of lists.

use serde_json::json;

use super::client::Scene;

#[tokio::test]
async fn pages_are_linked() {
    let scene = Scene::new().await;
    let page = async |query: &str| scene.get(&format!("/users?{query}"), "admin").await;
    let url = |page: u32| format!("/api/v2.0/users?page={page}&page_size=2");
    let first = page("page_size=2").await;
    assert_eq!(first.each("username"), ["boss", "dev"]);
    assert_eq!(first.header("x-total-count"), "5");
    assert_eq!(first.header("link"), format!("<{}>; rel=\"next\"", url(2)));
    let second = page("page=2&page_size=2").await;
    assert_eq!(second.header("link"), format!("<{}>; rel=\"prev\" , <{}>; rel=\"next\"", url(1), url(3)));
    let last = page("page=3&page_size=2").await;
    assert_eq!(last.each("username"), ["zoe"]);
    assert_eq!(last.header("link"), format!("<{}>; rel=\"prev\"", url(2)));
    assert!(page("").await.headers.get("link").is_none());
}

#[tokio::test]
async fn pages_that_can_not_be_asked_for_are_refused() {
    let scene = Scene::new().await;
    let paths = [
        "/projects",
        "/repositories",
        "/users",
        "/users/search",
        "/projects/deep/members",
        "/projects/deep/repositories",
        "/projects/deep/repositories/a/artifacts",
        "/projects/deep/repositories/a/artifacts/v1/tags",
    ];
    for path in paths {
        scene.get(&format!("{path}?page_size=101"), "admin").await.is_refused(
            422,
            "UNPROCESSABLE_ENTITY",
            "page_size in query should be less than or equal to 100",
        );
        scene.get(&format!("{path}?page=x"), "admin").await.is_refused(
            422,
            "UNPROCESSABLE_ENTITY",
            "page in query must be a number of 0 or more",
        );
        assert_eq!(scene.get(&format!("{path}?page_size=-1"), "admin").await.status, 422);
        let far = format!("{path}?page=9223372036854775807&page_size=100&username=x");
        assert!(!scene.get(&far, "admin").await.status.is_server_error(), "{path}");
    }
}

#[tokio::test]
async fn a_query_that_can_not_be_read_is_refused() {
    let scene = Scene::new().await;
    for q in ["name", "name=", "=x", "name=[1", "name={}"] {
        let answer = scene.get(&format!("/projects?q={q}"), "admin").await;
        assert_eq!(
            (answer.status.as_u16(), &answer.json()["errors"][0]["code"]),
            (400, &json!("BAD_REQUEST"))
        );
    }
    assert_eq!(
        scene.get("/projects?q=unknown=1&sort=unknown", "admin").await.each("name"),
        ["deep", "library"]
    );
}
