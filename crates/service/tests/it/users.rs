//! Users: who may make, see and change them.

use service::{Denial, Error, Kind, OpCtx, testing::World};
use types::{harbor, page::Page, query::ListQuery};

use crate::util::{assert_denied, assert_error, password, secret};

fn new_user(name: &str) -> harbor::UserCreationReq {
    harbor::UserCreationReq {
        username: Some(name.to_owned()),
        email: Some(format!("{name}@example.org")),
        realname: Some("A Person".to_owned()),
        comment: None,
        password: Some(password()),
    }
}

fn change(old: Option<&str>, new: &str) -> harbor::PasswordReq {
    harbor::PasswordReq { old_password: old.map(secret), new_password: Some(secret(new)) }
}

fn id(cx: &OpCtx) -> i64 {
    cx.user_id().expect("a user")
}

#[tokio::test]
async fn new_user_signs_in_without_any_right() {
    let world = World::new().await;
    let admin = world.admin().await;
    let id = world.services.users.create(&admin, new_user("ann")).await.expect("made");
    let ann = world.cx("ann").await.expect("signs in");
    assert_eq!((ann.user_id(), ann.is_admin()), (Some(id), false));
    let shown = world.services.users.current(&ann).await.expect("shown");
    assert_eq!((shown.username.as_str(), shown.email.as_str()), ("ann", "ann@example.org"));
    assert!(!shown.sysadmin_flag);
}

#[tokio::test]
async fn values_that_break_a_rule_are_refused_and_named() {
    type Change = fn(&mut harbor::UserCreationReq);
    let world = World::new().await;
    let admin = world.admin().await;
    let cases: [(&str, Change); 16] = [
        ("email", |new| new.email = None),
        ("email", |new| new.email = Some("no address".to_owned())),
        ("email", |new| new.email = Some(format!("{}@example.org", "x".repeat(255)))),
        ("realname", |new| new.realname = None),
        ("realname", |new| new.realname = Some(String::new())),
        ("realname", |new| new.realname = Some("a\nb".to_owned())),
        ("realname", |new| new.realname = Some("a,b".to_owned())),
        ("comment", |new| new.comment = Some("x".repeat(31))),
        ("password", |new| new.password = None),
        ("password", |new| new.password = Some(secret(""))),
        ("password", |new| new.password = Some(secret("Short-1"))),
        ("password", |new| new.password = Some(secret(&format!("Aa1{}", "x".repeat(126))))),
        ("password", |new| new.password = Some(secret("no-upper-case-1"))),
        ("password", |new| new.password = Some(secret("NO-LOWER-CASE-1"))),
        ("password", |new| new.password = Some(secret("No-Digit-At-All"))),
        ("username", |new| new.username = None),
    ];
    for (expected, change) in cases {
        let mut new = new_user("ann");
        change(&mut new);
        match world.services.users.create(&admin, new.clone()).await {
            Err(Error::Invalid { field, .. }) => assert_eq!(field, expected, "{new:?}"),
            other => panic!("{other:?} for {new:?}"),
        }
    }
    for name in ["", "a,b", "a\"b", "a#1", "a~", "a%b", "a$", "a\nb", &"x".repeat(256)] {
        let made = world.services.users.create(&admin, new_user(name)).await;
        assert_error!(made, Error::InvalidName(_) | Error::Invalid { field: "email", .. });
    }
    let all = world.services.users.list(&admin, &ListQuery::default()).await.expect("a list");
    assert_eq!(all.total, 0, "nothing was made");
}

#[tokio::test]
async fn longest_password_counts_to_its_last_byte() {
    let world = World::new().await;
    let long = |end: char| format!("Aa1{}{end}", "x".repeat(124));
    let mut new = new_user("ann");
    new.password = Some(secret(&long('y')));
    world.services.users.create(&world.admin().await, new).await.expect("128 bytes");
    let sign_in = |text: String| {
        let authn = world.services.authn.clone();
        async move { authn.password(&World::anonymous(), "ann", &secret(&text)).await }
    };
    assert_denied(sign_in(long('z')).await, Denial::BadCredentials);
    sign_in(long('y')).await.expect("the right one");
}

