//! Tags: several at once, moved on conditions, and what became of them.

use bytes::Bytes;
use futures::future::join_all;
use service::{Error, Kind, OpCtx, artifact::Named, testing::World};
use types::{harbor::TagChange, name::Tag, oci::condition::Condition, page::Page, role::Role};

use crate::util::{
    assert_error, digest, digest_at, image, push_image, push_parts, put, reference, repository, request,
};

const NAME: &str = "library/image";

async fn world() -> (World, OpCtx) {
    let world = World::new().await;
    let cx = world.admin().await;
    for seed in ["one", "two"] {
        push_parts(&world.services, &cx, NAME, seed).await;
    }
    (world, cx)
}

fn tag(name: &str) -> Tag {
    name.parse().expect("a tag")
}

fn digest_of(seed: &str) -> String {
    digest(image(seed).to_string().as_bytes()).to_string()
}

fn only_if(if_match: Option<&str>, if_none_match: Option<&str>) -> Condition {
    Condition::parse(if_match, if_none_match).expect("a condition")
}

async fn put_if(
    world: &World,
    cx: &OpCtx,
    (at, tags): (&str, &[&str]),
    seed: &str,
    condition: Condition,
) -> Result<Vec<Tag>, Error> {
    let tags = tags.iter().map(|name| tag(name)).collect();
    let named = Named { reference: reference(at), tags, condition };
    let content = (None, Bytes::from(image(seed).to_string()));
    let pushed = world.services.artifacts.put_manifest(cx, &repository(NAME), named, content).await?;
    Ok(pushed.tags)
}

/// Old digest, new digest and operator of each change, newest first.
async fn history(world: &World, cx: &OpCtx, name: &str) -> Vec<(Option<String>, Option<String>, String)> {
    let page = Page::default();
    let listed = world.services.artifacts.list_tag_history(cx, &repository(NAME), &tag(name), page).await;
    let told = |change: TagChange| {
        assert!(change.op_time.is_some());
        (change.old_digest, change.new_digest, change.operator)
    };
    listed.expect("a history").items.into_iter().map(told).collect()
}

fn change(old: Option<&str>, new: Option<&str>, who: &str) -> (Option<String>, Option<String>, String) {
    (old.map(digest_of), new.map(digest_of), who.to_owned())
}

#[tokio::test]
async fn every_change_of_a_tag_is_kept_and_nothing_else() {
    let (world, admin) = world().await;
    let mia = world.user("mia").await;
    world.project("p", false, &[(&mia, Role::Maintainer)]).await;
    let (name, artifacts) = (repository(NAME), &world.services.artifacts);
    for seed in ["one", "one", "two"] {
        put(&world.services, &admin, NAME, "v1", &image(seed)).await.expect("taken");
    }
    artifacts.create_tag(&admin, &name, &reference("v1"), tag("v2")).await.expect("made");
    artifacts.delete_manifest(&admin, &name, &reference("v1")).await.expect("deleted");
    put(&world.services, &admin, NAME, "v1", &image("two")).await.expect("taken");
    artifacts.delete(&admin, &name, &reference("v2")).await.expect("deleted");
    let expected = [
        change(Some("two"), None, "admin"),
        change(None, Some("two"), "admin"),
        change(Some("two"), None, "admin"),
        change(Some("one"), Some("two"), "admin"),
        change(None, Some("one"), "admin"),
    ];
    assert_eq!(history(&world, &admin, "v1").await, expected);
    let expected = [change(Some("two"), None, "admin"), change(None, Some("two"), "admin")];
    assert_eq!(history(&world, &admin, "v2").await, expected);
    assert_eq!(history(&world, &admin, "v3").await, []);
}

#[tokio::test]
async fn a_history_is_read_in_pages_by_those_who_may_list_tags() {
    let world = World::new().await;
    let (mia, zoe) = (world.user("mia").await, world.user("zoe").await);
    world.project("p", false, &[(&mia, Role::Developer)]).await;
    for seed in ["one", "two", "three"] {
        push_image(&world.services, &mia, "p/image", "v1", seed).await;
    }
    let (name, artifacts) = (repository("p/image"), &world.services.artifacts);
    let page = |number| Page::new(number, 2).expect("a page");
    let first = artifacts.list_tag_history(&mia, &name, &tag("v1"), page(1)).await.expect("a history");
    assert_eq!((first.total, first.items.len()), (3, 2));
    assert_eq!(first.items[0].operator, "mia");
    let second = artifacts.list_tag_history(&mia, &name, &tag("v1"), page(2)).await.expect("a history");
    assert_eq!(second.items[0].old_digest, None);
    assert_error!(artifacts.list_tag_history(&zoe, &name, &tag("v1"), page(1)).await, Error::Forbidden(_));
    let missing = artifacts.list_tag_history(&mia, &repository("p/none"), &tag("v1"), page(1)).await;
    assert_error!(missing, Error::NotFound(Kind::Repository, _));
}

