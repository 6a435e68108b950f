//! `/robots`, `/permissions` and `/projects/{project_name_or_id}/robots`.

use serde_json::{Value, json};

use super::client::{Answer, Scene};

fn robot(name: &str, access: &Value) -> Value {
    json!({
        "name": name, "level": "project", "duration": 7, "description": "builds",
        "permissions": [{ "kind": "project", "namespace": "deep", "access": access }],
    })
}

fn pull() -> Value {
    json!([{ "resource": "repository", "action": "pull" }])
}

/// Makes a robot; its address, name and secret.
async fn make(scene: &Scene, user: &str, path: &str, body: Value) -> (String, String, String) {
    let made = scene.post(path, user, body).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let address = made.header("location").strip_prefix("/api/v2.0").expect("an address").to_owned();
    let body = made.json();
    let text = |key: &str| body[key].as_str().expect("a text").to_owned();
    (address, text("name"), text("secret"))
}

fn refused(answer: &Answer, status: u16, code: &str) {
    assert_eq!(
        (answer.status.as_u16(), &answer.json()["errors"][0]["code"]),
        (status, &json!(code)),
        "{}",
        answer.text
    );
}

#[tokio::test]
async fn a_robot_is_made_shown_changed_and_removed() {
    let scene = Scene::new().await;
    let made = scene.post("/robots", "boss", robot("ci", &pull())).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let body = made.json();
    assert_eq!(body["name"], "robot$deep+ci");
    assert_eq!(body.as_object().expect("an object").len(), 5, "{body}");
    assert_eq!(made.header("cache-control"), "no-store");
    let address = made.header("location").strip_prefix("/api/v2.0").unwrap().to_owned();
    assert_eq!(address, format!("/robots/{}", body["id"]));

    let shown = scene.get(&address, "guest").await.json();
    let boss = scene.get("/users/current", "boss").await.json()["user_id"].clone();
    let expected = json!({
        "id": body["id"], "name": "robot$deep+ci", "description": "builds", "level": "project", "duration": 7,
        "editable": true, "disable": false, "expires_at": body["expires_at"],
        "permissions": [{ "kind": "project", "namespace": "deep", "access": pull() }],
        "creator_type": "local", "creator_ref": boss,
        "creation_time": body["creation_time"], "update_time": body["creation_time"],
    });
    assert_eq!(shown, expected);

    let mut changed = shown.clone();
    changed["disable"] = json!(true);
    changed["permissions"][0]["access"] = json!([{ "resource": "repository", "action": "push" }]);
    scene.put(&address, "boss", changed).await.is_done(200);
    let shown = scene.get(&address, "boss").await.json();
    assert_eq!(
        (&shown["disable"], &shown["permissions"][0]["access"][0]["action"]),
        (&json!(true), &json!("push"))
    );

    scene.delete(&address, "boss").await.is_done(200);
    let id = body["id"].to_string();
    scene.get(&address, "boss").await.is_refused(404, "NOT_FOUND", &format!("robot {id} not found"));
    scene.delete(&address, "boss").await.is_refused(404, "NOT_FOUND", &format!("robot {id} not found"));
}

#[tokio::test]
async fn robots_are_listed_in_pages() {
    let scene = Scene::new().await;
    for name in ["a", "b", "c"] {
        make(&scene, "boss", "/robots", robot(name, &pull())).await;
    }
    let id = scene.get("/projects/deep", "boss").await.json()["project_id"].clone();
    let path = format!("/robots?q=Level%3Dproject,ProjectID%3D{id}&sort=name");
    let listed = scene.get(&format!("{path}&page_size=2"), "guest").await;
    assert_eq!(listed.each("name"), ["robot$deep+a", "robot$deep+b"]);
    assert_eq!(listed.header("x-total-count"), "3");
    assert!(listed.header("link").contains("rel=\"next\""));
    assert_eq!(scene.get("/robots", "admin").await.each("name"), [] as [&str; 0]);
    refused(&scene.get("/robots", "boss").await, 403, "FORBIDDEN");
    refused(&scene.get("/robots", "").await, 401, "UNAUTHORIZED");
    refused(&scene.get(&path, "zoe").await, 403, "FORBIDDEN");
    let without = scene.get("/robots?q=Level%3Dproject", "boss").await;
    without.is_refused(400, "BAD_REQUEST", "must with project ID when to query project robots");
    refused(&scene.get("/robots?q=Level%3Dproject,ProjectID%3D999", "admin").await, 404, "NOT_FOUND");
}

