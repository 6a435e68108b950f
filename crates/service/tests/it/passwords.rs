//! Sign-in: right and wrong, slow and fast.

use std::net::IpAddr;

use futures::future::join_all;
use service::{Denial, Error, OpCtx, session::Kept, testing::World};
use types::harbor;

use crate::util::{assert_denied, assert_error, later, password, secret};

fn from(address: &str) -> OpCtx {
    let remote: IpAddr = address.parse().expect("an address");
    OpCtx { remote, ..World::anonymous() }
}

async fn wrong(world: &World, cx: &OpCtx, name: &str) -> Result<(), Error> {
    world.services.authn.password(cx, name, &secret("Wrong-12345")).await.map(drop)
}

async fn right(world: &World, cx: &OpCtx, name: &str) -> Result<(), Error> {
    world.services.authn.password(cx, name, &password()).await.map(drop)
}

#[tokio::test]
async fn name_and_address_both_sign_in() {
    let world = World::new().await;
    world.user("ann").await;
    for login in ["ann", "ann@example.org"] {
        let signed_in = world.services.authn.password(&World::anonymous(), login, &password()).await;
        assert_eq!(signed_in.expect("signs in").identity.name.as_str(), "ann");
    }
}

#[tokio::test]
async fn unknown_name_and_wrong_password_are_told_alike() {
    let world = World::new().await;
    world.user("ann").await;
    let known = wrong(&world, &World::anonymous(), "ann").await.expect_err("wrong");
    let unknown = wrong(&world, &World::anonymous(), "nobody").await.expect_err("unknown");
    assert_eq!(format!("{known:?}"), format!("{unknown:?}"));
    assert_eq!(known.to_string(), unknown.to_string());
    assert_denied::<()>(Err(known), Denial::BadCredentials);
}

#[tokio::test]
async fn name_of_any_shape_is_only_unknown() {
    let world = World::new().await;
    for name in ["", " ", "ann\n", "a'b", "🦀", &"x".repeat(100_000), "admin#1"] {
        assert_denied(right(&world, &from("192.0.2.1"), name).await, Denial::BadCredentials);
    }
}

