//! `/users`.

use http::Method;
use serde_json::{Value, json};
use service::testing::World;

use super::client::{Scene, take_time};

fn new_user() -> Value {
    json!({
        "username": "lea", "email": "lea@example.org", "realname": "Lea L", "comment": "new",
        "password": "Secret-123",
    })
}

#[tokio::test]
async fn a_user_is_made_shown_changed_and_removed() {
    let scene = Scene::new().await;
    let made = scene.post("/users", "admin", new_user()).await;
    made.is_done(201);
    let path = made.header("location").strip_prefix("/api/v2.0").unwrap().to_owned();

    let mut shown = scene.get(&path, "admin").await.json();
    take_time(&mut shown, "creation_time");
    take_time(&mut shown, "update_time");
    let id = shown["user_id"].take();
    assert_eq!(path, format!("/users/{id}"));
    let expected = json!({
        "username": "lea", "email": "lea@example.org", "realname": "Lea L", "comment": "new", "user_id": null,
        "sysadmin_flag": false, "admin_role_in_auth": false, "creation_time": null, "update_time": null,
    });
    assert_eq!(shown, expected);

    scene.put(&path, "admin", json!({ "realname": "Lea M" })).await.is_done(200);
    let changed = scene.get(&path, "admin").await.json();
    assert_eq!((&changed["realname"], &changed["email"]), (&json!("Lea M"), &json!("lea@example.org")));
    scene.put(&format!("{path}/sysadmin"), "admin", json!({ "sysadmin_flag": true })).await.is_done(200);
    assert_eq!(scene.get(&path, "admin").await.json()["sysadmin_flag"], true);

    scene.delete(&path, "admin").await.is_done(200);
    scene.get(&path, "admin").await.is_refused(404, "NOT_FOUND", &format!("user {id} does not exist"));
    scene.post("/users", "admin", new_user()).await.is_done(201);
}

#[tokio::test]
async fn bad_and_taken_users_are_refused() {
    let scene = Scene::new().await;
    let with = |field: &str, value: &str| {
        let mut user = new_user();
        user[field] = json!(value);
        user
    };
    for (field, value) in [
        ("username", ""),
        ("username", "a,b"),
        ("username", &"x".repeat(256)),
        ("email", "nobody"),
        ("realname", "~"),
        ("comment", "more than thirty bytes are too many"),
        ("password", "short"),
        ("password", "nodigitshere"),
    ] {
        let answer = scene.post("/users", "admin", with(field, value)).await;
        assert_eq!(
            (answer.status.as_u16(), &answer.json()["errors"][0]["code"]),
            (400, &json!("BAD_REQUEST"))
        );
    }
    let taken = "a user with this name or e-mail address exists already";
    scene.post("/users", "admin", with("username", "zoe")).await.is_refused(409, "CONFLICT", taken);
    scene.post("/users", "admin", with("email", "zoe@example.org")).await.is_refused(409, "CONFLICT", taken);
}

#[tokio::test]
async fn users_are_managed_by_administrators_only() {
    let scene = Scene::new().await;
    let forbidden = "forbidden: your role does not allow this";
    scene.get("/users", "boss").await.is_refused(403, "FORBIDDEN", forbidden);
    scene.get("/users/1", "boss").await.is_refused(403, "FORBIDDEN", forbidden);
    scene.post("/users", "boss", new_user()).await.is_refused(403, "FORBIDDEN", forbidden);
    scene.delete("/users/2", "boss").await.is_refused(403, "FORBIDDEN", forbidden);
    let flag = json!({ "sysadmin_flag": true });
    scene.put("/users/2/sysadmin", "boss", flag).await.is_refused(403, "FORBIDDEN", forbidden);
    scene.get("/users", "").await.is_refused(401, "UNAUTHORIZED", "authentication required");
    scene.delete("/users/1", "admin").await.is_refused(403, "FORBIDDEN", "this user can't be deleted");
}

