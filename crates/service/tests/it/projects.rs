//! Projects: making, changing, deleting, listing.

use service::{
    Denial, Error, Kind, ProjectCreation,
    project::{ProjectFilter, ProjectRef},
    testing::World,
};
use types::{harbor, page::Page, query::ListQuery, role::Role};

use crate::util::{assert_denied, assert_error, push_image, repository};

fn named(name: &str) -> harbor::ProjectReq {
    harbor::ProjectReq { project_name: Some(name.to_owned()), ..Default::default() }
}

fn by_name(name: &str) -> ProjectRef {
    ProjectRef::Name(name.to_owned())
}

fn metadata(public: &str) -> harbor::ProjectReq {
    let metadata = harbor::ProjectMetadata { public: Some(public.to_owned()), ..Default::default() };
    harbor::ProjectReq { metadata: Some(metadata), ..Default::default() }
}

#[tokio::test]
async fn maker_owns_and_administers_a_new_private_project() {
    let world = World::new().await;
    let ann = world.user("ann").await;
    let id = world.services.projects.create(&ann, named("p")).await.expect("made");
    let shown = world.services.projects.get(&ann, &ProjectRef::Id(id)).await.expect("shown");
    assert_eq!((shown.name.as_str(), shown.owner_name.as_str()), ("p", "ann"));
    assert_eq!(shown.current_user_role_id, i64::from(Role::ProjectAdmin.id()));
    assert_eq!(shown.metadata.public.as_deref(), Some("false"));
    assert_eq!(shown.repo_count, 0);
}

#[tokio::test]
async fn project_can_only_be_made_by_someone_known_and_by_the_rules() {
    let world = World::new().await;
    let ann = world.user("ann").await;
    let projects = &world.services.projects;
    assert_denied(projects.create(&World::anonymous(), named("p")).await, Denial::NoCredentials);
    for name in ["", "A", "a b", "a/b", "-a", "a..b", "../x", &"a".repeat(256)] {
        assert_error!(projects.create(&ann, named(name)).await, Error::InvalidName(_));
    }
    assert_error!(projects.create(&ann, harbor::ProjectReq::default()).await, Error::InvalidName(_));
    let proxy = harbor::ProjectReq { registry_id: Some(1), ..named("p") };
    assert_error!(projects.create(&ann, proxy).await, Error::Unsupported(_));
    let odd = harbor::ProjectReq { project_name: Some("p".to_owned()), ..metadata("maybe") };
    assert_error!(projects.create(&ann, odd).await, Error::Invalid { field: "metadata.public", .. });
    assert!(!projects.exists(&ann, "p").await.expect("an answer"));
}

#[tokio::test]
async fn projects_are_made_by_administrators_alone_where_it_is_so_decided() {
    let world = World::with(|options| options.project_creation = ProjectCreation::Admins).await;
    let (ann, admin) = (world.user("ann").await, world.admin().await);
    let projects = &world.services.projects;
    assert_error!(projects.create(&ann, named("p")).await, Error::Forbidden(_));
    assert_denied(projects.create(&World::anonymous(), named("p")).await, Denial::NoCredentials);
    assert!(!projects.may_create(&ann) && projects.may_create(&admin));
    projects.create(&admin, named("p")).await.expect("made");
}

#[tokio::test]
async fn taken_name_is_refused_and_the_project_stays_as_it_was() {
    let world = World::new().await;
    let (ann, bob) = (world.user("ann").await, world.user("bob").await);
    world.services.projects.create(&ann, named("p")).await.expect("made");
    assert_error!(world.services.projects.create(&bob, named("p")).await, Error::AlreadyExists(_));
    assert_error!(world.services.projects.create(&bob, named("library")).await, Error::AlreadyExists(_));
    let shown = world.services.projects.get(&ann, &by_name("p")).await.expect("shown");
    assert_eq!(shown.owner_name, "ann");
}

#[tokio::test]
async fn metadata_counts_more_than_the_older_way_to_say_public() {
    let world = World::new().await;
    let ann = world.user("ann").await;
    let projects = &world.services.projects;
    let cases = [
        ("a", harbor::ProjectReq { public: Some(true), ..metadata("false") }, "false"),
        ("b", metadata("true"), "true"),
        ("c", harbor::ProjectReq { public: Some(true), ..Default::default() }, "true"),
        ("d", harbor::ProjectReq { public: Some(true), ..metadata("") }, "true"),
    ];
    for (name, new, expected) in cases {
        let new = harbor::ProjectReq { project_name: Some(name.to_owned()), ..new };
        projects.create(&ann, new).await.expect("made");
        let shown = projects.get(&ann, &by_name(name)).await.expect("shown");
        assert_eq!(shown.metadata.public.as_deref(), Some(expected), "{name}");
    }
}

