//! Accounts that people make for themselves.

use std::net::IpAddr;

use service::{Error, OpCtx, setting::SystemSettings, testing::World};
use types::{harbor, query::ListQuery};

use crate::util::{assert_error, later, password, request, secret};

fn new_user(name: &str, email: &str) -> harbor::UserCreationReq {
    harbor::UserCreationReq {
        username: Some(name.to_owned()),
        email: Some(email.to_owned()),
        realname: Some("A Person".to_owned()),
        comment: None,
        password: Some(password()),
    }
}

fn from(address: &str) -> OpCtx {
    let remote: IpAddr = address.parse().expect("an address");
    OpCtx { remote, ..World::anonymous() }
}

/// A world where people may register.
async fn open() -> World {
    let world = World::new().await;
    let settings = SystemSettings { self_registration: true, ..SystemSettings::default() };
    world.services.settings.update(&world.admin().await, settings).await.expect("decided");
    world
}

#[tokio::test]
async fn nobody_registers_while_it_is_off() {
    let world = World::new().await;
    let users = &world.services.users;
    let cx = request(&from("192.0.2.7"), "off");
    assert_error!(users.register(&cx, new_user("ann", "ann@example.org")).await, Error::Forbidden(_));
    let admin = world.admin().await;
    assert_error!(users.register(&admin, new_user("ann", "ann@example.org")).await, Error::Forbidden(_));
    assert_eq!(users.list(&admin, &ListQuery::default()).await.expect("a list").total, 0);
    assert_eq!(world.audit_of("off").await, []);
}

#[tokio::test]
async fn whoever_registers_signs_in_without_any_right_and_is_in_the_audit_log() {
    let world = open().await;
    let cx = request(&from("192.0.2.7"), "register");
    let id = world.services.users.register(&cx, new_user("ann", "ann@example.org")).await.expect("made");
    let ann = world.cx("ann").await.expect("signs in");
    assert_eq!((ann.user_id(), ann.is_admin()), (Some(id), false));
    let rows = world.audit_of("register").await;
    assert_eq!(rows.len(), 1, "{rows:?}");
    let row = &rows[0];
    assert_eq!((row.actor.as_str(), row.operation.as_str()), ("ann", "create"));
    assert_eq!((row.resource_type.as_str(), row.resource.as_str()), ("user", "ann"));
    assert_eq!((row.is_success, row.remote.as_str()), (true, "192.0.2.7"));
}

#[tokio::test]
async fn registering_opens_no_other_way_to_make_users() {
    let world = open().await;
    let ann = world.user("ann").await;
    let made = world.services.users.create(&ann, new_user("eve", "eve@example.org")).await;
    assert_error!(made, Error::Forbidden(_));
}

#[tokio::test]
async fn registration_ends_when_it_is_switched_off_again() {
    let world = open().await;
    let (users, admin) = (&world.services.users, world.admin().await);
    users.register(&from("192.0.2.7"), new_user("ann", "ann@example.org")).await.expect("made");
    world.services.settings.update(&admin, SystemSettings::default()).await.expect("decided");
    let refused = users.register(&from("192.0.2.7"), new_user("bob", "bob@example.org")).await;
    assert_error!(refused, Error::Forbidden(_));
}

#[tokio::test]
async fn values_that_break_a_rule_are_refused_as_they_are_for_administrators() {
    let world = open().await;
    let users = &world.services.users;
    let cx = from("192.0.2.7");
    for _ in 0..20 {
        let mut weak = new_user("ann", "ann@example.org");
        weak.password = Some(secret("weak"));
        assert_error!(users.register(&cx, weak).await, Error::Invalid { field: "password", .. });
    }
    assert_error!(users.register(&cx, new_user("a,b", "ann@example.org")).await, Error::InvalidName(_));
    let no_address = users.register(&cx, new_user("ann", "nobody")).await;
    assert_error!(no_address, Error::Invalid { field: "email", .. });
    users.register(&cx, new_user("ann", "ann@example.org")).await.expect("mistakes are not counted");
}

