//! Tokens: what is in them, and when they end.

use chrono::Duration;
use data_encoding::BASE64URL_NOPAD;
use service::{
    Caller, Denial, Error, OpCtx, SigningAlgorithm, authn::SignedIn, project::ProjectRef, testing::World,
    token::Holder,
};
use types::{harbor, role::Role, scope::Scope};

use crate::util::{
    assert_denied, assert_error, digest, later, password, push_image, reference, repository, secret,
};

async fn signed_in(world: &World, name: &str) -> SignedIn {
    world.services.authn.password(&World::anonymous(), name, &password()).await.expect("signs in")
}

async fn token(world: &World, cx: &OpCtx, holder: &Holder, scopes: &[&str]) -> String {
    let scopes = Scope::parse_all(scopes);
    world.services.tokens.issue(cx, holder, &scopes).await.expect("a token").token
}

/// The context that a bearer token makes.
async fn bearer(world: &World, token: &str, cx: &OpCtx) -> Result<OpCtx, Error> {
    let (caller, grants) = world.services.tokens.authenticate(token, cx.now).await?;
    Ok(OpCtx { caller, grants: Some(grants), ..cx.clone() })
}

/// The claims of a token, unverified.
fn claims(token: &str) -> serde_json::Value {
    let part = token.split('.').nth(1).expect("three parts");
    serde_json::from_slice(&BASE64URL_NOPAD.decode(part.as_bytes()).expect("base64")).expect("JSON")
}

fn actions(token: &str) -> Vec<(String, Vec<String>)> {
    let access = claims(token)["access"].as_array().expect("a list").clone();
    let text = |value: &serde_json::Value| value.as_str().expect("a text").to_owned();
    access
        .iter()
        .map(|one| {
            (text(&one["name"]), one["actions"].as_array().expect("a list").iter().map(text).collect())
        })
        .collect()
}

/// `ann` develops in the private `p`, which holds `p/image:v1`; `library` is public.
async fn world() -> (World, Holder) {
    let world = World::new().await;
    let ann = world.user("ann").await;
    world.project("p", false, &[(&ann, Role::Developer)]).await;
    push_image(&world.services, &world.admin().await, "p/image", "v1", "one").await;
    let holder = Holder::User(signed_in(&world, "ann").await);
    (world, holder)
}

#[tokio::test]
async fn token_holds_what_was_asked_for_and_is_allowed() {
    let (world, ann) = world().await;
    let cx = World::anonymous();
    let asked = [
        ("repository:p/image:pull", vec!["pull"]),
        ("repository:p/image:push,pull", vec!["pull", "push"]),
        ("repository:p/image:pull,push,delete", vec!["pull", "push"]),
        ("repository:p/image:*", vec!["pull", "push"]),
        ("repository:p/image:delete", vec![]),
        ("repository:p/image:fly", vec![]),
        ("repository:p/image", vec![]),
        ("repository:library/x:pull,push", vec!["pull"]),
        ("repository:absent/x:pull", vec![]),
        ("repository:no-project:pull", vec![]),
        ("repository:p/IMAGE:pull", vec![]),
        ("registry:catalog:*", vec!["*"]),
        ("registry:other:*", vec![]),
        ("plugin:p/image:pull", vec![]),
    ];
    for (scope, expected) in asked {
        let token = token(&world, &cx, &ann, &[scope]).await;
        let name = Scope::parse(scope).name;
        assert_eq!(actions(&token), [(name, expected.into_iter().map(str::to_owned).collect())], "{scope}");
    }
}

#[tokio::test]
async fn token_answers_every_scope_in_its_order() {
    let (world, ann) = world().await;
    let scopes = ["repository:p/b:pull repository:library/a:pull", "repository:p/b:push"];
    let token = token(&world, &World::anonymous(), &ann, &scopes).await;
    let list = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
    assert_eq!(
        actions(&token),
        [("p/b".to_owned(), list(&["pull", "push"])), ("library/a".to_owned(), list(&["pull"]))]
    );
}

