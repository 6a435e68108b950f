//! Background work in tests: kinds of jobs that a test makes up, and workers that breathe fast.

use std::{sync::Arc, time::Duration};

use db::query::{job as rows, schedule};
use futures::{FutureExt, future::BoxFuture};
use serde_json::Value;
use tokio::sync::watch;
use types::page::Page;

use super::World;
use crate::{
    Error, Services,
    job::{Halt, Job, Kind, Pace, Run, Runner, Started, cron, kinds},
};

/// A try of a job of a test.
#[derive(Clone)]
pub struct Try(Run);

impl Try {
    /// Whether it may go on.
    pub async fn may_go_on(&self) -> bool {
        self.0.check().await.is_ok()
    }

    /// Leaves a line; false when the job is another worker's.
    pub async fn say(&self, line: &str) -> bool {
        self.0.say(line).await.is_ok()
    }

    /// Writes something under the fence; false when that is refused.
    pub async fn write(&self) -> bool {
        self.0.write(|_| async { Ok(()) }.boxed()).await.is_ok()
    }

    /// Stops as a handler does that was asked to.
    pub async fn stop_if_asked(&self) -> Result<(), Stop> {
        self.0.check().await.map_err(Stop)
    }
}

/// Why a job of a test stops.
#[derive(Debug)]
pub struct Stop(Halt);

impl Stop {
    /// It fails.
    pub fn failed(why: &'static str) -> Self {
        Self(Halt::Failed(Error::internal(why)))
    }
}

/// A kind of jobs that a test makes up.
#[derive(Clone)]
pub struct TestKind(Kind);

impl TestKind {
    /// A kind whose jobs do `work`, once at a time and at most twice.
    pub fn new<F>(name: &'static str, work: F) -> Self
    where
        F: Fn(Try) -> BoxFuture<'static, Result<Value, Stop>> + Send + Sync + 'static,
    {
        let work = Arc::new(work);
        Self(Kind {
            name,
            is_single: true,
            max_attempts: 2,
            timeout_secs: 3600,
            work: Arc::new(move |_, run| {
                let done = work(Try(run));
                async move { done.await.map_err(|Stop(halt)| halt) }.boxed()
            }),
        })
    }

    /// The same kind with another limit of time.
    #[must_use]
    pub fn within(mut self, timeout_secs: u32) -> Self {
        self.0.timeout_secs = timeout_secs;
        self
    }

    /// The same kind, of which any number may be open.
    #[must_use]
    pub fn many(mut self) -> Self {
        self.0.is_single = false;
        self
    }
}

impl World {
    /// Starts a job.
    pub async fn start(services: &Services, kind: &TestKind) -> Result<Started, Error> {
        services.core.start_job(&kind.0, &Value::Null, "test").await
    }

    /// A worker for some kinds that looks for work all the time and gives a sign of life every `heartbeat`.
    pub fn work(services: &Services, kinds: &[&TestKind], heartbeat: Duration) {
        let beat = Duration::from_millis(10);
        let pace = Pace { heartbeat, poll: beat, look: beat, ..Pace::default() };
        services.work(kinds.iter().map(|kind| kind.0.clone()).collect(), pace);
    }

    /// A worker for everything there is, that looks for work all the time.
    pub fn work_for_real(services: &Services) {
        let beat = Duration::from_millis(10);
        services.work(kinds(), Pace { heartbeat: beat, poll: beat, look: beat, ..Pace::default() });
    }

    /// Whether a worker would take a job of this kind at this moment.
    #[expect(clippy::expect_used, clippy::missing_panics_doc, reason = "a test without its world has failed")]
    pub async fn is_due(services: &Services, kind: &TestKind) -> bool {
        let (_stop, stopped) = watch::channel(false);
        let core = Arc::clone(&services.core);
        let runner = Runner::new(core, vec![kind.0.clone()], Pace::default(), stopped);
        runner.is_due().await.expect("the jobs can be read")
    }

    /// Waits until a job is over.
    #[expect(clippy::panic, clippy::missing_panics_doc, reason = "a test without its world has failed")]
    pub async fn over(services: &Services, id: i64) -> Job {
        match Self::wait_for(services, id, |job| job.state.is_over()).await {
            Some(job) => job,
            None => panic!("not over in time: {:?}", services.core.job(id).await),
        }
    }

    /// Waits until a job is as it should be; None when it takes too long.
    #[expect(clippy::expect_used, clippy::missing_panics_doc, reason = "a test without its world has failed")]
    pub async fn wait_for(services: &Services, id: i64, is_so: impl Fn(&Job) -> bool) -> Option<Job> {
        let deadline = tokio::time::Instant::now() + Duration::from_mins(1);
        while tokio::time::Instant::now() < deadline {
            let job = services.core.job(id).await.expect("the job is there");
            if is_so(&job) {
                return Some(job);
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        None
    }

    /// The numbers of the jobs of a kind, oldest first.
    #[expect(clippy::expect_used, clippy::missing_panics_doc, reason = "a test without its world has failed")]
    pub async fn jobs_of(services: &Services, kind: &str) -> Vec<i64> {
        let jobs =
            rows::list(&services.core.db, Some(kind), Page::default()).await.expect("jobs can be read");
        jobs.items.into_iter().rev().map(|job| job.id).collect()
    }

    /// Waits until there are so many jobs of a kind, and gives the last.
    #[expect(clippy::panic, clippy::missing_panics_doc, reason = "a test without its world has failed")]
    pub async fn wait_until_there(services: &Services, kind: &str, count: usize) -> i64 {
        let deadline = tokio::time::Instant::now() + Duration::from_mins(1);
        while tokio::time::Instant::now() < deadline {
            let jobs = Self::jobs_of(services, kind).await;
            if let Some(last) = jobs.last().filter(|_| jobs.len() >= count) {
                return *last;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        panic!("there are not {count} jobs of the kind {kind} in time");
    }

    /// What a job said.
    #[expect(clippy::expect_used, clippy::missing_panics_doc, reason = "a test without its world has failed")]
    pub async fn said(services: &Services, id: i64) -> Vec<String> {
        let lines = rows::lines(&services.core.db, id, 0, 1000).await.expect("the log can be read");
        lines.into_iter().map(|line| line.line).collect()
    }

    /// Makes a kind of jobs due by a schedule that was due first at `since`, in milliseconds since the epoch.
    pub async fn schedule(services: &Services, kind: &TestKind, text: &str, since: i64) -> Result<(), Error> {
        let row = schedule::Schedule {
            kind: kind.0.name.to_owned(),
            cron: text.to_owned(),
            payload: "null".to_owned(),
            is_paused: false,
            next_at: cron::next_after(&cron::parse(text)?, since),
            updated_at: since,
        };
        Ok(services.core.db.write(move |tx| async move { schedule::put(tx, row).await }.boxed()).await?)
    }

    /// When a kind is due next by its schedule.
    #[expect(clippy::expect_used, clippy::missing_panics_doc, reason = "a test without its world has failed")]
    pub async fn next_at(services: &Services, kind: &TestKind) -> Option<i64> {
        schedule::find(&services.core.db, kind.0.name).await.expect("schedules can be read")?.next_at
    }
}