#[tokio::test]
async fn refusals_are_told_as_harbor_tells_them() {
    let scene = Scene::new().await;
    let create = async |user: &str, body| scene.post("/robots", user, body).await;
    create("boss", robot("ci", &pull())).await;
    refused(&create("boss", robot("ci", &pull())).await, 409, "CONFLICT");
    refused(&create("mia", robot("x", &pull())).await, 403, "FORBIDDEN");
    refused(&create("", robot("x", &pull())).await, 401, "UNAUTHORIZED");
    create("boss", robot("X", &pull())).await.is_refused(
        400,
        "BAD_REQUEST",
        "robot name is not in lower case or contains illegal characters",
    );
    let fly = json!([{ "resource": "repository", "action": "fly" }]);
    let answer = create("boss", robot("x", &fly)).await;
    answer.is_refused(400, "BAD_REQUEST", "bad request permission: repository:fly");
    let mut elsewhere = robot("x", &pull());
    elsewhere["permissions"][0]["namespace"] = json!("gone");
    refused(&create("admin", elsewhere.clone()).await, 404, "NOT_FOUND");
    refused(&create("boss", elsewhere).await, 403, "FORBIDDEN");
    refused(&create("boss", json!([])).await, 422, "UNPROCESSABLE_ENTITY");
    refused(&scene.get("/robots/x", "boss").await, 422, "UNPROCESSABLE_ENTITY");
    refused(&scene.get("/robots/999", "boss").await, 404, "NOT_FOUND");
    refused(&scene.get("/robots/999", "").await, 401, "UNAUTHORIZED");
    let (address, ..) = make(&scene, "boss", "/robots", robot("y", &pull())).await;
    let shown = scene.get(&address, "boss").await.json();
    let put = async |user: &str, body| scene.put(&address, user, body).await;
    refused(&put("mia", shown.clone()).await, 403, "FORBIDDEN");
    let mut renamed = shown;
    renamed["name"] = json!("y");
    put("boss", renamed).await.is_refused(400, "BAD_REQUEST", "cannot update the level or name of robot");
    refused(&scene.delete(&address, "guest").await, 403, "FORBIDDEN");
    refused(&scene.patch(&address, "guest", json!({})).await, 403, "FORBIDDEN");
}

#[tokio::test]
async fn a_robot_uses_the_api_with_its_secret_until_it_is_replaced() {
    let scene = Scene::new().await;
    let access =
        json!([{ "resource": "repository", "action": "list" }, { "resource": "robot", "action": "create" }]);
    let (address, name, secret) = make(&scene, "boss", "/robots", robot("ci", &access)).await;
    let get = async |secret: &str, path: &str| scene.get_as(path, &name, secret).await;
    assert_eq!(get(&secret, "/projects/deep/repositories").await.status, 200);
    refused(&get(&secret, "/projects/deep/members").await, 403, "FORBIDDEN");
    refused(&get(&secret, "/users/current").await, 412, "PRECONDITION");
    refused(&get("Wrong-12345", "/projects/deep/repositories").await, 401, "UNAUTHORIZED");

    let more = robot("more", &pull());
    let answer = scene.post_as("/robots", &name, &secret, more).await;
    refused(&answer, 403, "DENIED");

    let fresh = scene.patch(&address, "boss", json!({})).await;
    assert_eq!(fresh.header("cache-control"), "no-store");
    let fresh = fresh.json()["secret"].as_str().expect("told").to_owned();
    refused(&get(&secret, "/projects/deep/repositories").await, 401, "UNAUTHORIZED");
    assert_eq!(get(&fresh, "/projects/deep/repositories").await.status, 200);
    let weak = scene.patch(&address, "boss", json!({ "secret": "weak" })).await;
    weak.is_refused(
        400,
        "BAD_REQUEST",
        "the secret must be 8-128, inclusively, characters long with at least 1 uppercase letter, \
         1 lowercase letter and 1 number",
    );
    let given = scene.patch(&address, "boss", json!({ "secret": "Chosen12345" })).await;
    assert_eq!((given.status.as_u16(), given.json()), (200, json!({})));
    assert_eq!(get("Chosen12345", "/projects/deep/repositories").await.status, 200);

    let mut off = scene.get(&address, "boss").await.json();
    off["disable"] = json!(true);
    scene.put(&address, "boss", off).await.is_done(200);
    refused(&get("Chosen12345", "/projects/deep/repositories").await, 401, "UNAUTHORIZED");
}

