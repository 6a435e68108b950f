//! `/system/gc`.

use http::StatusCode;
use serde_json::{Value, json};
use service::testing::World;

use super::client::Scene;

fn at_once(parameters: &Value) -> Value {
    json!({ "schedule": { "type": "Manual" }, "parameters": parameters })
}

#[tokio::test]
async fn a_collection_is_started_watched_and_read_about() {
    let scene = Scene::new().await;
    let parameters = json!({ "delete_untagged": true, "workers": 3 });
    let started = scene.post("/system/gc/schedule", "admin", at_once(&parameters)).await;
    assert_eq!(started.status, StatusCode::CREATED);
    let place = started.header("location").trim_start_matches("/api/v2.0").to_owned();
    let waiting = scene.get(&place, "admin").await.json();
    assert_eq!((&waiting["job_status"], &waiting["job_kind"]), (&json!("Pending"), &json!("MANUAL")));
    let again = scene.post("/system/gc/schedule", "admin", at_once(&json!({}))).await;
    again.is_refused(409, "CONFLICT", &format!("collection {} is not over", waiting["id"]));
    World::work_for_real(&scene.world.services);
    let id = waiting["id"].as_i64().unwrap();
    World::over(&scene.world.services, id).await;
    let over = scene.get(&place, "admin").await.json();
    assert_eq!((&over["job_status"], &over["job_name"]), (&json!("Success"), &json!("GARBAGE_COLLECTION")));
    let told: Value = serde_json::from_str(over["job_parameters"].as_str().unwrap()).unwrap();
    assert_eq!(
        told,
        json!({
            "delete_untagged": true, "dry_run": false, "workers": 1,
            "freed_space": 0, "purged_blobs": 0, "purged_manifests": 0,
        })
    );
    let log = scene.get(&format!("{place}/log"), "admin").await;
    assert!(log.text.ends_with(" Done\n"), "{}", log.text);
    let list = scene.get("/system/gc", "admin").await;
    assert_eq!((list.header("x-total-count"), &list.json()[0]), ("1", &over));
}

#[tokio::test]
async fn a_collection_that_waits_can_be_stopped() {
    let scene = Scene::new().await;
    let started = scene.post("/system/gc/schedule", "admin", at_once(&json!({}))).await;
    let place = started.header("location").trim_start_matches("/api/v2.0").to_owned();
    scene.put(&place, "admin", json!({})).await.is_done(200);
    assert_eq!(scene.get(&place, "admin").await.json()["job_status"], "Stopped");
}

#[tokio::test]
async fn a_schedule_is_set_replaced_and_removed() {
    let scene = Scene::new().await;
    let none = scene.get("/system/gc/schedule", "admin").await;
    assert_eq!((none.status, none.text.as_str()), (StatusCode::OK, ""));
    let daily = json!({ "schedule": { "type": "Daily", "cron": "0 0 0 * * *" } });
    scene.post("/system/gc/schedule", "admin", daily).await.is_done(201);
    let set = scene.get("/system/gc/schedule", "admin").await.json();
    assert_eq!(
        (&set["schedule"]["type"], &set["schedule"]["cron"]),
        (&json!("Daily"), &json!("0 0 0 * * *"))
    );
    assert!(set["schedule"]["next_scheduled_time"].is_string(), "{set}");
    let often = json!({ "schedule": { "type": "Custom", "cron": "0 */7 * * * *" } });
    scene.put("/system/gc/schedule", "admin", often).await.is_done(200);
    assert_eq!(scene.get("/system/gc/schedule", "admin").await.json()["schedule"]["type"], "Custom");
    let wrong = json!({ "schedule": { "type": "Custom", "cron": "often" } });
    assert_eq!(scene.put("/system/gc/schedule", "admin", wrong).await.status, StatusCode::BAD_REQUEST);
    let never = json!({ "schedule": { "type": "None" } });
    scene.put("/system/gc/schedule", "admin", never).await.is_done(200);
    assert_eq!(scene.get("/system/gc/schedule", "admin").await.text, "");
}

#[tokio::test]
async fn collections_are_for_administrators_of_the_system() {
    let scene = Scene::new().await;
    let forbidden = "forbidden: your role does not allow this";
    for path in ["/system/gc", "/system/gc/1", "/system/gc/1/log", "/system/gc/schedule"] {
        scene.get(path, "boss").await.is_refused(403, "FORBIDDEN", forbidden);
        scene.get(path, "").await.is_refused(401, "UNAUTHORIZED", "authentication required");
    }
    let start = scene.post("/system/gc/schedule", "boss", at_once(&json!({}))).await;
    start.is_refused(403, "FORBIDDEN", forbidden);
    scene.put("/system/gc/1", "boss", json!({})).await.is_refused(403, "FORBIDDEN", forbidden);
    scene.get("/system/gc/1", "admin").await.is_refused(404, "NOT_FOUND", "job 1 does not exist");
}