#[tokio::test]
async fn taken_name_and_taken_address_are_told_alike() {
    let world = open().await;
    world.user("ann").await;
    let users = &world.services.users;
    let cx = request(&from("192.0.2.7"), "taken");
    let name =
        users.register(&cx, new_user("ann", "other@example.org")).await.expect_err("the name is taken");
    let address = users.register(&cx, new_user("bob", "ann@example.org")).await.expect_err("the address is");
    assert_eq!(format!("{name:?}"), format!("{address:?}"));
    assert_eq!(name.to_string(), address.to_string());
    assert_error!(Err::<(), _>(name), Error::AlreadyExists(_));
    assert_eq!(world.audit_of("taken").await, [], "nothing was made");
    world.cx("ann").await.expect("nothing changed");
}

#[tokio::test]
async fn address_of_somebody_is_no_name_for_another() {
    let world = open().await;
    let ann = world.user("ann").await;
    let users = &world.services.users;
    let evil = new_user("ann@example.org", "eve@example.org");
    assert_error!(users.register(&from("192.0.2.7"), evil.clone()).await, Error::AlreadyExists(_));
    assert_error!(users.create(&world.admin().await, evil).await, Error::AlreadyExists(_));
    let signed_in = world.services.authn.password(&from("192.0.2.8"), "ann@example.org", &password()).await;
    assert_eq!(Some(signed_in.expect("signs in").identity.id), ann.user_id());
    let own = new_user("bob@example.org", "bob@example.org");
    users.register(&from("192.0.2.7"), own).await.expect("one's own address is");
}

#[tokio::test]
async fn taken_name_costs_as_many_password_hashes_as_a_new_one() {
    let world = open().await;
    let register = async |name: &str| {
        let before = world.password_runs();
        let new = new_user(name, &format!("{name}@example.org"));
        let done = world.services.users.register(&from("192.0.2.7"), new).await;
        (done.is_ok(), world.password_runs() - before)
    };
    assert_eq!(register("new").await, (true, 1));
    assert_eq!(register("admin").await, (false, 1));
}

#[tokio::test]
async fn neither_accounts_nor_tries_of_names_come_in_bulk() {
    let world = open().await;
    world.user("ann").await;
    let users = &world.services.users;
    let cx = from("2001:db8::1");
    let register = |cx: OpCtx, name: String| async move {
        users.register(&cx, new_user(&name, &format!("{name}@example.com"))).await
    };
    for number in 0..5 {
        register(cx.clone(), format!("new{number}")).await.expect("few are made");
        assert_error!(register(cx.clone(), "ann".to_owned()).await, Error::AlreadyExists(_));
    }
    for name in ["ann", "bob"] {
        assert_error!(
            register(cx.clone(), name.to_owned()).await,
            Error::RateLimited { retry_after_secs: 600 }
        );
    }
    let neighbour = from("2001:db8::2");
    assert_error!(register(neighbour, "bob".to_owned()).await, Error::RateLimited { .. });
    register(from("2001:db8:1::1"), "bob".to_owned()).await.expect("somebody elsewhere");
    world.cx("ann").await.expect("signing in is not limited by it");
    let waiting = later(&cx, 599);
    assert_error!(register(waiting, "carl".to_owned()).await, Error::RateLimited { retry_after_secs: 1 });
    register(later(&cx, 601), "carl".to_owned()).await.expect("after the wait");
}

#[tokio::test(flavor = "multi_thread")]
async fn burst_of_registrations_gains_nothing() {
    let world = open().await;
    let users = &world.services.users;
    let cx = from("192.0.2.7");
    let register = |number: i32| {
        let cx = cx.clone();
        async move {
            let name = format!("new{number}");
            users.register(&cx, new_user(&name, &format!("{name}@example.org"))).await
        }
    };
    let done = futures::future::join_all((0..40).map(register)).await;
    assert_eq!(done.iter().filter(|done| done.is_ok()).count(), 10);
    assert_eq!(done.iter().filter(|done| matches!(done, Err(Error::RateLimited { .. }))).count(), 30);
}