#[tokio::test]
async fn taken_name_or_address_is_refused() {
    let world = World::new().await;
    let admin = world.admin().await;
    world.services.users.create(&admin, new_user("ann")).await.expect("made");
    assert_error!(world.services.users.create(&admin, new_user("ann")).await, Error::AlreadyExists(_));
    let mut same_address = new_user("bob");
    same_address.email = Some("ann@example.org".to_owned());
    assert_error!(world.services.users.create(&admin, same_address).await, Error::AlreadyExists(_));
    let bob = world.services.users.create(&admin, new_user("bob")).await.expect("made");
    let profile = harbor::UserProfile { email: Some("ann@example.org".to_owned()), ..Default::default() };
    assert_error!(world.services.users.update(&admin, bob, profile).await, Error::AlreadyExists(_));
    assert_error!(world.services.users.create(&admin, new_user("admin")).await, Error::AlreadyExists(_));
}

#[tokio::test]
async fn deleted_user_frees_the_name_and_the_address() {
    let world = World::new().await;
    let admin = world.admin().await;
    let first = world.services.users.create(&admin, new_user("ann")).await.expect("made");
    world.services.users.delete(&admin, first).await.expect("deleted");
    assert_error!(world.services.users.get(&admin, first).await, Error::NotFound(Kind::User, _));
    assert_error!(world.services.users.delete(&admin, first).await, Error::NotFound(Kind::User, _));
    let second = world.services.users.create(&admin, new_user("ann")).await.expect("the name is free");
    assert_ne!(first, second);
}

#[tokio::test]
async fn new_user_of_an_old_name_has_none_of_the_old_rights() {
    let world = World::new().await;
    let admin = world.admin().await;
    let ann = world.user("ann").await;
    world.project("p", false, &[(&ann, types::role::Role::ProjectAdmin)]).await;
    world.services.users.delete(&admin, id(&ann)).await.expect("deleted");
    world.services.users.create(&admin, new_user("ann")).await.expect("made");
    let ann = world.cx("ann").await.expect("signs in");
    let p = service::project::ProjectRef::Name("p".to_owned());
    assert_error!(world.services.projects.get(&ann, &p).await, Error::Forbidden(_));
}

#[tokio::test]
async fn first_administrator_and_oneself_stay() {
    let world = World::new().await;
    let admin = world.admin().await;
    let boss = world.user("boss").await;
    world.services.users.set_admin(&admin, id(&boss), true).await.expect("made an administrator");
    let boss = world.cx("boss").await.expect("signs in");
    assert_error!(world.services.users.delete(&admin, 1).await, Error::Forbidden(_));
    assert_error!(world.services.users.delete(&boss, 1).await, Error::Forbidden(_));
    assert_error!(world.services.users.delete(&boss, id(&boss)).await, Error::Forbidden(_));
    world.services.users.delete(&admin, id(&boss)).await.expect("another administrator");
}

#[tokio::test]
async fn own_password_needs_the_old_one() {
    let world = World::new().await;
    let ann = world.user("ann").await;
    let users = &world.services.users;
    for old in [None, Some("Wrong-12345")] {
        assert_error!(
            users.set_password(&ann, id(&ann), change(old, "Harbour-67890")).await,
            Error::Forbidden(_)
        );
    }
    let same = users.set_password(&ann, id(&ann), change(Some(World::PASSWORD), World::PASSWORD)).await;
    assert_error!(same, Error::Invalid { field: "new_password", .. });
    let weak = users.set_password(&ann, id(&ann), change(Some(World::PASSWORD), "weak")).await;
    assert_error!(weak, Error::Invalid { field: "password", .. });
    world.cx("ann").await.expect("nothing changed");
    users
        .set_password(&ann, id(&ann), change(Some(World::PASSWORD), "Harbour-67890"))
        .await
        .expect("changed");
    assert_denied(world.cx("ann").await, Denial::BadCredentials);
}

#[tokio::test]
async fn administrators_set_passwords_of_others_without_the_old_one() {
    let world = World::new().await;
    let (admin, ann) = (world.admin().await, world.user("ann").await);
    let users = &world.services.users;
    let same = users.set_password(&admin, id(&ann), change(None, World::PASSWORD)).await;
    assert_error!(same, Error::Invalid { field: "new_password", .. });
    users.set_password(&admin, id(&ann), change(None, "Harbour-67890")).await.expect("changed");
    let signed_in = world.services.authn.password(&World::anonymous(), "ann", &secret("Harbour-67890")).await;
    signed_in.expect("the new one");
    assert_error!(users.set_password(&admin, 1, change(None, "Harbour-67890")).await, Error::Forbidden(_));
}

