//! Who is known but may not: 403 with the reason, and one answer for what is hidden and what is missing.

use super::registry::{CONTENT, sha256};
use crate::harbor::client::Scene;

fn lines(place: &str) -> Vec<String> {
    let digest = sha256(CONTENT);
    vec![
        format!("GET /v2/{place}/manifests/v1"),
        format!("PUT /v2/{place}/manifests/v1"),
        format!("DELETE /v2/{place}/manifests/v1"),
        format!("GET /v2/{place}/blobs/{digest}"),
        format!("DELETE /v2/{place}/blobs/{digest}"),
        format!("GET /v2/{place}/tags/list"),
        format!("GET /v2/{place}/referrers/{digest}"),
        format!("POST /v2/{place}/blobs/uploads/"),
        format!("POST /v2/{place}/blobs/uploads/?mount={digest}&from=library/web"),
        format!("POST /v2/{place}/blobs/uploads/?digest={digest}"),
        format!("GET /v2/{place}/blobs/uploads/x"),
        format!("PATCH /v2/{place}/blobs/uploads/x"),
        format!("PUT /v2/{place}/blobs/uploads/x?digest={digest}"),
        format!("DELETE /v2/{place}/blobs/uploads/x"),
    ]
}

#[tokio::test]
async fn a_stranger_can_not_tell_the_private_from_the_missing() {
    let scene = Scene::new().await;
    scene.push_image("deep/web", "v1", CONTENT).await;
    for (private, missing) in lines("deep/web").into_iter().zip(lines("none/web")) {
        let private = scene.call(private).by("zoe").body(CONTENT).await;
        let missing = scene.call(missing).by("zoe").body(CONTENT).await;
        let text = private.fails(404, "NAME_UNKNOWN");
        assert_eq!(text, "repository deep/web does not exist, or you cannot see it");
        assert_eq!(private.text.replace("deep/web", "none/web"), missing.text);
        assert_eq!((private.status, private.headers.len()), (missing.status, missing.headers.len()));
    }
}

#[tokio::test]
async fn a_stranger_with_a_token_gets_the_same_answer() {
    let scene = Scene::new().await;
    scene.push_image("deep/web", "v1", CONTENT).await;
    let token = scene.token("zoe", &["repository:deep/web:pull", "repository:none/web:pull"]).await;
    let private = scene.call("GET /v2/deep/web/manifests/v1").bearer(&token).await;
    let missing = scene.call("GET /v2/none/web/manifests/v1").bearer(&token).await;
    private.fails(404, "NAME_UNKNOWN");
    assert_eq!(private.text.replace("deep/web", "none/web"), missing.text);
}

#[tokio::test]
async fn a_push_to_a_missing_project_is_refused_for_administrators_too() {
    let scene = Scene::new().await;
    let answer = scene.call("POST /v2/none/web/blobs/uploads/").by("admin").await;
    let text = answer.fails(404, "NAME_UNKNOWN");
    assert_eq!(text, "repository none/web does not exist, or you cannot see it");
}

#[tokio::test]
async fn a_role_that_does_not_push_is_told_so() {
    let scene = Scene::new().await;
    for (user, place) in [("guest", "deep/web"), ("zoe", "library/web")] {
        let project = place.split('/').next().unwrap();
        let expected = format!(
            "you may not push in project {project}: ask an administrator of the project for a role that may"
        );
        for line in [
            format!("POST /v2/{place}/blobs/uploads/"),
            format!("POST /v2/{place}/blobs/uploads/?digest={}", sha256(CONTENT)),
            format!("PUT /v2/{place}/manifests/v1"),
        ] {
            let answer = scene.call(line).by(user).body(CONTENT).await;
            assert_eq!(answer.fails(403, "DENIED"), expected);
        }
    }
}

#[tokio::test]
async fn a_token_does_not_turn_a_missing_right_into_a_challenge() {
    let scene = Scene::new().await;
    let token = scene.token("guest", &["repository:deep/web:pull,push"]).await;
    let answer = scene.call("POST /v2/deep/web/blobs/uploads/").bearer(&token).await;
    answer.fails(403, "DENIED");
    assert!(answer.headers.get("www-authenticate").is_none());
}

#[tokio::test]
async fn only_maintainers_and_administrators_delete() {
    let scene = Scene::new().await;
    scene.push_image("deep/web", "v1", CONTENT).await;
    scene.push_image("deep/web", "v2", CONTENT).await;
    for user in ["guest", "dev"] {
        scene.call("DELETE /v2/deep/web/manifests/v1").by(user).await.fails(403, "DENIED");
    }
    scene.call("DELETE /v2/deep/web/manifests/v1").by("mia").await.is_done(202);
    scene.call("DELETE /v2/deep/web/manifests/v2").by("boss").await.is_done(202);
}

#[tokio::test]
async fn every_role_pulls_and_a_developer_pushes() {
    let scene = Scene::new().await;
    scene.push_image("deep/web", "v1", CONTENT).await;
    for user in ["guest", "dev", "mia", "boss", "admin"] {
        assert_eq!(scene.call("GET /v2/deep/web/manifests/v1").by(user).await.status, 200, "{user}");
    }
    for user in ["dev", "mia", "boss", "admin"] {
        scene.call("POST /v2/deep/web/blobs/uploads/").by(user).await.is_done(202);
    }
}

#[tokio::test]
async fn a_stranger_pulls_from_a_public_project() {
    let scene = Scene::new().await;
    scene.push_image("library/web", "v1", CONTENT).await;
    assert_eq!(scene.call("GET /v2/library/web/manifests/v1").by("zoe").await.status, 200);
}
