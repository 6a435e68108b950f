//! What the server says about itself.

use http::Method;
use serde_json::json;
use server::config::Config;
use service::{ProjectCreation, setting::SystemSettings};

use super::client::{Scene, request, take_time};

#[tokio::test]
async fn version_and_ping_need_nobody() {
    let scene = Scene::new().await;
    let version =
        scene.answer(request(Method::GET, "/api/version", "").body(axum::body::Body::empty()).unwrap()).await;
    assert_eq!(version.text, r#"{"version":"v2.0"}"#);
    assert_eq!(scene.get("/ping", "").await.text, "Pong");
}

#[tokio::test]
async fn health_names_its_parts() {
    let scene = Scene::new().await;
    let healthy = |name: &str| json!({ "name": name, "status": "healthy" });
    let answer = scene.get("/health", "").await;
    let components = [healthy("core"), healthy("database"), healthy("registry")];
    assert_eq!(answer.json(), json!({ "status": "healthy", "components": components }));
}

#[tokio::test]
async fn a_broken_store_is_told_by_health() {
    let scene = Scene::new().await;
    let uploads = scene.world.data().join("storage/uploads");
    std::fs::remove_dir_all(&uploads).unwrap();
    std::fs::write(&uploads, "in the way").unwrap();
    let answer = scene.get("/health", "").await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.json()["status"], "unhealthy");
    let broken =
        json!({ "name": "registry", "status": "unhealthy", "error": "the blob store can't be written" });
    assert_eq!(answer.json()["components"][2], broken);
}

#[tokio::test]
async fn system_information_is_short_for_nobody() {
    let scene = Scene::new().await;
    let short = json!({
        "auth_mode": "db_auth", "primary_auth_mode": false, "self_registration": false, "banner_message": "",
    });
    assert_eq!(scene.get("/systeminfo", "").await.json(), short);
}

#[tokio::test]
async fn system_information_tells_whether_people_make_accounts_for_themselves() {
    let scene = Scene::new().await;
    let settings = SystemSettings { self_registration: true, ..SystemSettings::default() };
    scene.world.services.settings.update(&scene.world.admin().await, settings).await.unwrap();
    assert_eq!(scene.get("/systeminfo", "").await.json()["self_registration"], true);
    let new = json!({
        "username": "lea", "email": "lea@example.org", "realname": "Lea L", "password": "Secret-123",
    });
    let forbidden = "forbidden: your role does not allow this";
    scene.post("/users", "zoe", new.clone()).await.is_refused(403, "FORBIDDEN", forbidden);
    scene.post("/users", "", new).await.is_refused(401, "UNAUTHORIZED", "authentication required");
}

#[tokio::test]
async fn system_information_tells_who_makes_projects_and_nobody_else_does() {
    let scene = Scene::new().await.reopen(|options| options.project_creation = ProjectCreation::Admins).await;
    let told = scene.get("/systeminfo", "zoe").await.json();
    assert_eq!(told["project_creation_restriction"], "adminonly");
    let refusal = "only administrators make projects here: ask one of them";
    let new = json!({ "project_name": "new" });
    scene.post("/projects", "zoe", new.clone()).await.is_refused(403, "FORBIDDEN", refusal);
    scene.post("/projects", "admin", new).await.is_done(201);
}

#[tokio::test]
async fn system_information_is_whole_for_a_user() {
    let external = Config { external_url: "https://registry.example".parse().ok(), ..Config::default() };
    let scene = Scene::with(external).await;
    let mut whole = scene.get("/systeminfo", "zoe").await.json();
    take_time(&mut whole, "current_time");
    let expected = json!({
        "auth_mode": "db_auth", "primary_auth_mode": false, "self_registration": false, "banner_message": "",
        "harbor_version": format!("v2.16.0-berth-{}", env!("CARGO_PKG_VERSION")),
        "registry_url": "registry.example", "external_url": "https://registry.example",
        "project_creation_restriction": "everyone", "has_ca_root": false, "read_only": false,
        "registry_storage_provider_name": "filesystem", "notification_enable": false, "current_time": null,
    });
    assert_eq!(whole, expected);
}