#[tokio::test]
async fn unknown_name_costs_a_whole_password_check() {
    let world = World::new().await;
    let cx = from("192.0.2.1");
    for name in ["admin", "nobody"] {
        let before = world.password_runs();
        assert_denied(wrong(&world, &cx, name).await, Denial::BadCredentials);
        assert_eq!(world.password_runs() - before, 1, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn burst_of_right_passwords_succeeds_with_little_memory() {
    let world = World::with(|options| options.auth.memory_budget_bytes = 0).await;
    world.user("ann").await;
    let cx = from("192.0.2.1");
    let done = join_all((0..200).map(|_| right(&world, &cx, "ann"))).await;
    for done in done {
        done.expect("success is never limited");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn burst_of_guesses_gains_nothing() {
    let world = World::new().await;
    world.user("ann").await;
    let cx = from("192.0.2.1");
    let done = join_all((0..50).map(|_| wrong(&world, &cx, "ann"))).await;
    let refused = done.iter().filter(|done| matches!(done, Err(Error::RateLimited { .. }))).count();
    let tried = done.iter().filter(|done| matches!(done, Err(Error::Unauthenticated { .. }))).count();
    assert_eq!((tried, refused), (5, 45));
}

#[tokio::test]
async fn failures_make_the_guesser_wait_and_nobody_else() {
    let world = World::new().await;
    world.user("ann").await;
    world.user("bob").await;
    let cx = from("192.0.2.1");
    for _ in 0..5 {
        assert_denied(wrong(&world, &cx, "ann").await, Denial::BadCredentials);
    }
    assert_error!(wrong(&world, &cx, "ann").await, Error::RateLimited { retry_after_secs: 1 });
    assert_error!(right(&world, &cx, "ann").await, Error::RateLimited { .. });
    right(&world, &from("192.0.2.2"), "ann").await.expect("the owner is elsewhere");
    right(&world, &cx, "bob").await.expect("another account");
    right(&world, &later(&cx, 1), "ann").await.expect("after the wait");
    assert_denied(wrong(&world, &later(&cx, 1), "ann").await, Denial::BadCredentials);
}

#[tokio::test]
async fn guesser_who_waits_learns_nothing_while_the_owner_is_signed_in_elsewhere() {
    let world = World::new().await;
    world.user("ann").await;
    right(&world, &from("192.0.2.2"), "ann").await.expect("the owner signs in");
    let guesser = from("192.0.2.1");
    for _ in 0..5 {
        assert_denied(wrong(&world, &guesser, "ann").await, Denial::BadCredentials);
    }
    let (wrong, right) = (wrong(&world, &guesser, "ann").await, right(&world, &guesser, "ann").await);
    assert_eq!(format!("{wrong:?}"), format!("{right:?}"));
    assert_error!(right, Error::RateLimited { .. });
}

#[tokio::test]
async fn password_that_was_right_from_there_is_never_limited() {
    let world = World::new().await;
    world.user("ann").await;
    let cx = from("192.0.2.1");
    right(&world, &cx, "ann").await.expect("signs in");
    for _ in 0..6 {
        wrong(&world, &cx, "ann").await.expect_err("wrong or limited");
    }
    right(&world, &cx, "ann").await.expect("a robot beside the guesser works on");
}

#[tokio::test]
async fn address_that_tries_many_accounts_has_to_wait() {
    let world = World::with(|options| options.auth.failures_per_address = 3).await;
    world.user("ann").await;
    let cx = from("2001:db8::1");
    for name in ["a", "b", "c"] {
        assert_denied(wrong(&world, &cx, name).await, Denial::BadCredentials);
    }
    assert_error!(right(&world, &cx, "ann").await, Error::RateLimited { retry_after_secs: 1..=60 });
    let neighbour = from("2001:db8::2");
    assert_error!(wrong(&world, &neighbour, "d").await, Error::RateLimited { .. });
    let elsewhere = from("2001:db8:1::1");
    assert_denied(wrong(&world, &elsewhere, "d").await, Denial::BadCredentials);
    right(&world, &later(&cx, 60), "ann").await.expect("after the minute");
}

#[tokio::test]
async fn old_password_ends_with_the_change_though_it_was_remembered() {
    let world = World::new().await;
    let ann = world.user("ann").await;
    let cx = from("192.0.2.1");
    right(&world, &cx, "ann").await.expect("signs in");
    let id = ann.user_id().expect("a user");
    let new =
        harbor::PasswordReq { old_password: Some(password()), new_password: Some(secret("Harbour-67890")) };
    world.services.users.set_password(&ann, id, new).await.expect("changed");
    assert_denied(right(&world, &cx, "ann").await, Denial::BadCredentials);
    world.services.authn.password(&cx, "ann", &secret("Harbour-67890")).await.expect("the new one is right");
    assert_eq!(world.services.authn.identity(id, 1).await.expect("an answer"), None);
    assert!(world.services.authn.identity(id, 2).await.expect("an answer").is_some());
}

#[tokio::test]
async fn sessions_are_kept_until_they_end() {
    let world = World::new().await;
    let cx = World::anonymous();
    let sessions = &world.services.sessions;
    let end = cx.now + chrono::Duration::hours(1);
    let kept = |data: &[u8]| Kept {
        id: "s".to_owned(),
        data: data.to_vec(),
        expires_at: end,
        owner: None,
        used_at: cx.now,
    };
    assert!(sessions.create(kept(b"data")).await.expect("kept"));
    assert!(!sessions.create(kept(b"other")).await.expect("an answer"), "the id is taken");
    let (data, until) = sessions.load("s", cx.now).await.expect("an answer").expect("a session");
    assert_eq!((data.as_slice(), until.timestamp_millis()), (b"data".as_slice(), end.timestamp_millis()));
    assert_eq!(sessions.load("s", end).await.expect("an answer"), None);
    sessions.save(kept(b"more")).await.expect("kept");
    let world = world.crash().await;
    let sessions = &world.services.sessions;
    assert_eq!(
        sessions.load("s", cx.now).await.expect("an answer").map(|(data, _)| data),
        Some(b"more".to_vec())
    );
    sessions.delete("s").await.expect("gone");
    assert_eq!(sessions.load("s", cx.now).await.expect("an answer"), None);
}