#[tokio::test]
async fn claims_are_those_of_harbor() {
    let (world, ann) = world().await;
    let cx = World::anonymous();
    let issued = world.services.tokens.issue(&cx, &ann, &[]).await.expect("a token");
    let claims = claims(&issued.token);
    let now = cx.now.timestamp();
    assert_eq!(claims["iss"], "harbor-token-issuer");
    assert_eq!(claims["aud"], "harbor-registry");
    assert_eq!(claims["sub"], "ann");
    assert_eq!((claims["iat"].as_i64(), claims["nbf"].as_i64()), (Some(now), Some(now)));
    assert_eq!(claims["exp"].as_i64(), Some(now + 1800));
    assert_eq!((issued.expires_in, issued.issued_at), (1800, cx.now));
    let other = world.services.tokens.issue(&cx, &ann, &[]).await.expect("a token");
    assert_ne!(claims["jti"], self::claims(&other.token)["jti"]);
}

#[tokio::test]
async fn anonymous_token_pulls_what_is_public_and_nothing_else() {
    let (world, _) = world().await;
    push_image(&world.services, &world.admin().await, "library/tool", "v1", "two").await;
    let cx = World::anonymous();
    let scopes = ["repository:library/tool:pull,push", "repository:p/image:pull", "registry:catalog:*"];
    let token = token(&world, &cx, &Holder::Anonymous, &scopes).await;
    assert_eq!(claims(&token)["sub"], "");
    let granted: Vec<usize> = actions(&token).iter().map(|(_, actions)| actions.len()).collect();
    assert_eq!(granted, [1, 0, 0]);
    let shown = bearer(&world, &token, &cx).await.expect("valid");
    assert_eq!(shown.caller, Caller::Anonymous);
    let artifacts = &world.services.artifacts;
    artifacts
        .get_manifest(&shown, &repository("library/tool"), &reference("v1"), true)
        .await
        .expect("public");
    let closed = artifacts.get_manifest(&shown, &repository("p/image"), &reference("v1"), true).await;
    assert_denied(closed, Denial::InsufficientScope);
}

#[tokio::test]
async fn token_without_the_scope_is_told_the_scope_it_needs() {
    let (world, ann) = world().await;
    let cx = World::anonymous();
    let pull_only = token(&world, &cx, &ann, &["repository:p/image:pull"]).await;
    let shown = bearer(&world, &pull_only, &cx).await.expect("valid");
    let refused =
        world.services.uploads.start(&shown, &repository("p/image"), types::digest::Algorithm::Sha256).await;
    match refused {
        Err(Error::Unauthenticated { denial: Denial::InsufficientScope, scopes }) => {
            let scopes: Vec<String> = scopes.iter().map(ToString::to_string).collect();
            assert_eq!(scopes, ["repository:p/image:pull,push"]);
        }
        other => panic!("{other:?}"),
    }
    let other = world.services.artifacts.list_tags(&shown, &repository("p/other"), (None, 9)).await;
    assert_denied(other, Denial::InsufficientScope);
    let deleting =
        world.services.artifacts.delete_manifest(&shown, &repository("p/image"), &reference("v1")).await;
    assert_error!(deleting, Error::Forbidden(_));
}

#[tokio::test]
async fn mount_asks_for_a_token_that_covers_its_source_too() {
    let (world, ann) = world().await;
    let cx = World::anonymous();
    let target_only = token(&world, &cx, &ann, &["repository:p/copy:pull,push"]).await;
    let shown = bearer(&world, &target_only, &cx).await.expect("valid");
    let (layer, source, target) = (digest(b"layer of one"), repository("p/image"), repository("p/copy"));
    let refused = world.services.uploads.mount(&shown, &target, &layer, Some(&source)).await;
    match refused {
        Err(Error::Unauthenticated { denial: Denial::InsufficientScope, scopes }) => {
            let scopes: Vec<String> = scopes.iter().map(ToString::to_string).collect();
            assert_eq!(scopes, ["repository:p/copy:pull,push", "repository:p/image:pull"]);
        }
        other => panic!("{other:?}"),
    }
    assert!(world.services.uploads.mount(&shown, &target, &layer, None).await.expect("by rights alone"));
}

#[tokio::test]
async fn token_never_outlives_a_right() {
    let (world, ann) = world().await;
    let (cx, admin) = (World::anonymous(), world.admin().await);
    let token = token(&world, &cx, &ann, &["repository:p/image:pull,push"]).await;
    let p = ProjectRef::Name("p".to_owned());
    let members = world.services.members.list(&admin, &p, Some("ann"), types::page::Page::default()).await;
    let member = members.expect("a list").items[0].id;
    world.services.members.delete(&admin, &p, member).await.expect("removed");
    let shown = bearer(&world, &token, &cx).await.expect("still signed");
    let pulled =
        world.services.artifacts.get_manifest(&shown, &repository("p/image"), &reference("v1"), true).await;
    assert_error!(pulled, Error::Hidden(_));
}