#[tokio::test]
async fn a_push_by_digest_sets_all_its_tags_and_tells_of_each() {
    let (world, cx) = world().await;
    let cx = request(&cx, "many");
    let digest = digest_of("one");
    let tags =
        put_if(&world, &cx, (&digest, &["b", "a", "b"]), "one", Condition::default()).await.expect("taken");
    assert_eq!(tags, [tag("b"), tag("a")]);
    for name in ["a", "b"] {
        assert_eq!(digest_at(&world.services, &cx, NAME, name).await.as_ref(), Some(&digest));
        assert_eq!(history(&world, &cx, name).await, [change(None, Some("one"), "admin")]);
    }
    let rows = world.audit_of("many").await;
    let told: Vec<_> = rows.iter().map(|row| row.resource.as_str()).collect();
    assert_eq!(told, ["library/image:b", "library/image:a"]);
}

#[tokio::test]
async fn a_condition_that_one_tag_does_not_meet_leaves_all_as_they_were() {
    let (world, cx) = world().await;
    put(&world.services, &cx, NAME, "b", &image("one")).await.expect("taken");
    let two = digest_of("two");
    let refused = put_if(&world, &cx, (&two, &["a", "b"]), "two", only_if(None, Some("*"))).await;
    assert_error!(refused, Error::Precondition(_));
    assert_eq!(digest_at(&world.services, &cx, NAME, "a").await, None);
    assert_eq!(digest_at(&world.services, &cx, NAME, &two).await, None);
    assert_eq!(history(&world, &cx, "a").await, []);
}

#[tokio::test]
async fn without_a_tag_the_condition_is_about_the_manifest() {
    let (world, cx) = world().await;
    let one = digest_of("one");
    assert_error!(
        put_if(&world, &cx, (&one, &[]), "one", only_if(Some("*"), None)).await,
        Error::Precondition(_)
    );
    put_if(&world, &cx, (&one, &[]), "one", only_if(None, Some("*"))).await.expect("new");
    assert_error!(
        put_if(&world, &cx, (&one, &[]), "one", only_if(None, Some("*"))).await,
        Error::Precondition(_)
    );
    put_if(&world, &cx, (&one, &[]), "one", only_if(Some("*"), None)).await.expect("there");
}

#[tokio::test]
async fn of_many_who_make_a_tag_one_wins() {
    let (world, cx) = world().await;
    let racers = (0..20).map(|n| {
        let seed = if n % 2 == 0 { "one" } else { "two" };
        put_if(&world, &cx, ("v1", &[]), seed, only_if(None, Some("*")))
    });
    let done = join_all(racers).await;
    assert_eq!(done.iter().filter(|done| done.is_ok()).count(), 1);
    for lost in done.into_iter().filter(Result::is_err) {
        assert_error!(lost, Error::Precondition(_));
    }
    assert_eq!(history(&world, &cx, "v1").await.len(), 1);
}

#[tokio::test]
async fn a_chain_of_moves_from_what_was_read_counts_exactly() {
    let (world, cx) = world().await;
    put(&world.services, &cx, NAME, "v1", &image("one")).await.expect("taken");
    let turns = join_all((0..8).map(|_| async {
        let mut moved = 0;
        while moved < 5 {
            let now = digest_at(&world.services, &cx, NAME, "v1").await.expect("there");
            let next = if now == digest_of("one") { "two" } else { "one" };
            let condition = only_if(Some(&format!("\"{now}\"")), None);
            match put_if(&world, &cx, ("v1", &[]), next, condition).await {
                Ok(_) => moved += 1,
                Err(Error::Precondition(_)) => {}
                Err(error) => panic!("{error:?}"),
            }
        }
        moved
    }))
    .await;
    assert_eq!(turns.into_iter().sum::<usize>(), 40);
    let page = Page::new(1, 100).expect("a page");
    let (artifacts, name) = (&world.services.artifacts, repository(NAME));
    let listed = artifacts.list_tag_history(&cx, &name, &tag("v1"), page).await.expect("a history");
    assert_eq!(listed.total, 41, "each move once, after the first push");
}

#[tokio::test]
async fn a_deletion_meets_its_condition_or_does_nothing() {
    let (world, cx) = world().await;
    put(&world.services, &cx, NAME, "v1", &image("one")).await.expect("taken");
    let (name, artifacts) = (repository(NAME), &world.services.artifacts);
    let delete = |at: &str, condition| {
        let named = Named { reference: reference(at), tags: Vec::new(), condition };
        artifacts.delete_manifest(&cx, &name, named)
    };
    let (is_one, is_two) = (format!("\"{}\"", digest_of("one")), format!("\"{}\"", digest_of("two")));
    assert_error!(delete("v1", only_if(Some(&is_two), None)).await, Error::Precondition(_));
    assert_error!(delete(&digest_of("one"), only_if(Some(&is_two), None)).await, Error::Precondition(_));
    assert_error!(delete("v1", only_if(None, Some("*"))).await, Error::Precondition(_));
    assert_error!(delete("v2", only_if(Some("*"), None)).await, Error::NotFound(Kind::Tag, _));
    delete("v1", only_if(Some(&is_one), None)).await.expect("deleted");
    assert_eq!(digest_at(&world.services, &cx, NAME, "v1").await, None);
    delete(&digest_of("one"), only_if(Some("*"), None)).await.expect("deleted");
}