#[tokio::test]
async fn the_first_administrator_is_not_listed() {
    let scene = Scene::new().await;
    let listed = scene.get("/users", "admin").await;
    assert_eq!(listed.each("username"), ["boss", "dev", "guest", "mia", "zoe"]);
    assert_eq!(listed.header("x-total-count"), "5");
    assert_eq!(
        scene.get("/users?q=username=~E&sort=-username", "admin").await.each("username"),
        ["zoe", "guest", "dev"]
    );
}

#[tokio::test]
async fn anybody_signed_in_finds_users_by_name() {
    let scene = Scene::new().await;
    let found = scene.get("/users/search?username=O", "zoe").await;
    assert_eq!(found.each("username"), ["boss", "zoe"]);
    assert_eq!(found.header("x-total-count"), "2");
    assert_eq!(found.json()[0].as_object().unwrap().len(), 2, "id and name alone");
    scene.get("/users/search", "zoe").await.is_refused(
        422,
        "UNPROCESSABLE_ENTITY",
        "username in query is required",
    );
    scene.get("/users/search?username=o", "").await.is_refused(
        401,
        "UNAUTHORIZED",
        "authentication required",
    );
}

#[tokio::test]
async fn the_current_user_is_whose_credentials_were_sent() {
    let scene = Scene::new().await;
    assert_eq!(scene.get("/users/current", "zoe").await.json()["username"], "zoe");
    scene.get("/users/current", "").await.is_refused(401, "UNAUTHORIZED", "authentication required");
}

#[tokio::test]
async fn one_changes_the_own_password_with_the_old_one() {
    let scene = Scene::new().await;
    let id = scene.get("/users/current", "zoe").await.json()["user_id"].clone();
    let path = format!("/users/{id}/password");
    let change = |old: &str, new: &str| json!({ "old_password": old, "new_password": new });
    let wrong = scene.put(&path, "zoe", change("Wrong-12345", "Another-12345")).await;
    wrong.is_refused(403, "FORBIDDEN", "the old password is wrong");
    let same = scene.put(&path, "zoe", change(World::PASSWORD, World::PASSWORD)).await;
    same.is_refused(400, "BAD_REQUEST", "new_password: it must differ from the old password");
    let other = scene.put(&path, "dev", change(World::PASSWORD, "Another-12345")).await;
    other.is_refused(403, "FORBIDDEN", "forbidden: your role does not allow this");
    scene.put(&path, "zoe", change(World::PASSWORD, "Another-12345")).await.is_done(200);
    scene.get("/users/current", "zoe").await.is_refused(
        401,
        "UNAUTHORIZED",
        "the user name or the password is wrong",
    );
}

#[tokio::test]
async fn rights_are_listed_below_a_project() {
    let scene = Scene::new().await;
    let id = scene.get("/projects/deep", "admin").await.json()["project_id"].clone();
    let rights = async |user: &str, query: &str| {
        scene.get(&format!("/users/current/permissions{query}"), user).await.json()
    };
    let guest = rights("guest", &format!("?scope=/project/{id}&relative=true")).await;
    let right = |resource: &str, action: &str| json!({ "resource": resource, "action": action });
    assert!(guest.as_array().unwrap().contains(&right(".", "read")));
    assert!(guest.as_array().unwrap().contains(&right("repository", "pull")));
    assert!(!guest.as_array().unwrap().contains(&right("repository", "push")));
    let dev = rights("dev", &format!("?scope=/project/{id}")).await;
    assert!(dev.as_array().unwrap().contains(&right(&format!("/project/{id}/repository"), "push")));
    for nothing in ["", "?scope=/project/99", "?scope=/system"] {
        assert_eq!(rights("dev", nothing).await, json!([]));
    }
    assert_eq!(rights("zoe", &format!("?scope=/project/{id}")).await, json!([]));
    assert_eq!(scene.send(Method::GET, "/users/current/permissions", "", None).await.status, 401);
}
