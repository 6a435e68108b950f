//! Jobs and their workers: who does what, and what is left when one of them is gone.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use futures::FutureExt;
use serde_json::json;
use service::{
    Error, Kind,
    job::{Started, State},
    testing::{ByHand, Stop, TestKind, Try, World},
};
use tokio::sync::Semaphore;
use types::page::Page;

use crate::util::assert_error;

/// A worker that lives.
const BEAT: Duration = Duration::from_millis(10);
/// A worker of which nothing is heard.
const SILENT: Duration = Duration::from_hours(1);

async fn world() -> (World, Arc<ByHand>) {
    let hand = ByHand::at(World::anonymous().now);
    let clock = hand.clock();
    (World::with(|options| options.clock = clock).await, hand)
}

fn quick(name: &'static str) -> TestKind {
    TestKind::new(name, |run: Try| {
        async move {
            assert!(run.say("at work").await);
            Ok(json!({ "answer": 42 }))
        }
        .boxed()
    })
}

/// A kind whose jobs wait until they may go on, and then say whether they still might.
fn gated(name: &'static str, gate: &Arc<Semaphore>, refused: &Arc<AtomicU32>) -> TestKind {
    let (gate, refused) = (Arc::clone(gate), Arc::clone(refused));
    TestKind::new(name, move |run: Try| {
        let (gate, refused) = (Arc::clone(&gate), Arc::clone(&refused));
        async move {
            gate.acquire().await.expect("the gate opens").forget();
            if !run.say("behind the gate").await {
                refused.fetch_add(1, Ordering::SeqCst);
            }
            if !run.write().await {
                refused.fetch_add(1, Ordering::SeqCst);
            }
            Ok(json!("late"))
        }
        .boxed()
    })
}

fn endless(name: &'static str) -> TestKind {
    TestKind::new(name, |run: Try| {
        async move {
            loop {
                run.stop_if_asked().await?;
                tokio::task::yield_now().await;
            }
        }
        .boxed()
    })
}

async fn start(world: &World, kind: &TestKind) -> i64 {
    match World::start(&world.services, kind).await.expect("a job is started") {
        Started::New(id) => id,
        Started::Open(id) => panic!("job {id} is open already"),
    }
}

#[tokio::test]
async fn a_job_is_done_and_what_came_of_it_is_kept() {
    let (world, _) = world().await;
    let kind = quick("quick");
    let id = start(&world, &kind).await;
    World::work(&world.services, &[&kind], BEAT);
    let job = World::over(&world.services, id).await;
    assert_eq!((job.state, job.attempts), (State::Succeeded, 1));
    assert_eq!(job.outcome, Some(json!({ "answer": 42 })));
    assert_eq!(World::said(&world.services, id).await, ["at work", "Done"]);
}

#[tokio::test]
async fn a_job_is_found_as_soon_as_it_is_started() {
    let (world, _) = world().await;
    let kind = quick("quick");
    World::work(&world.services, &[&kind], BEAT);
    for _ in 0..3 {
        let id = start(&world, &kind).await;
        assert_eq!(World::over(&world.services, id).await.state, State::Succeeded);
    }
}

#[tokio::test]
async fn a_failure_is_tried_again_after_a_pause_and_then_for_good() {
    let (world, hand) = world().await;
    let kind = TestKind::new("failing", |_| async { Err(Stop::failed("the disk is on fire")) }.boxed());
    let id = start(&world, &kind).await;
    World::work(&world.services, &[&kind], BEAT);
    let waiting =
        World::wait_for(&world.services, id, |job| job.attempts == 1 && job.state == State::Pending);
    let waiting = waiting.await.expect("the first try fails");
    assert_eq!((waiting.run_at - hand.now()).num_seconds(), 10);
    assert!(!World::is_due(&world.services, &kind).await);
    hand.advance(11);
    let job = World::over(&world.services, id).await;
    assert_eq!((job.state, job.attempts), (State::Failed, 2));
    let why = job.outcome.expect("a reason")["error"].as_str().expect("text").to_owned();
    assert!(why.contains("the disk is on fire"), "{why}");
    assert!(matches!(World::start(&world.services, &kind).await, Ok(Started::New(_))), "the key is free");
}

#[tokio::test]
async fn a_panic_is_a_failure_and_the_worker_goes_on() {
    let (world, _) = world().await;
    let kind = TestKind::new("panicking", |_| async { panic!("on purpose") }.boxed());
    let quick = quick("quick");
    let (id, other) = (start(&world, &kind).await, start(&world, &quick).await);
    World::work(&world.services, &[&kind, &quick], BEAT);
    assert_eq!(World::over(&world.services, other).await.state, State::Succeeded);
    let failed = World::wait_for(&world.services, id, |job| job.outcome.is_some()).await.expect("it fails");
    assert_eq!(failed.outcome, Some(json!({ "error": "internal server error: it panicked" })));
}

