//! The audit log: who reads what of it, and in which order.

use service::{Denial, Error, Kind, OpCtx, audit::AuditEntry, project::ProjectRef, testing::World};
use types::{harbor, query::ListQuery, role::Role};

use crate::util::{assert_denied, assert_error, later, request};

fn named(name: &str) -> ProjectRef {
    ProjectRef::Name(name.to_owned())
}

fn ask(q: &str, sort: &str) -> ListQuery {
    ListQuery::parse(None, Some(100), Some(q), Some(sort)).expect("a query")
}

async fn set_public(world: &World, cx: &OpCtx, project: &str, is_public: bool) {
    let new = harbor::ProjectReq { public: Some(is_public), ..Default::default() };
    world.services.projects.update(cx, &named(project), new).await.expect("changed");
}

async fn list(world: &World, cx: &OpCtx, project: Option<&str>, query: &ListQuery) -> Vec<AuditEntry> {
    let project = project.map(named);
    world.services.audit.list(cx, project.as_ref(), query).await.expect("a list").items
}

fn requests(entries: &[AuditEntry]) -> Vec<&str> {
    entries.iter().map(|entry| entry.request_id.as_str()).collect()
}

#[tokio::test]
async fn administrators_of_a_project_see_its_lines_and_no_others() {
    let world = World::new().await;
    let (ann, bob) = (world.user("ann").await, world.user("bob").await);
    world.project("p", false, &[(&ann, Role::ProjectAdmin)]).await;
    let id = world.project("q", false, &[(&bob, Role::ProjectAdmin)]).await;
    set_public(&world, &request(&ann, "ours"), "p", true).await;
    set_public(&world, &request(&bob, "theirs"), "q", false).await;

    let seen = list(&world, &ann, Some("p"), &ListQuery::default()).await;
    assert_eq!(requests(&seen), ["ours"]);
    let line = &seen[0];
    assert_eq!((line.actor.as_str(), line.operation.as_str()), ("ann", "update"));
    assert_eq!((line.resource_type.as_str(), line.resource.as_str()), ("project", "p"));
    assert_eq!((line.is_success, line.remote.as_str()), (true, "127.0.0.1"));
    assert_eq!(line.occurred_at.timestamp_millis(), ann.now.timestamp_millis());

    let audit = &world.services.audit;
    let theirs = audit.list(&ann, Some(&ProjectRef::Id(id)), &ListQuery::default()).await;
    assert_error!(theirs, Error::Forbidden(_));
    assert!(list(&world, &ann, Some("p"), &ask("resource=q", "")).await.is_empty(), "a filter only narrows");
    assert_eq!(requests(&list(&world, &bob, Some("q"), &ListQuery::default()).await), ["theirs"]);
}

#[tokio::test]
async fn nobody_else_reads_the_audit_log() {
    let world = World::new().await;
    let roles = [Role::Maintainer, Role::Developer, Role::Guest, Role::LimitedGuest];
    let stranger = world.user("stranger").await;
    let mut members = Vec::new();
    for (number, role) in roles.into_iter().enumerate() {
        members.push((world.user(&format!("user{number}")).await, role));
    }
    let members: Vec<_> = members.iter().map(|(cx, role)| (cx, *role)).collect();
    world.project("p", true, &members).await;
    let (audit, all) = (&world.services.audit, ListQuery::default());
    for cx in members.iter().map(|(cx, _)| *cx).chain([&stranger]) {
        assert_error!(audit.list(cx, Some(&named("p")), &all).await, Error::Forbidden(_));
        assert_error!(audit.list(cx, None, &all).await, Error::Forbidden(_));
    }
    let nobody = World::anonymous();
    assert_denied(audit.list(&nobody, Some(&named("p")), &all).await, Denial::NoCredentials);
    assert_denied(audit.list(&nobody, None, &all).await, Denial::NoCredentials);
    let missing = audit.list(&world.admin().await, Some(&named("nowhere")), &all).await;
    assert_error!(missing, Error::NotFound(Kind::Project, _));
}

#[tokio::test]
async fn administrator_of_a_project_does_not_read_the_whole_audit_log() {
    let world = World::new().await;
    let ann = world.user("ann").await;
    world.project("p", false, &[(&ann, Role::ProjectAdmin)]).await;
    assert_error!(world.services.audit.list(&ann, None, &ListQuery::default()).await, Error::Forbidden(_));
}

#[tokio::test]
async fn new_project_of_an_old_name_has_none_of_the_old_lines() {
    let world = World::new().await;
    let ann = world.user("ann").await;
    let new = || harbor::ProjectReq { project_name: Some("p".to_owned()), ..Default::default() };
    let projects = &world.services.projects;
    projects.create(&request(&world.admin().await, "old"), new()).await.expect("made");
    projects.delete(&request(&world.admin().await, "gone"), &named("p")).await.expect("deleted");
    projects.create(&request(&ann, "new"), new()).await.expect("made again");
    assert_eq!(requests(&list(&world, &ann, Some("p"), &ListQuery::default()).await), ["new"]);
}

#[tokio::test]
async fn lines_are_newest_first_and_sorted_filtered_and_paged_as_asked() {
    let world = World::new().await;
    let ann = world.user("ann").await;
    let admin = OpCtx { now: ann.now, ..world.admin().await };
    world.project("p", false, &[(&ann, Role::ProjectAdmin)]).await;
    set_public(&world, &request(&later(&ann, 10), "one"), "p", true).await;
    set_public(&world, &request(&later(&admin, 20), "two"), "library", false).await;
    set_public(&world, &request(&later(&ann, 20), "three"), "p", false).await;
    let seen = async |q: &str, sort: &str| {
        let entries = list(&world, &admin, None, &ask(q, sort)).await;
        entries.into_iter().map(|entry| entry.request_id).collect::<Vec<_>>()
    };
    assert_eq!(seen("", "").await, ["three", "two", "one"]);
    assert_eq!(seen("", "op_time").await, ["one", "two", "three"]);
    assert_eq!(seen("", "-username").await, ["three", "one", "two"]);
    assert_eq!(seen("", "username").await, ["two", "three", "one"]);
    assert_eq!(seen("username=ann", "").await, ["three", "one"]);
    assert_eq!(seen("resource=~LIB,resource_type=project,operation=update", "").await, ["two"]);
    assert_eq!(seen("operation={create delete}", "").await, Vec::<String>::new());
    let at = |secs| later(&ann, secs).now.format("%Y-%m-%dT%H:%M:%S").to_string();
    assert_eq!(seen(&format!("op_time=[{}~{}]", at(9), at(12)), "").await, ["one"]);
    assert_eq!(seen(&format!("op_time=[{}~]", at(15)), "").await, ["three", "two"]);
    assert_eq!(seen(&format!("op_time=[~{}]", at(15)), "").await, ["one"]);
    let page = ListQuery::parse(Some(2), Some(2), None, None).expect("a query");
    let page = world.services.audit.list(&admin, None, &page).await.expect("a page");
    assert_eq!((requests(&page.items), page.total), (vec!["one"], 3));
    let broken = world.services.audit.list(&admin, None, &ask("op_time=[soon~]", "")).await;
    assert_error!(broken, Error::Invalid { field: "op_time", .. });
}
