//! Every change leaves one row in the audit log, and so does every refused sign-in.

use std::net::IpAddr;

use service::{OpCtx, project::ProjectRef, testing::World};
use types::{harbor, role::Role};

use crate::util::{password, push_image, push_parts, put, reference, repository, request, secret};

/// What is expected of the one row of a request.
struct Row<'a> {
    actor: &'a str,
    act: (&'a str, &'a str, &'a str),
    project_id: Option<i64>,
}

async fn assert_row(world: &World, request_id: &str, expected: Row<'_>) {
    let rows = world.audit_of(request_id).await;
    assert_eq!(rows.len(), 1, "{request_id}: {rows:?}");
    let row = &rows[0];
    assert_eq!(row.actor, expected.actor, "{request_id}");
    assert_eq!(
        (row.operation.as_str(), row.resource_type.as_str(), row.resource.as_str()),
        expected.act,
        "{request_id}"
    );
    assert_eq!(row.project_id, expected.project_id, "{request_id}");
    assert!(row.is_success, "{request_id}");
    assert_eq!(row.remote, "192.0.2.7", "{request_id}");
    assert!(row.occurred_at > 0, "{request_id}");
}

async fn ann(world: &World) -> OpCtx {
    let cx = world.user("ann").await;
    let remote: IpAddr = "192.0.2.7".parse().expect("an address");
    let id = cx.user_id().expect("a user");
    world.services.users.set_admin(&world.admin().await, id, true).await.expect("made an administrator");
    let cx = world.cx("ann").await.expect("signs in");
    OpCtx { remote, ..cx }
}

fn row<'a>(operation: &'a str, kind: &'a str, resource: &'a str, project_id: Option<i64>) -> Row<'a> {
    Row { actor: "ann", act: (operation, kind, resource), project_id }
}

#[tokio::test]
async fn changes_of_projects_and_members_are_in_the_audit_log() {
    let world = World::new().await;
    let cx = ann(&world).await;
    world.user("bob").await;
    let (projects, members) = (&world.services.projects, &world.services.members);
    let new = harbor::ProjectReq { project_name: Some("p".to_owned()), ..Default::default() };
    let id = projects.create(&request(&cx, "create"), new).await.expect("made");
    assert_row(&world, "create", row("create", "project", "p", Some(id))).await;
    let p = ProjectRef::Id(id);
    let public = harbor::ProjectReq { public: Some(true), ..Default::default() };
    projects.update(&request(&cx, "update"), &p, public).await.expect("changed");
    assert_row(&world, "update", row("update", "project", "p", Some(id))).await;

    let bob = harbor::UserEntity { user_id: None, username: Some("bob".to_owned()) };
    let new = harbor::ProjectMember { role_id: Some(2), member_user: Some(bob), member_group: None };
    let member = members.create(&request(&cx, "add"), &p, new).await.expect("added");
    assert_row(&world, "add", row("create", "member", "p/bob", Some(id))).await;
    members.update(&request(&cx, "role"), &p, member, Some(3)).await.expect("changed");
    assert_row(&world, "role", row("update", "member", "p/bob", Some(id))).await;
    members.delete(&request(&cx, "remove"), &p, member).await.expect("removed");
    assert_row(&world, "remove", row("delete", "member", "p/bob", Some(id))).await;

    projects.delete(&request(&cx, "delete"), &p).await.expect("deleted");
    assert_row(&world, "delete", row("delete", "project", "p", Some(id))).await;
}

#[tokio::test]
async fn changes_of_users_are_in_the_audit_log() {
    let world = World::new().await;
    let cx = ann(&world).await;
    let users = &world.services.users;
    let new = harbor::UserCreationReq {
        username: Some("bob".to_owned()),
        email: Some("bob@example.org".to_owned()),
        realname: Some("Bob".to_owned()),
        comment: None,
        password: Some(password()),
    };
    let id = users.create(&request(&cx, "create"), new).await.expect("made");
    assert_row(&world, "create", row("create", "user", "bob", None)).await;
    let profile = harbor::UserProfile { realname: Some("Robert".to_owned()), ..Default::default() };
    users.update(&request(&cx, "profile"), id, profile).await.expect("changed");
    let new = harbor::PasswordReq { old_password: None, new_password: Some(secret("Harbour-67890")) };
    users.set_password(&request(&cx, "password"), id, new).await.expect("changed");
    users.set_admin(&request(&cx, "admin"), id, true).await.expect("made");
    for request_id in ["profile", "password", "admin"] {
        assert_row(&world, request_id, row("update", "user", "bob", None)).await;
    }
    users.delete(&request(&cx, "delete"), id).await.expect("deleted");
    assert_row(&world, "delete", row("delete", "user", "bob", None)).await;
    users.reset_password(&request(&cx, "reset"), "ann").await.expect("reset");
    let expected = Row { actor: "command line", act: ("update", "user", "ann"), project_id: None };
    assert_row(&world, "reset", expected).await;
}

