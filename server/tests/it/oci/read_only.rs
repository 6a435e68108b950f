//! Read-only mode, at every door.

use serde_json::json;
use service::setting::SettingsChange;

use super::registry::{CONTENT, image, sha256};
use crate::harbor::client::Scene;

const TEXT: &str = "The system is in read only mode. Any modification is prohibited.";

async fn decide(scene: &Scene, is_on: bool) {
    let change = SettingsChange { read_only: Some(is_on), ..SettingsChange::default() };
    scene.world.services.settings.update(&scene.world.admin().await, change).await.unwrap();
}

#[tokio::test]
async fn the_registry_takes_no_change_and_goes_on_to_serve() {
    let scene = Scene::new().await;
    let digest = scene.push_image("deep/web", "v1", CONTENT).await;
    let upload = scene.open_upload("deep/web").await;
    decide(&scene, true).await;
    let blob = sha256(CONTENT);
    for line in [
        "POST /v2/deep/web/blobs/uploads/".to_owned(),
        format!("POST /v2/deep/web/blobs/uploads/?digest={blob}"),
        format!("POST /v2/deep/other/blobs/uploads/?mount={blob}&from=deep/web"),
        format!("PATCH {upload}"),
        format!("PUT {upload}?digest={blob}"),
        format!("DELETE {upload}"),
        format!("DELETE /v2/deep/web/blobs/{blob}"),
        "DELETE /v2/deep/web/manifests/v1".to_owned(),
        format!("DELETE /v2/deep/web/manifests/{digest}"),
    ] {
        let answer = scene.call(&line).by("admin").body(CONTENT).await;
        assert_eq!(answer.fails(403, "DENIED"), TEXT, "{line}");
    }
    let refused = scene.put_manifest("deep/web", "v2", &image(&[CONTENT])).await;
    assert_eq!(refused.fails(403, "DENIED"), TEXT);
    let token = scene.token("dev", &["repository:deep/web:pull,push"]).await;
    assert_eq!(scene.call("GET /v2/deep/web/manifests/v1").bearer(&token).await.status, 200);
    scene.call(format!("GET /v2/deep/web/blobs/{blob}")).bearer(&token).await.is(200, CONTENT);
    decide(&scene, false).await;
    scene.put_manifest("deep/web", "v2", &image(&[CONTENT])).await.is_done(201);
}

#[tokio::test]
async fn the_rest_api_takes_no_change_and_says_so() {
    let scene = Scene::new().await;
    scene.push_image("deep/web", "v1", CONTENT).await;
    decide(&scene, true).await;
    let web = "/projects/deep/repositories/web";
    scene.delete(web, "admin").await.is_refused(403, "DENIED", TEXT);
    scene.put(web, "admin", json!({ "description": "x" })).await.is_refused(403, "DENIED", TEXT);
    scene.delete(&format!("{web}/artifacts/v1"), "admin").await.is_refused(403, "DENIED", TEXT);
    let tags = format!("{web}/artifacts/v1/tags");
    scene.post(&tags, "dev", json!({ "name": "v2" })).await.is_refused(403, "DENIED", TEXT);
    scene.delete(&format!("{tags}/v1"), "admin").await.is_refused(403, "DENIED", TEXT);
    scene.post("/projects", "dev", json!({ "project_name": "new" })).await.is_refused(403, "DENIED", TEXT);
    assert_eq!(scene.get("/systeminfo", "dev").await.json()["read_only"], true);
    assert_eq!(scene.get(&tags, "guest").await.each("name"), ["v1"]);
}