#[tokio::test]
async fn a_try_that_takes_too_long_is_broken_off() {
    let (world, _) = world().await;
    let kind = endless("slow").within(0);
    let id = start(&world, &kind).await;
    World::work(&world.services, &[&kind], BEAT);
    let failed = World::wait_for(&world.services, id, |job| job.outcome.is_some()).await.expect("it fails");
    assert_eq!(failed.state, State::Pending);
}

#[tokio::test]
async fn two_open_jobs_of_a_single_kind_are_one() {
    let (world, _) = world().await;
    let kind = quick("single");
    let id = start(&world, &kind).await;
    assert_eq!(World::start(&world.services, &kind).await.expect("an answer"), Started::Open(id));
    World::work(&world.services, &[&kind], BEAT);
    World::over(&world.services, id).await;
    assert_ne!(start(&world, &kind).await, id);
}

#[tokio::test]
async fn a_worker_that_died_is_followed_by_another_when_its_lease_is_over() {
    let (world, hand) = world().await;
    let kind = endless("long");
    let id = start(&world, &kind).await;
    World::work(&world.services, &[&kind], BEAT);
    World::wait_for(&world.services, id, |job| job.state == State::Running).await.expect("it begins");
    let world = world.crash().await;
    assert!(!World::is_due(&world.services, &kind).await, "the lease is not over");
    hand.advance(31);
    let kind = quick("long");
    World::work(&world.services, &[&kind], BEAT);
    let job = World::over(&world.services, id).await;
    assert_eq!((job.state, job.attempts), (State::Succeeded, 2));
}