#[tokio::test]
async fn a_robot_of_the_system_is_made_by_administrators_alone() {
    let scene = Scene::new().await;
    let body = json!({
        "name": "wide", "level": "system", "duration": -1,
        "permissions": [
            { "kind": "system", "namespace": "/", "access": [{ "resource": "project", "action": "create" }] },
            { "kind": "project", "namespace": "*", "access": pull() },
        ],
    });
    refused(&scene.post("/robots", "boss", body.clone()).await, 403, "FORBIDDEN");
    let (address, name, secret) = make(&scene, "admin", "/robots", body.clone()).await;
    let shown = scene.get(&address, "admin").await.json();
    assert_eq!((&shown["permissions"], &shown["expires_at"]), (&body["permissions"], &json!(-1)));
    refused(&scene.get(&address, "boss").await, 403, "FORBIDDEN");
    scene.post_as("/projects", &name, &secret, json!({ "project_name": "made" })).await.is_done(201);
    assert_eq!(scene.get("/projects/made", "admin").await.json()["owner_name"], "admin");
}

#[tokio::test]
async fn permissions_are_listed_for_administrators() {
    let scene = Scene::new().await;
    let all = scene.get("/permissions", "admin").await.json();
    let has = |kind: &str, resource: &str, action: &str| {
        let pair = json!({ "resource": resource, "action": action });
        all[kind].as_array().is_some_and(|all| all.contains(&pair))
    };
    assert!(has("system", "garbage-collection", "stop") && has("project", "repository", "push"));
    assert!(!has("system", "robot", "update") && !has("project", "robot", "update"));
    let of_project = scene.get("/permissions", "boss").await.json();
    assert_eq!((of_project.get("system"), &of_project["project"]), (None, &all["project"]));
    let text = "only admins(system and project) can access permissions";
    scene.get("/permissions", "mia").await.is_refused(403, "FORBIDDEN", text);
    refused(&scene.get("/permissions", "").await, 401, "UNAUTHORIZED");
}

#[tokio::test]
async fn older_clients_use_robots_below_their_project() {
    let scene = Scene::new().await;
    let id = scene.get("/projects/deep", "boss").await.json()["project_id"].clone();
    let body = json!({
        "name": "old", "description": "d", "expires_at": -1,
        "access": [{ "resource": format!("/project/{id}/repository"), "action": "push" }],
    });
    refused(&scene.post("/projects/deep/robots", "mia", body.clone()).await, 403, "FORBIDDEN");
    let (address, name, _) = make(&scene, "boss", "/projects/deep/robots", body.clone()).await;
    assert_eq!(name, "robot$deep+old");
    assert!(address.starts_with("/projects/deep/robots/"), "{address}");
    refused(&scene.post("/projects/deep/robots", "boss", body).await, 409, "CONFLICT");
    let odd = json!({ "name": "odd", "access": [{ "resource": "repository", "action": "push" }] });
    let answer = scene.post("/projects/deep/robots", "boss", odd).await;
    answer.is_refused(400, "BAD_REQUEST", "bad resource repository");
    assert_eq!(scene.get(&address, "guest").await.json()["name"], "robot$deep+old");
    assert_eq!(scene.get(&format!("/projects/{id}/robots"), "guest").await.each("name"), ["robot$deep+old"]);
    scene.put(&address, "boss", json!({ "disable": true })).await.is_done(200);
    assert_eq!(scene.get(&address, "boss").await.json()["disable"], true);
    refused(&scene.put(&address, "mia", json!({ "disable": true })).await, 403, "FORBIDDEN");
    let below_another = address.replace("/deep/", "/library/");
    refused(&scene.get(&below_another, "admin").await, 404, "NOT_FOUND");
    scene.delete(&address, "boss").await.is_done(200);
    refused(&scene.delete(&address, "boss").await, 404, "NOT_FOUND");
}

#[tokio::test]
async fn an_access_token_takes_the_place_of_the_password() {
    let scene = Scene::new().await;
    let boss = scene.world.cx("boss").await.expect("signs in");
    let new = |name: &str, is_read_only| service::access_token::NewToken {
        name: name.to_owned(),
        is_read_only,
        days: None,
    };
    let tokens = &scene.world.services.access_tokens;
    let all = tokens.create(&boss, new("all", false)).await.expect("made").into_exposed();
    let look = tokens.create(&boss, new("look", true)).await.expect("made").into_exposed();
    let body = json!({ "metadata": { "public": "false" } });
    assert_eq!(scene.get_as("/users/current", "boss", &look).await.json()["username"], "boss");
    refused(&scene.put_as("/projects/deep", "boss", &look, body.clone()).await, 403, "FORBIDDEN");
    scene.put_as("/projects/deep", "boss", &all, body).await.is_done(200);
    refused(&scene.get_as("/users/current", "mia", &all).await, 401, "UNAUTHORIZED");
    for token in tokens.list(&boss).await.expect("a list") {
        tokens.delete(&boss, token.id).await.expect("revoked");
    }
    refused(&scene.get_as("/users/current", "boss", &all).await, 401, "UNAUTHORIZED");
}
