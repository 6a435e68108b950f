//! Access tokens: what programs of a user sign in with.

use service::{
    Caller, Denial, Error, OpCtx,
    access_token::{NewToken, PREFIX},
    project::ProjectRef,
    testing::World,
};
use types::{
    harbor::{PasswordReq, ProjectReq, UserProfile},
    role::Role,
    scope::Scope,
    secret::Secret,
};

use crate::{
    robots::sign_in,
    util::{assert_denied, assert_error, later, push_image, reference, repository, request, secret},
};

fn new(name: &str) -> NewToken {
    NewToken { name: name.to_owned(), is_read_only: false, days: None }
}

fn read_only(name: &str) -> NewToken {
    NewToken { is_read_only: true, ..new(name) }
}

async fn make(world: &World, cx: &OpCtx, new: NewToken) -> Secret<String> {
    world.services.access_tokens.create(cx, new).await.expect("made")
}

async fn world() -> (World, OpCtx) {
    let world = World::new().await;
    let ann = world.user("ann").await;
    world.project("p", false, &[(&ann, Role::ProjectAdmin)]).await;
    (world, ann)
}

#[tokio::test]
async fn token_stands_for_its_owner_and_nobody_else() {
    let (world, ann) = world().await;
    world.user("bob").await;
    let secret = make(&world, &request(&ann, "make"), new("laptop")).await;
    assert!(secret.expose().starts_with(PREFIX));
    let cx = World::anonymous();
    for login in ["ann", "ann@example.org"] {
        let program = sign_in(&world, &cx, login, &secret).await.expect("signs in");
        assert_eq!((program.user_id(), program.actor()), (ann.user_id(), "ann"));
        assert!(matches!(program.caller, Caller::AccessToken(_)));
    }
    for login in ["bob", "nobody", "", "robot$ann"] {
        assert_denied(sign_in(&world, &cx, login, &secret).await, Denial::BadCredentials);
    }
    let rows = world.audit_of("make").await;
    let rows: Vec<_> = rows.iter().map(|row| (row.operation.as_str(), row.resource.as_str())).collect();
    assert_eq!(rows, [("create", "ann/laptop")]);
}

#[tokio::test]
async fn portal_takes_no_token() {
    let (world, ann) = world().await;
    let secret = make(&world, &ann, new("laptop")).await;
    let refused = world.services.authn.sign_in(&World::anonymous(), "ann", &secret).await;
    assert_denied(refused, Denial::BadCredentials);
}

#[tokio::test]
async fn tokens_are_listed_without_their_secret_and_with_their_last_use() {
    let (world, ann) = world().await;
    let secret = make(&world, &ann, new("laptop")).await;
    make(&world, &ann, NewToken { days: Some(30), ..read_only("ci") }).await;
    let at = later(&World::anonymous(), 7);
    sign_in(&world, &at, "ann", &secret).await.expect("signs in");
    let list = world.services.access_tokens.list(&ann).await.expect("a list");
    let said = format!("{list:?}");
    assert!(!said.contains(secret.expose().as_str()));
    let names: Vec<_> = list.iter().map(|token| (token.name.as_str(), token.is_read_only)).collect();
    assert_eq!(names, [("ci", true), ("laptop", false)]);
    let times = (list[1].last_used_at.map(|at| at.timestamp_millis()), list[0].last_used_at);
    assert_eq!(times, (Some(at.now.timestamp_millis()), None));
    let days = list[0].expires_at.map(|end| (end - ann.now).num_days());
    assert!(matches!(days, Some(29 | 30)), "{days:?}");
    let bob = world.user("bob").await;
    assert_eq!(world.services.access_tokens.list(&bob).await.expect("a list"), []);
}

#[tokio::test]
async fn names_are_taken_once_per_owner_and_follow_their_rule() {
    let (world, ann) = world().await;
    make(&world, &ann, new("laptop")).await;
    assert_error!(world.services.access_tokens.create(&ann, new("laptop")).await, Error::AlreadyExists(_));
    make(&world, &world.user("bob").await, new("laptop")).await;
    for bad in ["", "a\nb", &"a".repeat(65)] {
        let refused = world.services.access_tokens.create(&ann, new(bad)).await;
        assert_error!(refused, Error::Invalid { field: "name", .. });
    }
    for days in [0, 3651] {
        let refused =
            world.services.access_tokens.create(&ann, NewToken { days: Some(days), ..new("x") }).await;
        assert_error!(refused, Error::Invalid { field: "days", .. });
    }
}

/// What ends a token, and what was made of it, at once.
async fn ended_by(end: impl AsyncFn(&World, &OpCtx)) -> (World, Secret<String>) {
    let (world, ann) = world().await;
    let secret = make(&world, &ann, new("laptop")).await;
    let cx = World::anonymous();
    let holder = world.services.authn.client(&cx, "ann", &secret).await.expect("signs in");
    let scopes = [Scope::parse("repository:p/image:pull")];
    let access = world.services.tokens.issue(&cx, &holder, &scopes).await.expect("a token").token;
    let refresh = world.services.tokens.issue_refresh(&cx, &holder).expect("a refresh token");
    world.services.tokens.authenticate(&access, cx.now).await.expect("counts");
    end(&world, &ann).await;
    assert_denied(world.services.tokens.authenticate(&access, cx.now).await, Denial::InvalidToken);
    assert_denied(world.services.tokens.redeem(&cx, &refresh).await, Denial::InvalidToken);
    assert_denied(sign_in(&world, &cx, "ann", &secret).await, Denial::BadCredentials);
    (world, secret)
}