#[tokio::test]
async fn token_ends_after_its_time_and_a_minute_of_grace() {
    let (world, ann) = world().await;
    let cx = World::anonymous();
    let token = token(&world, &cx, &ann, &[]).await;
    for (after_secs, is_valid) in [(0, true), (1800, true), (1859, true), (1860, false), (99_999, false)] {
        let shown = bearer(&world, &token, &later(&cx, after_secs)).await;
        assert_eq!(shown.is_ok(), is_valid, "after {after_secs} s");
    }
    for (before_secs, is_valid) in [(59, true), (60, true), (61, false)] {
        let shown = bearer(&world, &token, &later(&cx, -before_secs)).await;
        assert_eq!(shown.is_ok(), is_valid, "{before_secs} s before it was issued");
    }
}

#[tokio::test]
async fn tokens_end_with_a_password_change_and_with_the_account() {
    let (world, ann) = world().await;
    let (cx, admin) = (World::anonymous(), world.admin().await);
    let id = world.cx("ann").await.expect("ann is there").user_id().expect("a user");
    let access = token(&world, &cx, &ann, &[]).await;
    let refresh = world.services.tokens.issue_refresh(&cx, &ann).expect("a refresh token");
    world.services.tokens.redeem(&cx, &refresh).await.expect("stands for the password");

    let new = harbor::PasswordReq { old_password: None, new_password: Some(secret("Harbour-67890")) };
    world.services.users.set_password(&admin, id, new).await.expect("changed");
    assert_denied(bearer(&world, &access, &cx).await, Denial::InvalidToken);
    assert_denied(world.services.tokens.redeem(&cx, &refresh).await, Denial::InvalidToken);

    let again = world.services.authn.password(&cx, "ann", &secret("Harbour-67890")).await.expect("signs in");
    let again = Holder::User(again);
    let refresh = world.services.tokens.issue_refresh(&cx, &again).expect("a refresh token");
    let access = token(&world, &cx, &again, &[]).await;
    world.services.users.delete(&admin, id).await.expect("deleted");
    assert_denied(bearer(&world, &access, &cx).await, Denial::InvalidToken);
    assert_denied(world.services.tokens.redeem(&cx, &refresh).await, Denial::InvalidToken);
}

#[tokio::test]
async fn one_kind_of_token_never_passes_for_the_other() {
    let (world, ann) = world().await;
    let cx = World::anonymous();
    let access = token(&world, &cx, &ann, &[]).await;
    let refresh = world.services.tokens.issue_refresh(&cx, &ann).expect("a refresh token");
    assert_denied(bearer(&world, &refresh, &cx).await, Denial::InvalidToken);
    assert_denied(world.services.tokens.redeem(&cx, &access).await, Denial::InvalidToken);
}

