//! What a token is good for: its scopes, narrowed by the rights of this moment.

use serde_json::json;
use service::project::ProjectRef;
use types::role::Role;

use super::registry::{CONTENT, sha256};
use crate::harbor::client::Scene;

const INVALID: &str = r#",error="invalid_token""#;
const PULL: &str = "repository:deep/web:pull";
const GET: &str = "GET /v2/deep/web/manifests/v1";

async fn scene() -> Scene {
    let scene = Scene::new().await;
    scene.push_image("deep/web", "v1", CONTENT).await;
    scene
}

#[tokio::test]
async fn a_token_without_the_scope_is_told_the_whole_scope() {
    let scene = scene().await;
    let token = scene.token("dev", &[PULL]).await;
    for (line, scope) in [
        ("POST /v2/deep/web/blobs/uploads/", "repository:deep/web:pull,push"),
        ("PUT /v2/deep/web/manifests/v1", "repository:deep/web:pull,push"),
        ("GET /v2/deep/other/tags/list", "repository:deep/other:pull"),
    ] {
        let answer = scene.call(line).bearer(&token).await;
        answer.challenges(&format!(r#",scope="{scope}",error="insufficient_scope""#));
    }
    let token = scene.token("mia", &[PULL]).await;
    let answer = scene.call("DELETE /v2/deep/web/manifests/v1").bearer(&token).await;
    answer.challenges(r#",scope="repository:deep/web:delete",error="insufficient_scope""#);
}

#[tokio::test]
async fn a_token_for_another_project_opens_nothing_here() {
    let scene = scene().await;
    for scopes in [&["repository:library/web:pull,push,delete"][..], &["repository:deep/we:pull"], &[]] {
        let token = scene.token("admin", scopes).await;
        let answer = scene.call(GET).bearer(&token).await;
        answer.challenges(r#",scope="repository:deep/web:pull",error="insufficient_scope""#);
    }
}

#[tokio::test]
async fn a_mount_whose_source_the_token_lacks_is_told_both_scopes() {
    let scene = scene().await;
    scene.push_blob("library/a", CONTENT).await;
    let digest = sha256(CONTENT);
    let token = scene.token("dev", &["repository:deep/b:pull,push"]).await;
    let mount = format!("POST /v2/deep/b/blobs/uploads/?mount={digest}&from=library/a");
    let answer = scene.call(&mount).bearer(&token).await;
    answer.challenges(
        r#",scope="repository:deep/b:pull,push repository:library/a:pull",error="insufficient_scope""#,
    );
    let token = scene.token("dev", &["repository:deep/b:pull,push", "repository:library/a:pull"]).await;
    scene.call(&mount).bearer(&token).await.is_done(201);
}

#[tokio::test]
async fn a_token_of_nobody_pulls_what_is_public() {
    let scene = scene().await;
    scene.push_image("library/web", "v1", CONTENT).await;
    let token = scene.token("", &["repository:library/web:pull"]).await;
    assert_eq!(scene.call("GET /v2/library/web/manifests/v1").bearer(&token).await.status, 200);
    let token = scene.token("", &[]).await;
    scene
        .call("GET /v2/library/web/manifests/v1")
        .bearer(&token)
        .await
        .challenges(r#",scope="repository:library/web:pull",error="insufficient_scope""#);
}

#[tokio::test]
async fn a_token_of_nobody_is_challenged_alike_for_the_private_and_the_missing() {
    let scene = scene().await;
    for place in ["deep/web", "none/web"] {
        let token = scene.token("", &[&format!("repository:{place}:pull,push")]).await;
        for (line, actions) in [
            (format!("GET /v2/{place}/manifests/v1"), "pull"),
            (format!("POST /v2/{place}/blobs/uploads/"), "pull,push"),
            (format!("DELETE /v2/{place}/manifests/v1"), "delete"),
        ] {
            let rest = format!(r#",scope="repository:{place}:{actions}",error="insufficient_scope""#);
            scene.call(line).bearer(&token).await.challenges(&rest);
        }
    }
}

#[tokio::test]
async fn a_token_of_nobody_does_not_push_and_is_nobody_at_the_base() {
    let scene = Scene::new().await;
    let token = scene.token("", &["repository:library/web:pull,push"]).await;
    scene
        .call("POST /v2/library/web/blobs/uploads/")
        .bearer(&token)
        .await
        .challenges(r#",scope="repository:library/web:pull,push",error="insufficient_scope""#);
    scene.call("GET /v2/").bearer(&token).await.challenges(r#",error="insufficient_scope""#);
}

#[tokio::test]
async fn a_right_that_was_taken_away_is_gone_at_once() {
    let scene = scene().await;
    let token = scene.token("dev", &["repository:deep/web:pull,push"]).await;
    scene.call("POST /v2/deep/web/blobs/uploads/").bearer(&token).await.is_done(202);
    let members = scene.get("/projects/deep/members?entityname=dev", "admin").await;
    let member = format!("/projects/deep/members/{}", members.json()[0]["id"]);
    let guest = json!({ "role_id": Role::Guest.id() });
    scene.put(&member, "admin", guest).await.is_done(200);
    scene.call("POST /v2/deep/web/blobs/uploads/").bearer(&token).await.fails(403, "DENIED");
    assert_eq!(scene.call(GET).bearer(&token).await.status, 200);
    scene.delete(&member, "admin").await.is_done(200);
    scene.call(GET).bearer(&token).await.fails(404, "NAME_UNKNOWN");
}

#[tokio::test]
async fn a_project_made_private_is_closed_to_tokens_of_nobody_at_once() {
    let scene = Scene::new().await;
    scene.push_image("library/web", "v1", CONTENT).await;
    let token = scene.token("", &["repository:library/web:pull"]).await;
    let get = "GET /v2/library/web/manifests/v1";
    assert_eq!(scene.call(get).bearer(&token).await.status, 200);
    scene.put("/projects/library", "admin", json!({ "metadata": { "public": "false" } })).await.is_done(200);
    let answer = scene.call(get).bearer(&token).await;
    answer.challenges(r#",scope="repository:library/web:pull",error="insufficient_scope""#);
}

#[tokio::test]
async fn a_token_dies_with_its_user() {
    let scene = scene().await;
    let token = scene.token("guest", &[PULL]).await;
    assert_eq!(scene.call(GET).bearer(&token).await.status, 200);
    scene.delete_user("guest").await;
    scene.call("GET /v2/").bearer(&token).await.challenges(INVALID);
}

#[tokio::test]
async fn a_token_dies_with_the_password() {
    let scene = scene().await;
    let token = scene.token("guest", &[PULL]).await;
    scene.change_password("guest").await;
    scene.call("GET /v2/").bearer(&token).await.challenges(INVALID);
}

#[tokio::test]
async fn a_project_made_anew_honours_no_old_token() {
    let scene = Scene::new().await;
    let token = scene.token_aged("admin", &["repository:deep/web:pull,push"], 1).await;
    scene.call("POST /v2/deep/web/blobs/uploads/").bearer(&token).await.is_done(202);
    let admin = scene.world.admin().await;
    let deep = ProjectRef::Name("deep".to_owned());
    scene.world.services.projects.delete(&admin, &deep).await.unwrap();
    scene.call("POST /v2/deep/web/blobs/uploads/").bearer(&token).await.fails(404, "NAME_UNKNOWN");
    scene.post("/projects", "admin", json!({ "project_name": "deep" })).await.is_done(201);
    let answer = scene.call("POST /v2/deep/web/blobs/uploads/").bearer(&token).await;
    answer.challenges(r#",scope="repository:deep/web:pull,push",error="invalid_token""#);
    let fresh = scene.token("admin", &["repository:deep/web:pull,push"]).await;
    scene.call("POST /v2/deep/web/blobs/uploads/").bearer(&fresh).await.is_done(202);
}
