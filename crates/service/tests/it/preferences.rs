//! What people choose for themselves, and the old password they show for a new one.

use std::net::IpAddr;

use db::Db;
use service::{Denial, Error, OpCtx, testing::World};
use types::{
    harbor,
    preference::{Client, Theme, UserPreferences},
};

use crate::util::{assert_denied, assert_error, later, password, request, secret};

async fn chosen(world: &World, name: &str) -> UserPreferences {
    let cx = world.cx(name).await.expect("signs in");
    world.services.users.preferences(&cx).await.expect("an answer")
}

fn locale(tag: &str) -> UserPreferences {
    UserPreferences { locale: Some(tag.to_owned()), ..Default::default() }
}

#[tokio::test]
async fn choices_are_kept_with_the_account_and_what_is_absent_stays() {
    let world = World::new().await;
    let ann = request(&world.user("ann").await, "choose");
    world.user("bob").await;
    let users = &world.services.users;
    assert_eq!(chosen(&world, "ann").await, UserPreferences::default());
    users.update_preferences(&ann, locale("zh-CN")).await.expect("chosen");
    let others =
        UserPreferences { theme: Some(Theme::Dark), client: Some(Client::Podman), ..Default::default() };
    users.update_preferences(&ann, others).await.expect("chosen");
    users.update_preferences(&ann, UserPreferences::default()).await.expect("nothing to do");
    let expected = UserPreferences {
        locale: Some("zh-CN".to_owned()),
        theme: Some(Theme::Dark),
        client: Some(Client::Podman),
    };
    assert_eq!(chosen(&world, "ann").await, expected);
    let nobody = world.services.users.preferences(&World::anonymous()).await.expect("an answer");
    assert_eq!(nobody, UserPreferences::default());
    assert_eq!(chosen(&world, "bob").await, UserPreferences::default(), "nobody else's");
    assert_eq!(world.audit_of("choose").await, []);
    let world = world.crash().await;
    assert_eq!(chosen(&world, "ann").await, expected);
}

#[tokio::test]
async fn nobody_without_an_account_chooses_and_a_language_has_a_form() {
    let world = World::new().await;
    let ann = world.user("ann").await;
    let users = &world.services.users;
    let nobody = users.update_preferences(&World::anonymous(), locale("en-US")).await;
    assert_denied(nobody, Denial::NoCredentials);
    for tag in ["", "e", "en_US", "en US", "é-é", &"x".repeat(36)] {
        let refused = users.update_preferences(&ann, locale(tag)).await;
        assert_error!(refused, Error::Invalid { field: "locale", .. });
    }
    assert_eq!(chosen(&world, "ann").await, UserPreferences::default());
}

#[tokio::test]
async fn stored_value_that_is_unknown_counts_as_never_chosen() {
    let world = World::new().await;
    let ann = world.user("ann").await;
    let users = &world.services.users;
    let all = UserPreferences {
        locale: Some("en-US".to_owned()),
        theme: Some(Theme::Light),
        client: Some(Client::Helm),
    };
    users.update_preferences(&ann, all).await.expect("chosen");
    let id = ann.user_id().expect("a user");
    let stranger = Db::open(&Db::default_url(world.data())).await.expect("the database opens again");
    let odd = |text: &str| Some(text.to_owned());
    let odd = (odd("not a tag"), odd("sepia"), odd("helm"));
    let written: Result<(), db::Error> = stranger
        .write(move |tx| Box::pin(async move { db::query::user::set_preferences(tx, id, odd).await }))
        .await;
    written.expect("written");
    let world = world.crash().await;
    let expected = UserPreferences { client: Some(Client::Helm), ..Default::default() };
    assert_eq!(chosen(&world, "ann").await, expected);
}

fn change(old: &str) -> harbor::PasswordReq {
    harbor::PasswordReq { old_password: Some(secret(old)), new_password: Some(secret("Harbour-67890")) }
}

#[tokio::test]
async fn stolen_session_can_not_guess_the_old_password() {
    let world = World::new().await;
    let remote: IpAddr = "192.0.2.7".parse().expect("an address");
    let ann = OpCtx { remote, ..request(&world.user("ann").await, "guess") };
    let id = ann.user_id().expect("a user");
    let users = &world.services.users;
    for _ in 0..5 {
        match users.set_password(&ann, id, change("Wrong-12345")).await {
            Err(Error::Forbidden(text)) => assert_eq!(text, "the old password is wrong"),
            other => panic!("{other:?}"),
        }
    }
    let limited = users.set_password(&ann, id, change("Wrong-12345")).await;
    assert_error!(limited, Error::RateLimited { retry_after_secs: 1 });
    let right = users.set_password(&ann, id, change(World::PASSWORD)).await;
    assert_error!(right, Error::RateLimited { .. });
    let sign_in = world.services.authn.password(&ann, "ann", &password()).await;
    assert_error!(sign_in, Error::RateLimited { .. });
    let rows = world.audit_of("guess").await;
    assert_eq!(rows.len(), 5, "{rows:?}");
    for row in rows {
        assert_eq!(
            (row.actor.as_str(), row.operation.as_str(), row.resource.as_str()),
            ("ann", "update", "ann")
        );
        assert!(!row.is_success);
    }
    users.set_password(&later(&ann, 1), id, change(World::PASSWORD)).await.expect("after the wait");
    world.services.authn.password(&ann, "ann", &secret("Harbour-67890")).await.expect("the new one");
}

#[tokio::test]
async fn guesses_at_sign_in_and_of_the_old_password_count_together() {
    let world = World::new().await;
    let ann = world.user("ann").await;
    let id = ann.user_id().expect("a user");
    for _ in 0..3 {
        let wrong = world.services.authn.password(&ann, "ann", &secret("Wrong-12345")).await;
        assert_denied(wrong, Denial::BadCredentials);
    }
    let users = &world.services.users;
    for _ in 0..2 {
        assert_error!(users.set_password(&ann, id, change("Wrong-12345")).await, Error::Forbidden(_));
    }
    let limited = users.set_password(&ann, id, change(World::PASSWORD)).await;
    assert_error!(limited, Error::RateLimited { .. });
}