#[tokio::test]
async fn update_changes_only_what_may_be_changed() {
    let world = World::new().await;
    let ann = world.user("ann").await;
    let projects = &world.services.projects;
    let id = projects.create(&ann, named("p")).await.expect("made");
    let body = serde_json::json!({
        "project_name": "library", "project_id": 1, "owner_id": 1, "owner_name": "admin", "deleted": true,
        "creation_time": "2001-01-01T00:00:00Z", "storage_limit": -1, "metadata": { "public": "true" },
    });
    let new: harbor::ProjectReq = serde_json::from_value(body).expect("unknown fields are ignored");
    let before = projects.get(&ann, &ProjectRef::Id(id)).await.expect("shown");
    projects.update(&ann, &ProjectRef::Id(id), new).await.expect("changed");
    let after = projects.get(&ann, &ProjectRef::Id(id)).await.expect("shown");
    assert_eq!(after.metadata.public.as_deref(), Some("true"));
    let same =
        harbor::Project { metadata: before.metadata.clone(), update_time: before.update_time, ..after };
    assert_eq!(same, before);
}

#[tokio::test]
async fn project_with_repositories_is_not_deleted() {
    let world = World::new().await;
    let admin = world.admin().await;
    world.project("p", false, &[]).await;
    push_image(&world.services, &admin, "p/image", "v1", "one").await;
    let projects = &world.services.projects;
    assert_error!(projects.delete(&admin, &by_name("p")).await, Error::Precondition(_));
    world.services.repositories.delete(&admin, &repository("p/image")).await.expect("deleted");
    projects.delete(&admin, &by_name("p")).await.expect("empty now");
    assert_error!(projects.get(&admin, &by_name("p")).await, Error::NotFound(Kind::Project, _));
    assert_error!(projects.delete(&admin, &by_name("p")).await, Error::NotFound(Kind::Project, _));
}

#[tokio::test]
async fn lists_show_what_the_caller_sees() {
    let world = World::new().await;
    let (ann, bob) = (world.user("ann").await, world.user("bob").await);
    world.project("closed", false, &[(&ann, Role::Guest)]).await;
    world.project("open", true, &[]).await;
    let list = |cx: service::OpCtx, filter: ProjectFilter| {
        let projects = world.services.projects.clone();
        async move {
            let found = projects.list(&cx, &ListQuery::default(), filter).await.expect("a list");
            let names: Vec<_> = found.items.into_iter().map(|one| one.name).collect();
            assert_eq!(usize::try_from(found.total), Ok(names.len()));
            names
        }
    };
    let all = ProjectFilter::default;
    assert_eq!(list(World::anonymous(), all()).await, ["library", "open"]);
    assert_eq!(list(bob, all()).await, ["library", "open"]);
    assert_eq!(list(ann.clone(), all()).await, ["closed", "library", "open"]);
    assert_eq!(list(world.admin().await, all()).await, ["closed", "library", "open"]);
    let private = ProjectFilter { is_public: Some(false), ..all() };
    assert_eq!(list(ann.clone(), private.clone()).await, ["closed"]);
    assert!(list(World::anonymous(), private).await.is_empty());
    let part = ProjectFilter { name: Some("P".to_owned()), ..all() };
    assert_eq!(list(ann.clone(), part).await, ["open"]);
    let owned = |owner: &str| ProjectFilter { owner: Some(owner.to_owned()), ..all() };
    assert_eq!(list(ann.clone(), owned("admin")).await.len(), 3);
    assert!(list(ann.clone(), owned("bob")).await.is_empty());
    assert!(list(ann, owned("nobody")).await.is_empty());
}

#[tokio::test]
async fn pages_of_projects_are_cut_by_the_database() {
    let world = World::new().await;
    for name in ["a", "b", "c", "d"] {
        world.project(name, true, &[]).await;
    }
    let page = |number| ListQuery { page: Page::new(number, 2).expect("a page"), ..ListQuery::default() };
    let mut seen = Vec::new();
    for number in 1..=3 {
        let found =
            world.services.projects.list(&World::anonymous(), &page(number), ProjectFilter::default()).await;
        let found = found.expect("a list");
        assert_eq!(found.total, 5);
        seen.extend(found.items.into_iter().map(|one| one.name));
    }
    assert_eq!(seen, ["a", "b", "c", "d", "library"]);
}

#[tokio::test]
async fn project_counts_the_repositories_that_were_pushed_to() {
    let world = World::new().await;
    let admin = world.admin().await;
    push_image(&world.services, &admin, "library/a", "v1", "one").await;
    push_image(&world.services, &admin, "library/b", "v1", "one").await;
    crate::util::push_blob(&world.services, &admin, "library/c", b"a blob alone").await;
    let shown = world.services.projects.get(&admin, &by_name("library")).await.expect("shown");
    assert_eq!(shown.repo_count, 2);
    let listed =
        world.services.repositories.list(&admin, "library", &ListQuery::default()).await.expect("a list");
    assert_eq!(
        listed.items.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(),
        ["library/a", "library/b"]
    );
}

#[tokio::test]
async fn name_of_an_owner_who_left_is_not_shown() {
    let world = World::new().await;
    let (admin, ann) = (world.admin().await, world.user("ann").await);
    world.services.projects.create(&ann, named("p")).await.expect("made");
    world.services.users.delete(&admin, ann.user_id().expect("a user")).await.expect("deleted");
    let shown = world.services.projects.get(&admin, &by_name("p")).await.expect("shown");
    assert_eq!(shown.owner_name, "");
}
