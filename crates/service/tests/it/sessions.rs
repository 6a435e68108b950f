//! Sessions of browsers, as their owner sees and ends them.

use chrono::Duration;
use service::{
    Denial, Error, Kind, OpCtx,
    access_token::NewToken,
    session::{Kept, Owner},
    testing::World,
};
use types::harbor::PasswordReq;

use crate::{
    robots::sign_in,
    util::{assert_denied, assert_error, later, request, secret},
};

/// Begins a session as the portal does.
async fn begin(world: &World, cx: &OpCtx, id: &str, client: &str) {
    let owner = Owner {
        user_id: cx.user_id().expect("a user"),
        credential_version: 1,
        address: "192.0.2.7".to_owned(),
        client: client.to_owned(),
        started_at: cx.now,
    };
    let kept = Kept {
        id: id.to_owned(),
        data: b"data".to_vec(),
        expires_at: cx.now + Duration::hours(1),
        owner: Some(owner),
        used_at: cx.now,
    };
    assert!(world.services.sessions.create(kept).await.expect("kept"));
}

async fn is_there(world: &World, cx: &OpCtx, id: &str) -> bool {
    world.services.sessions.load(id, cx.now).await.expect("an answer").is_some()
}

#[tokio::test]
async fn people_see_where_they_are_signed_in_and_nobody_else_does() {
    let world = World::new().await;
    let (ann, bob) = (world.user("ann").await, world.user("bob").await);
    begin(&world, &ann, "id-of-the-first", "Firefox").await;
    begin(&world, &later(&ann, 60), "id-of-the-second", &"é".repeat(200)).await;
    begin(&world, &bob, "id-of-bob", "Chrome").await;
    let list = world.services.sessions.list(&ann, "id-of-the-first").await.expect("a list");
    let seen: Vec<_> = list.iter().map(|entry| (entry.client.as_str(), entry.is_current)).collect();
    assert_eq!(seen, [("é".repeat(127).as_str(), false), ("Firefox", true)]);
    assert_eq!(list[1].address, "192.0.2.7");
    let said = format!("{list:?}");
    assert!(!said.contains("id-of"), "an id would sign whoever reads it in: {said}");
    assert_denied(world.services.sessions.list(&World::anonymous(), "").await, Denial::NoCredentials);
}

#[tokio::test]
async fn ended_session_is_gone_and_does_not_come_back() {
    let world = World::new().await;
    let (ann, bob) = (world.user("ann").await, world.user("bob").await);
    begin(&world, &ann, "one", "Firefox").await;
    let sessions = &world.services.sessions;
    let handle = sessions.list(&ann, "").await.expect("a list")[0].handle.clone();
    assert_error!(sessions.end(&bob, &handle).await, Error::NotFound(Kind::Session, _));
    assert!(is_there(&world, &ann, "one").await);
    sessions.end(&request(&ann, "end"), &handle).await.expect("ended");
    assert!(!is_there(&world, &ann, "one").await);
    assert_eq!(world.audit_of("end").await[0].resource_type, "session");
    // a request that was under way writes its session when it is answered
    let late = Kept {
        id: "one".to_owned(),
        data: Vec::new(),
        expires_at: ann.now + Duration::hours(1),
        owner: None,
        used_at: ann.now,
    };
    sessions.save(late).await.expect("an answer");
    assert!(!is_there(&world, &ann, "one").await);
}

#[tokio::test]
async fn all_others_are_ended_together() {
    let world = World::new().await;
    let (ann, bob) = (world.user("ann").await, world.user("bob").await);
    for id in ["one", "two", "three"] {
        begin(&world, &ann, id, "Firefox").await;
    }
    begin(&world, &bob, "bob", "Firefox").await;
    world.services.sessions.end_others(&ann, "two").await.expect("ended");
    let mut left = Vec::new();
    for id in ["one", "two", "three", "bob"] {
        if is_there(&world, &ann, id).await {
            left.push(id);
        }
    }
    assert_eq!(left, ["two", "bob"]);
}

#[tokio::test]
async fn sessions_of_an_old_password_are_not_listed() {
    let world = World::new().await;
    let ann = world.user("ann").await;
    begin(&world, &ann, "one", "Firefox").await;
    let new = PasswordReq { old_password: None, new_password: Some(secret("Harbour-67890")) };
    let id = ann.user_id().expect("a user");
    world.services.users.set_password(&world.admin().await, id, new).await.expect("set");
    assert_eq!(world.services.sessions.list(&ann, "one").await.expect("a list"), []);
}

#[tokio::test]
async fn programs_see_no_sessions() {
    let world = World::new().await;
    let ann = world.user("ann").await;
    begin(&world, &ann, "one", "Firefox").await;
    let new = NewToken { name: "laptop".to_owned(), is_read_only: false, days: None };
    let token = world.services.access_tokens.create(&ann, new).await.expect("made");
    let program = sign_in(&world, &World::anonymous(), "ann", &token).await.expect("signs in");
    assert_error!(world.services.sessions.list(&program, "").await, Error::Forbidden(_));
    assert_error!(world.services.sessions.end_others(&program, "").await, Error::Forbidden(_));
}