#[tokio::test]
async fn changes_of_artifacts_are_in_the_audit_log() {
    let world = World::new().await;
    let cx = ann(&world).await;
    let (name, artifacts) = (repository("library/image"), &world.services.artifacts);
    push_parts(&world.services, &cx, "library/image", "one").await;
    let manifest = crate::util::image("one");
    let image =
        put(&world.services, &request(&cx, "push"), "library/image", "v1", &manifest).await.expect("taken");
    assert_row(&world, "push", row("create", "artifact", "library/image:v1", Some(1))).await;
    let by_digest = format!("library/image@{image}");
    put(&world.services, &request(&cx, "again"), "library/image", image.as_str(), &manifest)
        .await
        .expect("taken");
    assert_row(&world, "again", row("create", "artifact", &by_digest, Some(1))).await;

    let v2 = "v2".parse().expect("a tag");
    artifacts.create_tag(&request(&cx, "tag"), &name, &reference("v1"), v2).await.expect("made");
    assert_row(&world, "tag", row("create", "tag", "library/image:v2", Some(1))).await;
    artifacts.delete_manifest(&request(&cx, "untag"), &name, &reference("v2")).await.expect("deleted");
    assert_row(&world, "untag", row("delete", "tag", "library/image:v2", Some(1))).await;
    artifacts.delete(&request(&cx, "delete"), &name, &reference("v1")).await.expect("deleted");
    assert_row(&world, "delete", row("delete", "artifact", &by_digest, Some(1))).await;

    push_image(&world.services, &cx, "library/image", "v1", "two").await;
    let text = "A tool".to_owned();
    world.services.repositories.update(&request(&cx, "describe"), &name, text).await.expect("described");
    assert_row(&world, "describe", row("update", "repository", "library/image", Some(1))).await;
    world.services.repositories.delete(&request(&cx, "remove"), &name).await.expect("deleted");
    assert_row(&world, "remove", row("delete", "repository", "library/image", Some(1))).await;
}

#[tokio::test]
async fn refused_changes_leave_no_row_of_a_success() {
    let world = World::new().await;
    let cx = ann(&world).await;
    let bob = world.user("bob").await;
    world.project("p", false, &[(&bob, Role::Guest)]).await;
    let p = ProjectRef::Name("p".to_owned());
    let refused = request(&bob, "refused");
    world.services.projects.delete(&refused, &p).await.expect_err("a guest");
    put(&world.services, &refused, "p/image", "v1", &crate::util::image("one")).await.expect_err("a guest");
    let missing = request(&cx, "missing");
    put(&world.services, &missing, "p/image", "v1", &crate::util::image("one"))
        .await
        .expect_err("parts are missing");
    let taken = harbor::ProjectReq { project_name: Some("p".to_owned()), ..Default::default() };
    world.services.projects.create(&missing, taken).await.expect_err("the name is taken");
    for request_id in ["refused", "missing"] {
        assert_eq!(world.audit_of(request_id).await, [], "{request_id}");
    }
}

#[tokio::test]
async fn sign_ins_are_in_the_audit_log_right_or_wrong() {
    let world = World::new().await;
    world.user("bob").await;
    let remote: IpAddr = "192.0.2.7".parse().expect("an address");
    let cx = OpCtx { remote, ..World::anonymous() };
    let authn = &world.services.authn;
    authn.sign_in(&request(&cx, "right"), "bob", &password()).await.expect("signs in");
    let expected = Row { actor: "bob", act: ("login", "user", "bob"), project_id: None };
    assert_row(&world, "right", expected).await;
    for (request_id, name) in [("wrong", "bob"), ("unknown", "nobody"), ("odd", "a\r\nb")] {
        authn.sign_in(&request(&cx, request_id), name, &secret("Wrong-12345")).await.expect_err("wrong");
        let rows = world.audit_of(request_id).await;
        assert_eq!(rows.len(), 1, "{rows:?}");
        assert!(!rows[0].is_success);
        assert_eq!((rows[0].actor.as_str(), rows[0].operation.as_str()), (name, "login"));
        assert_eq!(rows[0].remote, "192.0.2.7");
    }
    authn.password(&request(&cx, "basic"), "bob", &secret("Wrong-12345")).await.expect_err("wrong");
    assert_eq!(world.audit_of("basic").await.len(), 1);
    authn.password(&request(&cx, "each"), "bob", &password()).await.expect("right");
    assert_eq!(world.audit_of("each").await, [], "a password with every request is no sign-in");
}

#[tokio::test]
async fn name_as_long_as_a_request_allows_is_cut() {
    let world = World::new().await;
    let cx = request(&World::anonymous(), "long");
    world.services.authn.password(&cx, &"é".repeat(50_000), &password()).await.expect_err("unknown");
    let rows = world.audit_of("long").await;
    assert_eq!((rows[0].actor.chars().count(), rows[0].resource.chars().count()), (255, 512));
}
