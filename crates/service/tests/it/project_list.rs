//! Lists of projects: by the caller's membership and role, and sorted by what is in them.

use futures::future::join_all;
use service::{OpCtx, project::ProjectFilter, testing::World};
use types::{query::ListQuery, role::Role};

use crate::util::push_image;

async fn list(world: &World, cx: &OpCtx, filter: ProjectFilter, sort: &str) -> Vec<String> {
    let query = ListQuery::parse(Some(1), Some(100), None, Some(sort)).expect("a query");
    let listed = world.services.projects.list(cx, &query, filter).await.expect("a list");
    assert_eq!(listed.total, u64::try_from(listed.items.len()).expect("few"));
    listed.items.into_iter().map(|project| project.name).collect()
}

fn own() -> ProjectFilter {
    ProjectFilter { is_member: true, ..ProjectFilter::default() }
}

fn with_role(role: Role) -> ProjectFilter {
    ProjectFilter { role: Some(role), ..ProjectFilter::default() }
}

/// Projects of ann: administered, developed, and public as a guest; and one of somebody else.
async fn world() -> (World, OpCtx) {
    let world = World::new().await;
    let (ann, bob) = (world.user("ann").await, world.user("bob").await);
    world.project("led", false, &[(&ann, Role::ProjectAdmin)]).await;
    world.project("made", false, &[(&ann, Role::Developer), (&bob, Role::ProjectAdmin)]).await;
    world.project("seen", true, &[(&ann, Role::Guest)]).await;
    world.project("else", false, &[(&bob, Role::Developer)]).await;
    (world, ann)
}

#[tokio::test]
async fn own_projects_are_those_the_caller_is_a_member_of() {
    let (world, ann) = world().await;
    assert_eq!(list(&world, &ann, own(), "").await, ["led", "made", "seen"]);
    assert_eq!(list(&world, &ann, ProjectFilter::default(), "").await, ["led", "library", "made", "seen"]);
    let private = ProjectFilter { is_public: Some(false), ..own() };
    assert_eq!(list(&world, &ann, private, "-name").await, ["made", "led"]);
    let named = ProjectFilter { name: Some("ee".to_owned()), ..own() };
    assert_eq!(list(&world, &ann, named, "").await, ["seen"]);
}

#[tokio::test]
async fn projects_are_narrowed_by_the_callers_own_role() {
    let (world, ann) = world().await;
    assert_eq!(list(&world, &ann, with_role(Role::ProjectAdmin), "").await, ["led"]);
    assert_eq!(list(&world, &ann, with_role(Role::Developer), "").await, ["made"]);
    assert_eq!(list(&world, &ann, with_role(Role::Guest), "").await, ["seen"]);
    assert!(list(&world, &ann, with_role(Role::Maintainer), "").await.is_empty());
    let both = ProjectFilter { is_member: true, ..with_role(Role::Guest) };
    assert_eq!(list(&world, &ann, both, "").await, ["seen"]);
}

#[tokio::test]
async fn nobody_and_administrators_are_members_of_what_they_are_members_of() {
    let (world, _) = world().await;
    for filter in [own(), with_role(Role::Guest)] {
        assert!(list(&world, &World::anonymous(), filter, "").await.is_empty());
    }
    let admin = world.admin().await;
    assert_eq!(list(&world, &admin, ProjectFilter::default(), "").await.len(), 5);
    assert!(!list(&world, &admin, own(), "").await.contains(&"led".to_owned()));
}

#[tokio::test]
async fn projects_are_sorted_by_how_many_repositories_they_have() {
    let (world, ann) = world().await;
    let admin = world.admin().await;
    for name in ["seen/a", "seen/b", "led/a"] {
        push_image(&world.services, &admin, name, "v1", "one").await;
    }
    crate::util::push_blob(&world.services, &admin, "made/a", b"not pushed to, and not counted").await;
    assert_eq!(list(&world, &ann, own(), "repo_count").await, ["made", "led", "seen"]);
    assert_eq!(list(&world, &ann, own(), "-repo_count").await, ["seen", "led", "made"]);
}

#[tokio::test]
async fn a_thousand_projects_are_paged_narrowed_and_sorted_in_the_database() {
    let world = World::new().await;
    let ann = world.user("ann").await;
    let names: Vec<String> = (0..1000).map(|number| format!("p{number:04}")).collect();
    let members = [(&ann, Role::Developer)];
    join_all(names.iter().enumerate().map(|(number, name)| {
        world.project(name, number % 2 == 0, if number % 4 == 0 { &members } else { &[] })
    }))
    .await;
    push_image(&world.services, &ann, "p0500/web", "v1", "one").await;
    let page = |number, sort: &'static str, filter: ProjectFilter| {
        let query = ListQuery::parse(Some(number), Some(100), None, Some(sort)).expect("a query");
        let (world, ann) = (&world, &ann);
        async move { world.services.projects.list(ann, &query, filter).await.expect("a list") }
    };
    let last = page(3, "name", own()).await;
    assert_eq!((last.total, last.items.len(), last.items[49].name.as_str()), (250, 50, "p0996"));
    let first = page(1, "-repo_count", with_role(Role::Developer)).await;
    assert_eq!((first.total, first.items[0].name.as_str(), first.items[0].repo_count), (250, "p0500", 1));
    assert_eq!(page(1, "", ProjectFilter::default()).await.total, 501, "the public ones, with library");
    let home = world.services.home.get(&ann).await.expect("a first page");
    assert_eq!(home.projects[0].project.name.as_str(), "p0500");
    let found = world.services.home.search(&ann, "p09", 8).await.expect("an answer").projects;
    assert_eq!(found.len(), 8);
}