#[tokio::test]
async fn revoked_token_is_refused_at_once() {
    let (world, _) = ended_by(async |world, ann| {
        let tokens = &world.services.access_tokens;
        let id = tokens.list(ann).await.expect("a list")[0].id;
        let bob = world.user("bob").await;
        assert_error!(tokens.delete(&bob, id).await, Error::NotFound(service::Kind::AccessToken, _));
        tokens.delete(&request(ann, "revoke"), id).await.expect("revoked");
        assert_error!(tokens.delete(ann, id).await, Error::NotFound(service::Kind::AccessToken, _));
    })
    .await;
    assert_eq!(world.audit_of("revoke").await[0].operation, "delete");
}

#[tokio::test]
async fn tokens_end_with_the_account() {
    ended_by(async |world, ann| {
        let id = ann.user_id().expect("a user");
        world.services.users.delete(&world.admin().await, id).await.expect("deleted");
    })
    .await;
}

#[tokio::test]
async fn token_outlives_a_new_password() {
    let (world, ann) = world().await;
    let token = make(&world, &ann, new("laptop")).await;
    let new = PasswordReq { old_password: None, new_password: Some(secret("Harbour-67890")) };
    world
        .services
        .users
        .set_password(&world.admin().await, ann.user_id().expect("a user"), new)
        .await
        .expect("set");
    sign_in(&world, &World::anonymous(), "ann", &token).await.expect("signs in");
}

#[tokio::test]
async fn token_counts_until_its_end() {
    let (world, ann) = world().await;
    let secret = make(&world, &ann, NewToken { days: Some(1), ..new("laptop") }).await;
    let day = 86_400;
    sign_in(&world, &later(&ann, day - 60), "ann", &secret).await.expect("still counts");
    assert_denied(sign_in(&world, &later(&ann, day), "ann", &secret).await, Denial::Inactive);
    let list = world.services.access_tokens.list(&later(&ann, day)).await.expect("a list");
    assert!(list[0].is_expired);
}

#[tokio::test]
async fn read_only_token_reads_what_its_owner_reads_and_changes_nothing() {
    let (world, ann) = world().await;
    push_image(&world.services, &ann, "p/image", "v1", "one").await;
    let boss = world.admin().await;
    let secret = make(&world, &boss, read_only("look")).await;
    let program = sign_in(&world, &World::anonymous(), "admin", &secret).await.expect("signs in");
    let (p, image) = (ProjectRef::Name("p".to_owned()), repository("p/image"));
    let services = &world.services;
    services.artifacts.get_manifest(&program, &image, &reference("v1"), true).await.expect("pulls");
    services.projects.get(&program, &p).await.expect("reads");
    services.audit.list(&program, None, &types::query::ListQuery::default()).await.expect("reads");
    let own = program.user_id().expect("a user");
    services.users.get(&program, own).await.expect("reads");

    let started = services.uploads.start(&program, &image, types::digest::Algorithm::Sha256).await;
    assert!(matches!(&started, Err(Error::Forbidden(text)) if text.contains("access token")), "{started:?}");
    let public = ProjectReq { public: Some(true), ..Default::default() };
    assert_error!(services.projects.update(&program, &p, public).await, Error::Forbidden(_));
    let new = ProjectReq { project_name: Some("q".to_owned()), ..Default::default() };
    assert_error!(services.projects.create(&program, new).await, Error::Forbidden(_));
    assert_error!(services.users.update(&program, own, UserProfile::default()).await, Error::Forbidden(_));
    assert_error!(services.users.set_admin(&program, 2, true).await, Error::Forbidden(_));
    let scopes = [Scope::parse("repository:p/image:pull,push,delete")];
    let holder = services.authn.client(&program, "admin", &secret).await.expect("signs in");
    let token = services.tokens.issue(&program, &holder, &scopes).await.expect("a token").token;
    let (_, grants) = services.tokens.authenticate(&token, program.now).await.expect("counts");
    assert_eq!(grants.access[0].actions, ["pull"]);
}

#[tokio::test]
async fn programs_neither_make_nor_revoke_tokens() {
    let (world, ann) = world().await;
    let secret = make(&world, &ann, new("laptop")).await;
    let program = sign_in(&world, &World::anonymous(), "ann", &secret).await.expect("signs in");
    let tokens = &world.services.access_tokens;
    assert_error!(tokens.create(&program, new("more")).await, Error::Forbidden(_));
    let id = tokens.list(&ann).await.expect("a list")[0].id;
    assert_error!(tokens.delete(&program, id).await, Error::Forbidden(_));
    assert_denied(tokens.create(&World::anonymous(), new("x")).await, Denial::NoCredentials);
}

#[tokio::test]
async fn guesses_of_a_password_are_not_forgiven_for_a_right_token() {
    let (world, ann) = world().await;
    let token = make(&world, &ann, new("laptop")).await;
    let cx = World::anonymous();
    let mut limited = false;
    for _ in 0..10 {
        let wrong = sign_in(&world, &cx, "ann", &secret("Wrong-12345")).await;
        limited |= matches!(wrong, Err(Error::RateLimited { .. }));
        sign_in(&world, &cx, "ann", &token).await.expect("never limited");
    }
    assert!(limited);
}

#[tokio::test]
async fn mistyped_tokens_are_refused_as_wrong_passwords_are() {
    let (world, ann) = world().await;
    let token = make(&world, &ann, new("laptop")).await.into_exposed();
    let cx = World::anonymous();
    for wrong in [format!("{token}x"), token[..40].to_owned(), PREFIX.to_owned()] {
        assert_denied(sign_in(&world, &cx, "ann", &secret(&wrong)).await, Denial::BadCredentials);
    }
}
