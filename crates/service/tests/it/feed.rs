//! Live changes: who is told of what, and when it ends.

use std::time::Duration;

use futures::{FutureExt, StreamExt, stream::BoxStream};
use service::{Denial, Error, feed::Change, project::ProjectRef, testing::World};
use types::{harbor, role::Role};

use crate::util::{
    assert_denied, assert_error, image, password, push_image, push_parts, put, reference, repository, secret,
};

/// The next change, which has happened already.
async fn next(feed: &mut BoxStream<'static, Change>) -> Option<Change> {
    tokio::time::timeout(Duration::from_secs(10), feed.next()).await.expect("something is told")
}

/// Kind, repository and tag of the next change.
async fn told(feed: &mut BoxStream<'static, Change>) -> (String, String, Option<String>) {
    let change = next(feed).await.expect("a change");
    (change.kind, change.repository, change.tag)
}

fn change(kind: &str, repository: &str, tag: Option<&str>) -> (String, String, Option<String>) {
    (kind.to_owned(), repository.to_owned(), tag.map(str::to_owned))
}

#[tokio::test]
async fn everything_that_happens_in_a_repository_is_told_in_order() {
    let world = World::new().await;
    let (cx, services) = (world.admin().await, &world.services);
    let mut feed = services.feed.subscribe(&cx, Some("library")).await.expect("a feed");
    let name = repository("library/web");
    let digest = push_image(services, &cx, "library/web", "v1", "one").await;
    services
        .artifacts
        .create_tag(&cx, &name, &reference("v1"), "v2".parse().expect("a tag"))
        .await
        .expect("made");
    services.artifacts.delete_manifest(&cx, &name, &reference("v1")).await.expect("deleted");
    services.artifacts.delete(&cx, &name, &reference(digest.as_str())).await.expect("deleted");
    services.repositories.delete(&cx, &name).await.expect("deleted");

    let pushed = next(&mut feed).await.expect("a change");
    assert_eq!(
        pushed,
        Change {
            kind: "PUSH_ARTIFACT".to_owned(),
            project: "library".to_owned(),
            repository: "library/web".to_owned(),
            digest: Some(digest.to_string()),
            tag: Some("v1".to_owned()),
        }
    );
    assert_eq!(told(&mut feed).await, change("CREATE_TAG", "library/web", Some("v2")));
    assert_eq!(told(&mut feed).await, change("DELETE_TAG", "library/web", Some("v1")));
    assert_eq!(told(&mut feed).await, change("DELETE_ARTIFACT", "library/web", None));
    assert_eq!(told(&mut feed).await, change("DELETE_REPOSITORY", "library/web", None));
    assert!(feed.next().now_or_never().is_none());
}

#[tokio::test]
async fn what_was_refused_is_not_told() {
    let world = World::new().await;
    let (cx, services) = (world.admin().await, &world.services);
    let mut feed = services.feed.subscribe(&cx, None).await.expect("a feed");
    let refused = put(services, &cx, "library/web", "v1", &image("one")).await;
    assert_error!(refused, Error::MissingReference(_));
    push_image(services, &cx, "library/web", "v1", "one").await;
    let (name, v1) = (repository("library/web"), reference("v1"));
    let again = services.artifacts.create_tag(&cx, &name, &v1, "v1".parse().expect("a tag"));
    assert_error!(again.await, Error::AlreadyExists(_));
    assert_eq!(told(&mut feed).await, change("PUSH_ARTIFACT", "library/web", Some("v1")));
    assert!(feed.next().now_or_never().is_none());
}

#[tokio::test]
async fn what_is_told_can_be_read_already() {
    let world = World::new().await;
    let (cx, services) = (world.admin().await, &world.services);
    let mut feed = services.feed.subscribe(&cx, None).await.expect("a feed");
    push_parts(services, &cx, "library/web", "one").await;
    let manifest = image("one");
    let push = put(services, &cx, "library/web", "v1", &manifest);
    let read = async {
        let told = next(&mut feed).await.expect("a change");
        let name = repository("library/web");
        services.artifacts.get(&cx, &name, &reference("v1"), true).await.expect("there").digest
            == told.digest.expect("a digest")
    };
    let (pushed, is_same) = futures::join!(push, read);
    pushed.expect("taken");
    assert!(is_same);
}

#[tokio::test]
async fn changes_reach_those_who_see_the_project_alone() {
    let world = World::new().await;
    let (ann, bob) = (world.user("ann").await, world.user("bob").await);
    world.project("deep", false, &[(&ann, Role::LimitedGuest)]).await;
    let (admin, feed) = (world.admin().await, &world.services.feed);
    let mut of_ann = feed.subscribe(&ann, None).await.expect("a feed");
    let mut of_bob = feed.subscribe(&bob, None).await.expect("a feed");
    let mut of_nobody = feed.subscribe(&World::anonymous(), None).await.expect("a feed");
    let mut of_library = feed.subscribe(&ann, Some("library")).await.expect("a feed");
    push_image(&world.services, &admin, "deep/web", "v1", "one").await;
    push_image(&world.services, &admin, "library/web", "v1", "one").await;
    assert_eq!(told(&mut of_ann).await.1, "deep/web");
    assert_eq!(told(&mut of_ann).await.1, "library/web");
    for feed in [&mut of_bob, &mut of_nobody, &mut of_library] {
        assert_eq!(told(feed).await.1, "library/web");
        assert!(feed.next().now_or_never().is_none());
    }
}

