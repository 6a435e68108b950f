//! Guessing passwords: slow for who guesses, and no trouble for whom it is about.

use service::testing::World;

use crate::harbor::client::{Answer, Scene};

const AT: &str = "GET /service/token?service=harbor-registry";
const HERE: [u8; 4] = [192, 0, 2, 1];
const ELSEWHERE: [u8; 4] = [192, 0, 2, 2];

async fn guess(scene: &Scene, user: &str, address: [u8; 4]) -> Answer {
    scene.call(AT).basic(user, "wrong").at_address(address).await
}

/// Guesses until that is refused.
async fn guess_until_limited(scene: &Scene, user: &str) -> Answer {
    for _ in 0..20 {
        let answer = guess(scene, user, HERE).await;
        if answer.status == 429 {
            return answer;
        }
        answer.fails(401, "UNAUTHORIZED");
    }
    panic!("429 in the end");
}

#[tokio::test]
async fn failures_are_slowed_down_with_the_time_to_wait() {
    let scene = Scene::new().await;
    let answer = guess_until_limited(&scene, "zoe").await;
    let text = answer.fails(429, "TOOMANYREQUESTS");
    let wait: u64 = answer.header("retry-after").parse().unwrap();
    assert!((1..=300).contains(&wait));
    assert_eq!(text, format!("too many failed attempts: try again in {wait} seconds"));
}

#[tokio::test]
async fn the_first_failures_are_free() {
    let scene = Scene::new().await;
    for _ in 0..5 {
        guess(&scene, "zoe", HERE).await.fails(401, "UNAUTHORIZED");
    }
}

#[tokio::test]
async fn the_victim_signs_in_from_another_address() {
    let scene = Scene::new().await;
    guess_until_limited(&scene, "zoe").await;
    let call = scene.call(AT).basic("zoe", World::PASSWORD).at_address(ELSEWHERE);
    assert_eq!(call.await.status, 200);
}

#[tokio::test]
async fn a_password_that_was_right_before_is_not_held_up() {
    let scene = Scene::new().await;
    let right = || scene.call(AT).basic("zoe", World::PASSWORD).at_address(HERE);
    assert_eq!(right().await.status, 200);
    guess_until_limited(&scene, "zoe").await;
    assert_eq!(right().await.status, 200);
}

#[tokio::test]
async fn a_user_who_does_not_exist_is_slowed_down_alike() {
    let scene = Scene::new().await;
    let known = guess_until_limited(&scene, "zoe").await;
    let unknown = guess_until_limited(&scene, "somebody-else").await;
    assert_eq!(known.status, unknown.status);
    assert_eq!(known.headers.len(), unknown.headers.len());
}

#[tokio::test]
async fn other_users_of_the_address_are_not_held_up() {
    let scene = Scene::new().await;
    guess_until_limited(&scene, "zoe").await;
    let call = scene.call(AT).basic("dev", World::PASSWORD).at_address(HERE);
    assert_eq!(call.await.status, 200);
}

#[tokio::test]
async fn an_address_that_tries_many_names_must_wait() {
    let scene = Scene::new().await;
    for number in 0..60 {
        guess(&scene, &format!("name-{number}"), HERE).await.fails(401, "UNAUTHORIZED");
    }
    let answer = guess(&scene, "one-more", HERE).await;
    answer.fails(429, "TOOMANYREQUESTS");
    assert!(answer.header("retry-after").parse::<u64>().unwrap() <= 60);
    guess(&scene, "one-more", ELSEWHERE).await.fails(401, "UNAUTHORIZED");
}

#[tokio::test]
async fn the_ways_in_share_one_count() {
    let scene = Scene::new().await;
    guess_until_limited(&scene, "zoe").await;
    scene.call("GET /v2/").basic("zoe", "wrong").at_address(HERE).await.fails(429, "TOOMANYREQUESTS");
    let form =
        [("grant_type", "password"), ("service", "harbor-registry"), ("username", "zoe"), ("password", "x")];
    let answer = scene.call("POST /service/token").form(&form).at_address(HERE).await;
    answer.fails(429, "TOOMANYREQUESTS");
}
