//! Stored bytes are read again, the longest unread first.

use std::fs;

use serde_json::json;
use service::{
    OpCtx,
    job::State,
    scrub::{Budget, KIND, Scrubbed},
    testing::{ByHand, World},
};

use crate::util::{assert_error, digest, later, pull_blob, push_blob};

const NAME: &str = "library/image";
const ALL: Budget = Budget { bytes: u64::MAX, bytes_per_sec: None };

/// Ten blobs of ten bytes.
async fn scene() -> (World, OpCtx) {
    let world = World::new().await;
    let cx = world.admin().await;
    for number in 0..10 {
        push_blob(&world.services, &cx, NAME, format!("blob no. {number}").as_bytes()).await;
    }
    (world, cx)
}

fn file_of(world: &World, digest: &types::digest::Digest) -> std::path::PathBuf {
    let shard = world.data().join("storage/blobs/sha256").join(&digest.hex()[..2]);
    let mut files = fs::read_dir(shard).expect("a shard").map(|file| file.expect("a file").path());
    files.find(|path| path.to_string_lossy().contains(digest.hex())).expect("a file")
}

#[tokio::test]
async fn a_run_ends_with_its_budget_and_the_next_goes_on() {
    let (world, cx) = scene().await;
    let scrub = world.services.scrub();
    let later = later(&cx, 60);
    let some = Budget { bytes: 25, bytes_per_sec: None };
    let mut runs = Vec::new();
    for _ in 0..5 {
        runs.push(scrub.run(later.now, some).await.expect("a run").verified);
    }
    assert_eq!(runs, [3, 3, 3, 1, 0]);
    assert_eq!(
        scrub.oldest().await.expect("an answer").map(|at| at.timestamp()),
        Some(later.now.timestamp())
    );
}

#[tokio::test]
async fn what_was_never_verified_comes_first() {
    let (world, cx) = scene().await;
    let digest = digest(b"blob no. 7");
    world.damage(&[&format!("UPDATE blobs SET verified_at = NULL WHERE digest = '{digest}'")]).await;
    let one = Budget { bytes: 1, bytes_per_sec: None };
    let done = world.services.scrub().run(later(&cx, 60).now, one).await.expect("a run");
    assert_eq!(done, Scrubbed { verified: 1, bytes: 10, ..Scrubbed::default() });
    let told = world.services.keeping().why(&digest).await.expect("an answer").expect("it is known");
    assert!(told.blob.expect("a blob").verified_at.is_some());
}

#[tokio::test]
async fn damage_is_noted_and_a_push_makes_it_good() {
    let (world, cx) = scene().await;
    let damaged = digest(b"blob no. 3");
    let gone = digest(b"blob no. 4");
    fs::write(file_of(&world, &damaged), b"blob no. x").expect("written");
    fs::remove_file(file_of(&world, &gone)).expect("removed");
    let done = world.services.scrub().run(later(&cx, 60).now, ALL).await.expect("a run");
    assert_eq!((done.verified, done.damaged), (8, 2));
    let again = world.services.scrub().run(later(&cx, 120).now, ALL).await.expect("a run");
    assert_eq!((again.verified, again.damaged), (8, 0));
    for (digest, bytes) in [(damaged, b"blob no. 3"), (gone, b"blob no. 4")] {
        let pulled = pull_blob(&world.services, &cx, NAME, &digest).await;
        assert_error!(pulled, service::Error::NotFound(service::Kind::Blob, _));
        push_blob(&world.services, &cx, NAME, bytes).await;
        assert_eq!(pull_blob(&world.services, &cx, NAME, &digest).await.expect("bytes"), bytes);
    }
}

#[tokio::test]
async fn runs_begin_by_themselves_go_on_and_find_damage() {
    let hand = ByHand::at(World::anonymous().now);
    let clock = hand.clock();
    let world = World::with(|options| {
        options.clock = clock;
        options.collection.interval = std::time::Duration::ZERO; // it would take blobs that no manifest needs
        options.scrub.budget = Budget { bytes: 25, bytes_per_sec: None };
    })
    .await;
    let cx = world.admin().await;
    for number in 0..5 {
        push_blob(&world.services, &cx, NAME, format!("blob no. {number}").as_bytes()).await;
    }
    fs::write(file_of(&world, &digest(b"blob no. 3")), b"blob no. x").expect("written");
    hand.advance(60);
    World::work_for_real(&world.services);
    let mut done = Vec::new();
    for count in 1..=2 {
        let id = World::wait_until_there(&world.services, KIND, count).await;
        let job = World::over(&world.services, id).await;
        assert_eq!(job.state, State::Succeeded);
        done.push(job.outcome.expect("an outcome"));
        hand.advance(if count == 1 { 86_400 } else { 0 });
    }
    assert_eq!(done[0]["bytes"], json!(30), "the budget, and the blob under way");
    let sum = |name: &str| done.iter().filter_map(|run| run[name].as_u64()).sum::<u64>();
    assert_eq!(sum("damaged"), 1);
    let told = world.services.health.get(&OpCtx { now: hand.now(), ..cx }).await.expect("told").verification;
    assert_eq!((told.never, told.damaged), (0, 1));
    assert_eq!(told.next_at, Some(hand.now() + chrono::Duration::days(1)));
}

#[tokio::test]
async fn no_interval_and_no_bytes_mean_no_runs() {
    for (hours, bytes) in [(0, 1), (1, 0)] {
        let world = World::with(|options| {
            options.scrub.interval = std::time::Duration::from_hours(hours);
            options.scrub.budget.bytes = bytes;
        })
        .await;
        World::work_for_real(&world.services);
        World::wait_until_there(&world.services, "collection", 1).await;
        assert_eq!(World::jobs_of(&world.services, KIND).await, Vec::<i64>::new());
        let told = world.services.health.get(&world.admin().await).await.expect("told");
        assert_eq!(told.verification.next_at, None);
    }
}