#[tokio::test]
async fn feed_of_a_project_is_for_those_who_may_list_its_repositories() {
    let world = World::new().await;
    let bob = world.user("bob").await;
    world.project("deep", false, &[]).await;
    let feed = &world.services.feed;
    assert_error!(feed.subscribe(&bob, Some("deep")).await.map(drop), Error::Forbidden(_));
    assert_error!(feed.subscribe(&bob, Some("none")).await.map(drop), Error::Forbidden(_));
    assert_denied(feed.subscribe(&World::anonymous(), Some("deep")).await.map(drop), Denial::NoCredentials);
    let missing = feed.subscribe(&world.admin().await, Some("none")).await.map(drop);
    assert_error!(missing, Error::NotFound(..));
}

#[tokio::test]
async fn rights_are_those_of_the_moment_of_the_change() {
    let world = World::new().await;
    let ann = world.user("ann").await;
    let id = world.project("deep", false, &[(&ann, Role::Guest)]).await;
    let (admin, services) = (world.admin().await, &world.services);
    let mut of_deep = services.feed.subscribe(&ann, Some("deep")).await.expect("a feed");
    let mut of_all = services.feed.subscribe(&ann, None).await.expect("a feed");
    push_image(services, &admin, "deep/web", "v1", "one").await;
    assert_eq!(told(&mut of_deep).await.1, "deep/web");
    assert_eq!(told(&mut of_all).await.1, "deep/web");
    let project = ProjectRef::Id(id);
    let members =
        services.members.list(&admin, &project, None, types::page::Page::default()).await.expect("members");
    services.members.delete(&admin, &project, members.items[0].id).await.expect("removed");
    push_image(services, &admin, "deep/web", "v2", "two").await;
    push_image(services, &admin, "library/web", "v3", "two").await;
    assert_eq!(next(&mut of_deep).await, None);
    assert_eq!(told(&mut of_all).await, change("PUSH_ARTIFACT", "library/web", Some("v3")));
}

#[tokio::test]
async fn an_administrator_who_is_one_no_more_is_told_no_more() {
    let world = World::new().await;
    let ann = world.user("ann").await;
    world.project("deep", false, &[]).await;
    let (admin, services) = (world.admin().await, &world.services);
    let id = ann.user_id().expect("an id");
    services.users.set_admin(&admin, id, true).await.expect("raised");
    let ann = world.cx("ann").await.expect("ann");
    let mut feed = services.feed.subscribe(&ann, None).await.expect("a feed");
    push_image(services, &admin, "deep/web", "v1", "one").await;
    assert_eq!(told(&mut feed).await.1, "deep/web");
    services.users.set_admin(&admin, id, false).await.expect("lowered");
    push_image(services, &admin, "deep/web", "v2", "one").await;
    push_image(services, &admin, "library/web", "v3", "one").await;
    assert_eq!(told(&mut feed).await.2.as_deref(), Some("v3"));
}

#[tokio::test]
async fn feed_ends_with_its_account_and_with_its_password() {
    let world = World::new().await;
    let (ann, bob) = (world.user("ann").await, world.user("bob").await);
    let (admin, services) = (world.admin().await, &world.services);
    let mut of_ann = services.feed.subscribe(&ann, None).await.expect("a feed");
    let mut of_bob = services.feed.subscribe(&bob, None).await.expect("a feed");
    services.users.delete(&admin, ann.user_id().expect("an id")).await.expect("deleted");
    let bob_id = bob.user_id().expect("an id");
    let new =
        harbor::PasswordReq { old_password: Some(password()), new_password: Some(secret("Another-12345")) };
    services.users.set_password(&bob, bob_id, new).await.expect("changed");
    push_image(services, &admin, "library/web", "v1", "one").await;
    assert_eq!(next(&mut of_ann).await, None);
    assert_eq!(next(&mut of_bob).await, None);
}

#[tokio::test]
async fn slow_reader_is_told_to_look_again() {
    let world = World::new().await;
    let (cx, services) = (world.admin().await, &world.services);
    push_image(services, &cx, "library/web", "v1", "one").await;
    let mut feed = services.feed.subscribe(&cx, Some("library")).await.expect("a feed");
    let manifest = image("one");
    for turn in 0..1030 {
        put(services, &cx, "library/web", &format!("t{turn}"), &manifest).await.expect("taken");
    }
    assert_eq!(next(&mut feed).await, Some(Change::reload()));
    for turn in 1030 - 1024..1030 {
        assert_eq!(next(&mut feed).await.and_then(|change| change.tag), Some(format!("t{turn}")));
    }
}