#[tokio::test]
async fn foreign_and_damaged_tokens_are_refused() {
    let (world, ann) = world().await;
    let cx = World::anonymous();
    let good = token(&world, &cx, &ann, &["repository:p/image:pull"]).await;
    let [header, payload, signature] = good.split('.').collect::<Vec<_>>()[..] else { panic!("three parts") };
    let b64 = |text: &str| BASE64URL_NOPAD.encode(text.as_bytes());
    let mut more: serde_json::Value = claims(&good);
    more["uid"] = 1.into();
    let elsewhere = World::new().await;
    let stranger = elsewhere.user("ann").await;
    assert!(stranger.user_id().is_some());
    let foreign = token(&elsewhere, &cx, &Holder::User(signed_in(&elsewhere, "ann").await), &[]).await;
    let bad = [
        String::new(),
        "a".to_owned(),
        "a.b.c".to_owned(),
        format!("{header}.{payload}"),
        format!("{header}.{payload}."),
        format!("{}.{payload}.", b64(r#"{"alg":"none","typ":"JWT"}"#)),
        format!("{}.{payload}.{signature}", b64(r#"{"alg":"none","typ":"JWT"}"#)),
        format!("{}.{payload}.{signature}", b64(r#"{"alg":"HS256","typ":"JWT"}"#)),
        format!("{header}.{}.{signature}", b64(&more.to_string())),
        format!("{header}.{payload}.{}", b64("a signature")),
        foreign,
    ];
    for token in bad {
        assert_denied(bearer(&world, &token, &cx).await, Denial::InvalidToken);
    }
    bearer(&world, &good, &cx).await.expect("the good one stays good");
}

#[tokio::test]
async fn token_older_than_a_project_made_again_is_of_the_project_before() {
    let world = World::new().await;
    let (admin, cx) = (world.admin().await, World::anonymous());
    let p = ProjectRef::Name("p".to_owned());
    let new = || harbor::ProjectReq { project_name: Some("p".to_owned()), ..Default::default() };
    world.services.projects.create(&later(&admin, -60), new()).await.expect("made");
    let holder = Holder::User(signed_in(&world, "admin").await);
    let old = token(&world, &cx, &holder, &["repository:p/image:pull,push"]).await;
    let start = |shown: OpCtx| {
        let uploads = world.services.uploads.clone();
        async move { uploads.start(&shown, &repository("p/image"), types::digest::Algorithm::Sha256).await }
    };
    start(bearer(&world, &old, &cx).await.expect("valid")).await.expect("the project it was issued for");
    world.services.projects.delete(&admin, &p).await.expect("deleted");
    world.services.projects.create(&later(&admin, 5), new()).await.expect("made again");
    assert_denied(start(bearer(&world, &old, &cx).await.expect("valid")).await, Denial::InvalidToken);
    let cx = later(&cx, 6);
    let fresh = token(&world, &cx, &holder, &["repository:p/image:pull,push"]).await;
    start(bearer(&world, &fresh, &cx).await.expect("valid")).await.expect("a token of this project");
}

#[tokio::test]
async fn catalog_needs_its_scope_in_a_token() {
    let (world, ann) = world().await;
    let cx = World::anonymous();
    let without = token(&world, &cx, &ann, &["repository:p/image:pull"]).await;
    let shown = bearer(&world, &without, &cx).await.expect("valid");
    assert_denied(world.services.artifacts.list_catalog(&shown, (None, 9)).await, Denial::InsufficientScope);
    let with = token(&world, &cx, &ann, &["registry:catalog:*"]).await;
    let shown = bearer(&world, &with, &cx).await.expect("valid");
    let (names, _) = world.services.artifacts.list_catalog(&shown, (None, 9)).await.expect("names");
    assert_eq!(names, ["p/image"]);
}

#[tokio::test]
async fn key_set_is_public_and_names_the_key_of_the_tokens() {
    for (algorithm, kind, name) in
        [(SigningAlgorithm::Es256, "EC", "ES256"), (SigningAlgorithm::Rs256, "RSA", "RS256")]
    {
        let world = World::with(|options| options.tokens.algorithm = algorithm).await;
        let holder = Holder::User(signed_in(&world, "admin").await);
        let cx = World::anonymous();
        let token = token(&world, &cx, &holder, &[]).await;
        let header = BASE64URL_NOPAD.decode(token.split('.').next().expect("a header").as_bytes());
        let header: serde_json::Value = serde_json::from_slice(&header.expect("base64")).expect("JSON");
        let key = &world.services.tokens.key_set()["keys"][0];
        assert_eq!((key["kty"].as_str(), key["alg"].as_str()), (Some(kind), Some(name)));
        assert_eq!((&header["kid"], header["alg"].as_str()), (&key["kid"], Some(name)));
        let kid = key["kid"].as_str().expect("a text");
        let groups: Vec<_> = kid.split(':').map(str::len).collect();
        assert_eq!(groups, [4; 12], "{kid}");
        assert!(key.get("d").is_none(), "the private part stays private");
        bearer(&world, &token, &cx).await.expect("valid");
    }
}

#[tokio::test]
async fn time_of_life_is_an_option() {
    let world = World::with(|options| options.tokens.ttl_secs = 60).await;
    let cx = World::anonymous();
    let holder = Holder::User(signed_in(&world, "admin").await);
    let issued = world.services.tokens.issue(&cx, &holder, &[]).await.expect("a token");
    assert_eq!(issued.expires_in, 60);
    let late = cx.now + Duration::seconds(121);
    assert_denied(world.services.tokens.authenticate(&issued.token, late).await, Denial::InvalidToken);
}