#[tokio::test]
async fn others_see_and_change_nobody() {
    let world = World::new().await;
    let (ann, bob) = (world.user("ann").await, world.user("bob").await);
    let (users, nobody) = (&world.services.users, World::anonymous());
    let profile = || harbor::UserProfile { realname: Some("Evil".to_owned()), ..Default::default() };
    assert_error!(users.list(&bob, &ListQuery::default()).await, Error::Forbidden(_));
    assert_error!(users.get(&bob, id(&ann)).await, Error::Forbidden(_));
    assert_error!(users.get(&bob, 999).await, Error::Forbidden(_));
    assert_error!(users.create(&bob, new_user("eve")).await, Error::Forbidden(_));
    assert_error!(users.update(&bob, id(&ann), profile()).await, Error::Forbidden(_));
    assert_error!(
        users.set_password(&bob, id(&ann), change(None, "Harbour-67890")).await,
        Error::Forbidden(_)
    );
    assert_error!(users.set_admin(&bob, id(&bob), true).await, Error::Forbidden(_));
    assert_error!(users.delete(&bob, id(&ann)).await, Error::Forbidden(_));
    assert_denied(users.list(&nobody, &ListQuery::default()).await, Denial::NoCredentials);
    assert_denied(users.get(&nobody, id(&ann)).await, Denial::NoCredentials);
    assert_denied(users.current(&nobody).await, Denial::NoCredentials);
    assert_denied(users.search(&nobody, "a", Page::default()).await, Denial::NoCredentials);
    assert_denied(users.create(&nobody, new_user("eve")).await, Denial::NoCredentials);
    assert_denied(users.delete(&nobody, id(&ann)).await, Denial::NoCredentials);
    let shown = users.get(&ann, id(&ann)).await.expect("oneself");
    assert_eq!(shown.realname, "ann");
}

#[tokio::test]
async fn own_profile_is_changed_within_the_rules() {
    let world = World::new().await;
    let ann = world.user("ann").await;
    let users = &world.services.users;
    let profile =
        |realname: &str| harbor::UserProfile { realname: Some(realname.to_owned()), ..Default::default() };
    users.update(&ann, id(&ann), profile("Ann Other")).await.expect("changed");
    let shown = users.current(&ann).await.expect("shown");
    assert_eq!((shown.realname.as_str(), shown.email.as_str()), ("Ann Other", "ann@example.org"));
    assert_error!(
        users.update(&ann, id(&ann), profile("a\u{7}b")).await,
        Error::Invalid { field: "realname", .. }
    );
}

#[tokio::test]
async fn profile_without_an_address_keeps_the_other_rules() {
    let world = World::new().await;
    let admin = world.admin().await;
    let users = &world.services.users;
    let profile =
        |realname: &str| harbor::UserProfile { realname: Some(realname.to_owned()), ..Default::default() };
    assert_error!(users.update(&admin, 1, profile("a\nb")).await, Error::Invalid { field: "realname", .. });
    users.update(&admin, 1, profile("The Boss")).await.expect("changed");
}

#[tokio::test]
async fn search_finds_names_and_not_the_first_administrator() {
    let world = World::new().await;
    let ann = world.user("ann").await;
    world.user("admiral").await;
    let found = world.services.users.search(&ann, "ADM", Page::default()).await.expect("found");
    assert_eq!(found.items.iter().map(|one| one.username.as_str()).collect::<Vec<_>>(), ["admiral"]);
}

#[tokio::test]
async fn reset_password_is_random_strong_and_the_only_one() {
    let world = World::new().await;
    let cx = World::anonymous();
    let first = world.services.users.reset_password(&cx, "admin").await.expect("a password");
    let second = world.services.users.reset_password(&cx, "admin").await.expect("a password");
    assert!(first != second);
    types::validate::password(second.expose()).expect("within the rules");
    assert_denied(world.cx("admin").await, Denial::BadCredentials);
    assert_denied(world.services.authn.password(&cx, "admin", &first).await, Denial::BadCredentials);
    world.services.authn.password(&cx, "admin", &second).await.expect("signs in");
    assert_error!(world.services.users.reset_password(&cx, "nobody").await, Error::NotFound(Kind::User, _));
}
