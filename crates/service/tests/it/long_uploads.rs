//! Uploads that take longer than the token lives that opened them.

use service::{Denial, Error, OpCtx, testing::World, token::Holder};
use types::{digest::Algorithm, role::Role, scope::Scope};

use crate::util::{assert_denied, assert_error, body, digest, later, password, repository};

const NAME: &str = "p/image";
const LIFE_SECS: i64 = 1800;

/// A project with the developers `ann` and `bob`.
async fn world() -> World {
    let world = World::new().await;
    let (ann, bob) = (world.user("ann").await, world.user("bob").await);
    world.project("p", false, &[(&ann, Role::Developer), (&bob, Role::Developer)]).await;
    world
}

async fn token_of(world: &World, user: &str, cx: &OpCtx) -> String {
    let signed_in = world.services.authn.password(cx, user, &password()).await.expect("signs in");
    let scopes = Scope::parse_all(&["repository:p/image:pull,push"]);
    world.services.tokens.issue(cx, &Holder::User(signed_in), &scopes).await.expect("a token").token
}

/// The context that a token makes for a request about an upload.
async fn shown(world: &World, token: &str, cx: &OpCtx, id: &str) -> Result<OpCtx, Error> {
    let upload = (&repository(NAME), id);
    let (caller, grants) = world.services.tokens.authenticate_for_upload(token, cx.now, upload).await?;
    Ok(OpCtx { caller, grants: Some(grants), ..cx.clone() })
}

async fn open(world: &World, cx: &OpCtx) -> String {
    world.services.uploads.start(cx, &repository(NAME), Algorithm::Sha256).await.expect("open").to_string()
}

#[tokio::test]
async fn an_upload_is_finished_with_the_token_that_opened_it_however_late() {
    let world = world().await;
    let start = World::anonymous();
    let token = token_of(&world, "ann", &start).await;
    let id = open(&world, &shown(&world, &token, &start, "none").await.expect("valid")).await;
    let late = later(&start, 100_000);
    assert_denied(world.services.tokens.authenticate(&token, late.now).await, Denial::InvalidToken);
    let cx = shown(&world, &token, &late, &id).await.expect("it counts here");
    let (uploads, name) = (&world.services.uploads, repository(NAME));
    uploads.append(&cx, &name, &id, None, body(b"long ")).await.expect("appended");
    let whole = digest(b"long layer");
    uploads.finish(&cx, &name, &id, (&whole, None), body(b"layer")).await.expect("finished");
    assert_denied(shown(&world, &token, &late, &id).await, Denial::InvalidToken);
}

#[tokio::test]
async fn a_token_that_had_expired_when_the_upload_was_opened_does_not_count() {
    let world = world().await;
    let start = World::anonymous();
    let token = token_of(&world, "ann", &start).await;
    let opened = later(&start, LIFE_SECS + 61);
    let newer = token_of(&world, "ann", &opened).await;
    let id = open(&world, &shown(&world, &newer, &opened, "none").await.expect("valid")).await;
    let late = later(&start, 100_000);
    assert_denied(shown(&world, &token, &late, &id).await, Denial::InvalidToken);
    shown(&world, &newer, &late, &id).await.expect("the one that opened it counts");
}

#[tokio::test]
async fn a_token_that_is_younger_than_the_upload_counts_while_it_lives() {
    let world = world().await;
    let start = World::anonymous();
    let id = open(&world, &world.cx("ann").await.expect("signs in")).await;
    let younger = later(&start, 60);
    let token = token_of(&world, "ann", &younger).await;
    shown(&world, &token, &younger, &id).await.expect("valid");
    assert_denied(shown(&world, &token, &later(&start, 100_000), &id).await, Denial::InvalidToken);
}

#[tokio::test]
async fn the_expired_token_of_somebody_else_does_not_count() {
    let world = world().await;
    let start = World::anonymous();
    let (ann, bob) = (token_of(&world, "ann", &start).await, token_of(&world, "bob", &start).await);
    let id = open(&world, &shown(&world, &ann, &start, "none").await.expect("valid")).await;
    let late = later(&start, 100_000);
    assert_denied(shown(&world, &bob, &late, &id).await, Denial::InvalidToken);
    for id in ["none", "00000000-0000-0000-0000-000000000000"] {
        assert_denied(shown(&world, &ann, &late, id).await, Denial::InvalidToken);
    }
    let elsewhere = (&repository("p/other"), id.as_str());
    let other = world.services.tokens.authenticate_for_upload(&ann, late.now, elsewhere).await;
    assert_denied(other, Denial::InvalidToken);
}

#[tokio::test]
async fn an_owner_who_lost_the_right_is_refused_as_ever() {
    let world = world().await;
    let start = World::anonymous();
    let token = token_of(&world, "ann", &start).await;
    let id = open(&world, &shown(&world, &token, &start, "none").await.expect("valid")).await;
    let admin = world.admin().await;
    let project = service::project::ProjectRef::Name("p".to_owned());
    let members = world.services.members.list(&admin, &project, None, types::page::Page::default()).await;
    let ann = members.expect("members").items.into_iter().find(|member| member.entity_name == "ann");
    world.services.members.delete(&admin, &project, ann.expect("ann").id).await.expect("removed");
    let cx = shown(&world, &token, &later(&start, 100_000), &id).await.expect("who it is, is known");
    let refused = world.services.uploads.append(&cx, &repository(NAME), &id, None, body(b"x")).await;
    assert_error!(refused, Error::Hidden(_));
}