#[tokio::test]
async fn a_worker_that_lives_keeps_its_job() {
    let (world, hand) = world().await;
    let (gate, refused) = (Arc::new(Semaphore::new(0)), Arc::default());
    let kind = gated("kept", &gate, &refused);
    let id = start(&world, &kind).await;
    World::work(&world.services, &[&kind], BEAT);
    World::wait_for(&world.services, id, |job| job.state == State::Running).await.expect("it begins");
    for _ in 0..4 {
        hand.advance(20);
        let kept = async {
            while World::is_due(&world.services, &kind).await {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_mins(1), kept).await.expect("the lease is renewed");
    }
    gate.add_permits(1);
    assert_eq!(World::over(&world.services, id).await.attempts, 1);
    assert_eq!(refused.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_worker_that_comes_back_from_the_dead_writes_nothing() {
    let (world, hand) = world().await;
    let (gate, refused) = (Arc::new(Semaphore::new(0)), Arc::default());
    let kind = gated("job", &gate, &refused);
    let id = start(&world, &kind).await;
    World::work(&world.services, &[&kind], SILENT);
    World::wait_for(&world.services, id, |job| job.state == State::Running).await.expect("it begins");
    hand.advance(31);
    let other = world.neighbour().await;
    World::work(&other, &[&quick("job")], BEAT);
    let job = World::over(&other, id).await;
    gate.add_permits(1);
    let counted = async {
        while refused.load(Ordering::SeqCst) < 2 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_mins(1), counted).await.expect("both writes are refused");
    let next = start(&world, &quick("other")).await;
    assert!(next > id);
    assert_eq!(World::over(&other, id).await, job, "nothing of it changed");
    assert_eq!(World::said(&other, id).await, ["at work", "Done"]);
}

#[tokio::test]
async fn a_lease_from_a_clock_that_was_wrong_is_not_waited_for() {
    let (world, hand) = world().await;
    let kind = endless("long");
    let id = start(&world, &kind).await;
    hand.jump(86_400);
    World::work(&world.services, &[&kind], SILENT);
    World::wait_for(&world.services, id, |job| job.state == State::Running).await.expect("it begins");
    let world = world.crash().await;
    hand.jump(-86_400);
    assert!(World::is_due(&world.services, &kind).await);
}

#[tokio::test]
async fn a_job_that_kills_its_workers_is_given_up() {
    let (mut world, hand) = world().await;
    let kind = endless("deadly");
    let id = start(&world, &kind).await;
    for attempts in 1..=2 {
        World::work(&world.services, &[&kind], BEAT);
        let begun = World::wait_for(&world.services, id, |job| job.attempts == attempts).await;
        begun.expect("it begins");
        world = world.crash().await;
        hand.advance(31);
    }
    World::work(&world.services, &[&kind], BEAT);
    let job = World::over(&world.services, id).await;
    assert_eq!(job.outcome, Some(json!({ "error": "internal server error: its worker died too often" })));
}

#[tokio::test]
async fn a_stop_gives_jobs_back_as_if_they_had_not_begun() {
    let (world, _) = world().await;
    let kind = endless("long");
    let id = start(&world, &kind).await;
    let other = world.neighbour().await;
    World::work(&other, &[&kind], BEAT);
    World::wait_for(&world.services, id, |job| job.state == State::Running).await.expect("it begins");
    other.close().await.expect("a clean end");
    assert!(World::is_due(&world.services, &kind).await);
    World::work(&world.services, &[&quick("long")], BEAT);
    let job = World::over(&world.services, id).await;
    assert_eq!((job.state, job.attempts), (State::Succeeded, 1));
}

#[tokio::test]
async fn cancelling_stops_a_job_that_waits_and_one_that_runs() {
    let (world, _) = world().await;
    let cx = world.admin().await;
    let (waiting, running) = (quick("waiting"), endless("running"));
    let id = start(&world, &waiting).await;
    world.services.jobs.cancel(&cx, id).await.expect("it is stopped");
    assert_eq!(world.services.jobs.get(&cx, id).await.expect("a job").state, State::Cancelled);
    let id = start(&world, &running).await;
    World::work(&world.services, &[&running], BEAT);
    World::wait_for(&world.services, id, |job| job.state == State::Running).await.expect("it begins");
    world.services.jobs.cancel(&cx, id).await.expect("it is asked to stop");
    assert_eq!(World::over(&world.services, id).await.state, State::Cancelled);
    world.services.jobs.cancel(&cx, id).await.expect("nothing happens");
    assert_eq!(World::over(&world.services, id).await.state, State::Cancelled);
}

#[tokio::test]
async fn jobs_are_for_administrators() {
    let (world, _) = world().await;
    let (admin, ann) = (world.admin().await, world.user("ann").await);
    let id = start(&world, &quick("quick")).await;
    let jobs = &world.services.jobs;
    assert_eq!(jobs.list(&admin, Some("quick"), Page::default()).await.expect("a list").total, 1);
    assert_eq!(jobs.list(&admin, Some("other"), Page::default()).await.expect("a list").total, 0);
    assert!(jobs.log(&admin, id, 0, 10).await.expect("a log").is_empty());
    assert_error!(jobs.get(&admin, id + 1).await, Error::NotFound(Kind::Job, _));
    assert_error!(jobs.list(&ann, None, Page::default()).await, Error::Forbidden(_));
    assert_error!(jobs.get(&ann, id).await, Error::Forbidden(_));
    assert_error!(jobs.log(&ann, id, 0, 10).await, Error::Forbidden(_));
    assert_error!(jobs.cancel(&ann, id).await, Error::Forbidden(_));
    assert_error!(jobs.list(&World::anonymous(), None, Page::default()).await, Error::Unauthenticated { .. });
}

#[tokio::test]
async fn times_that_a_schedule_missed_count_once() {
    let (world, hand) = world().await;
    let cx = world.admin().await;
    let kind = quick("nightly").many();
    let since = hand.now().timestamp_millis();
    World::schedule(&world.services, &kind, "0 */10 * * * *", since).await.expect("a schedule");
    hand.advance(3 * 3600);
    World::work(&world.services, &[&kind], BEAT);
    let now = hand.now().timestamp_millis();
    let moved_on = async {
        while World::next_at(&world.services, &kind).await.is_none_or(|next| next <= now) {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_mins(1), moved_on).await.expect("the schedule goes on");
    assert!(World::next_at(&world.services, &kind).await.is_some_and(|next| next - now <= 600_000));
    let jobs = world.services.jobs.list(&cx, Some("nightly"), Page::default()).await.expect("a list");
    assert_eq!(jobs.total, 1);
    assert_eq!(jobs.items[0].actor, "schedule");
}

#[tokio::test]
async fn old_jobs_are_forgotten() {
    let (world, _) = world().await;
    let cx = world.admin().await;
    let kind = quick("many").many();
    for _ in 0..103 {
        start(&world, &kind).await;
    }
    let last = start(&world, &kind).await;
    World::work(&world.services, &[&kind], BEAT);
    World::over(&world.services, last).await;
    let left = async {
        loop {
            let jobs = world.services.jobs.list(&cx, Some("many"), Page::default()).await.expect("a list");
            if jobs.items.iter().all(|job| job.state.is_over()) && jobs.total == 100 {
                return;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_mins(1), left).await.expect("a hundred are kept");
}
