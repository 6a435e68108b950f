//! The worker: takes jobs that are due, keeps them while it works on them, and says how each ended.

mod due;
mod verdict;

use std::{
    collections::HashSet,
    panic::AssertUnwindSafe,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use db::query::job::{self, Lease};
use futures::FutureExt;
use serde_json::Value;
use tokio::{
    sync::watch,
    task::{JoinHandle, JoinSet},
};

use super::{Halt, Kind, Run, Started, start};
use crate::{Error, core::Core, figures::Try};

/// Jobs that one worker does at a time.
const AT_ONCE: usize = 4;
/// Jobs of a kind that are remembered when they are over.
const KEPT: u64 = 100;
/// By how much the clocks of two machines may differ.
const SKEW_MS: i64 = 60_000;

/// How fast a worker breathes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pace {
    /// How long a job is a worker's after its last sign of life.
    pub(crate) lease: Duration,
    /// How often it gives one.
    pub(crate) heartbeat: Duration,
    /// How often it looks for work that nobody woke it for.
    pub(crate) poll: Duration,
    /// How often somebody who waits for a job looks at it.
    pub(crate) look: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            lease: Duration::from_secs(30),
            heartbeat: Duration::from_secs(10),
            poll: Duration::from_secs(5),
            look: Duration::from_millis(500),
        }
    }
}

/// Takes jobs and does them.
#[derive(Clone)]
pub(crate) struct Runner {
    core: Arc<Core>,
    kinds: Arc<[Kind]>,
    worker: Arc<str>,
    pace: Pace,
    stop: watch::Receiver<bool>,
    busy: Arc<Mutex<HashSet<i64>>>,
}

/// How a try ended.
enum Ended {
    Done(Value),
    Halted(Halt),
    Stopped,
}

impl Runner {
    /// A worker of its own name; it gives its jobs back when `stop` says so.
    pub(crate) fn new(core: Arc<Core>, kinds: Vec<Kind>, pace: Pace, stop: watch::Receiver<bool>) -> Self {
        let worker = format!("{}-{}", std::process::id(), storage::UploadId::new());
        Self { core, kinds: kinds.into(), worker: worker.into(), pace, stop, busy: Arc::default() }
    }

    fn busy(&self) -> MutexGuard<'_, HashSet<i64>> {
        self.busy.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lease(&self) -> Lease {
        let now = self.core.options.clock.wall_ms();
        let lease = millis(self.pace.lease);
        Lease {
            worker: self.worker.to_string(),
            now,
            until: now + lease,
            latest: now + lease + SKEW_MS,
            newest: now + SKEW_MS,
            except: self.busy().iter().copied().collect(),
        }
    }

    /// Whether there is a job to take.
    #[cfg(any(test, feature = "testing"))]
    pub(crate) async fn is_due(&self) -> Result<bool, Error> {
        let names: Vec<&str> = self.kinds.iter().map(|kind| kind.name).collect();
        Ok(job::next_due(&self.core.db, &names, &self.lease()).await?.is_some())
    }

    /// Takes the job that is due first.
    pub(crate) async fn claim(&self) -> Result<Option<job::Job>, Error> {
        let lease = self.lease();
        let names: Vec<&'static str> = self.kinds.iter().map(|kind| kind.name).collect();
        if job::next_due(&self.core.db, &names, &lease).await?.is_none() {
            return Ok(None);
        }
        let claimed =
            self.core.db.write(move |tx| async move { job::claim(tx, &names, &lease).await }.boxed()).await?;
        self.busy().extend(claimed.iter().map(|row| row.id));
        Ok(claimed)
    }

    /// Writes a new job that is this worker's from the start; gives the number of the open job that does the same
    /// where there is one.
    pub(crate) async fn start_here(
        &self,
        kind: &Kind,
        payload: &Value,
        actor: &str,
    ) -> Result<Result<job::Job, i64>, Error> {
        let lease = self.lease();
        let new = kind.job(payload, actor, lease.now);
        let taken = self.core.db.write(move |tx| {
            async move {
                match start(tx, new).await? {
                    Started::Open(id) => Ok(Err(id)),
                    Started::New(id) => {
                        let row = job::find(tx, id).await?.ok_or(db::Error::Damaged("a job"))?;
                        Ok::<_, db::Error>(Ok(job::take(tx, row, &lease).await?))
                    }
                }
            }
            .boxed()
        });
        Ok(taken.await?)
    }

    /// Does a job that was taken, to its end.
    pub(crate) async fn run(self, row: job::Job) {
        let claim = (row.id, row.fence);
        let ended = self.try_once(&row).await;
        self.settle(&row, claim, ended).await;
        self.busy().remove(&row.id);
    }

    async fn settle(&self, row: &job::Job, claim: (i64, i64), ended: Ended) {
        let Some((over, line)) = self.judge(row, ended) else { return self.count(row, Try::Lost) };
        let how = over.as_ref().map_or(Try::GivenBack, verdict::how);
        let now = self.core.options.clock.wall_ms();
        let kind = row.kind.clone();
        let settled: Result<bool, db::Error> = self
            .core
            .db
            .write(move |tx| {
                async move {
                    let is_ours = match over {
                        None => job::give_back(tx, claim).await?,
                        Some(over) => job::finish(tx, claim, over, now).await?,
                    };
                    if is_ours {
                        job::note(tx, claim.0, line, now).await?;
                        job::trim(tx, &kind, KEPT).await?;
                    }
                    Ok(is_ours)
                }
                .boxed()
            })
            .await;
        match settled {
            Ok(is_ours) => self.count(row, if is_ours { how } else { Try::Lost }),
            Err(error) => tracing::warn!(
                error = &error as &dyn std::error::Error,
                job.id = row.id,
                "Could not say how job {} ended; it will be done again",
                row.id
            ),
        }
    }

    /// Counts a try of a kind that is done here.
    fn count(&self, row: &job::Job, how: Try) {
        if let Some(kind) = self.kinds.iter().find(|kind| kind.name == row.kind) {
            self.core.counters.job(kind.name, how);
        }
    }

    async fn try_once(&self, row: &job::Job) -> Ended {
        if row.is_cancelled {
            return Ended::Halted(Halt::Cancelled);
        }
        if row.attempts > row.max_attempts {
            return failed("its worker died too often");
        }
        let Some(kind) = self.kinds.iter().find(|kind| kind.name == row.kind) else {
            return failed("nothing here does this kind of job");
        };
        tracing::debug!(job.id = row.id, job.kind = %row.kind, "Job {} begins", row.id);
        let run = Run::new(Arc::clone(&self.core), row);
        let work = async { (kind.work)(Arc::clone(&self.core), run).await };
        let timeout = Duration::from_secs(row.timeout_secs.unsigned_abs());
        let mut stop = self.stop.clone();
        tokio::select! {
            done = AssertUnwindSafe(work).catch_unwind() => match done {
                Ok(Ok(outcome)) => Ended::Done(outcome),
                Ok(Err(halt)) => Ended::Halted(halt),
                Err(_) => failed("it panicked"),
            },
            () = self.keep((row.id, row.fence)) => Ended::Halted(Halt::Lost),
            () = tokio::time::sleep(timeout) => failed("it took longer than it may"),
            () = stopped(&mut stop) => Ended::Stopped,
        }
    }

    /// Keeps a job; ends when it is lost, or when this worker must believe so.
    async fn keep(&self, claim: (i64, i64)) {
        let mut last = tokio::time::Instant::now();
        loop {
            tokio::time::sleep(self.pace.heartbeat).await;
            let (begun, until) = (tokio::time::Instant::now(), self.lease().until);
            let renewed: Result<bool, db::Error> =
                self.core.db.write(move |tx| job::renew(tx, claim, until).boxed()).await;
            match renewed {
                Ok(true) => last = begun,
                Ok(false) => return,
                Err(error) => {
                    let id = claim.0;
                    tracing::warn!(
                        error = &error as &dyn std::error::Error,
                        job.id = id,
                        "Could not keep job {id}"
                    );
                    if last.elapsed() > self.pace.lease {
                        return;
                    }
                }
            }
        }
    }
}

/// Ends when the worker is told to stop; never when it is dropped.
async fn stopped(stop: &mut watch::Receiver<bool>) {
    if stop.wait_for(|is_stopping| *is_stopping).await.is_err() {
        std::future::pending::<()>().await;
    }
}

fn failed(why: &'static str) -> Ended {
    Ended::Halted(Halt::Failed(Error::internal(why)))
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

/// A worker that was started. Dropped, it breaks off like a crash; stopped, it gives its jobs back first.
pub(crate) struct Working {
    stop: watch::Sender<bool>,
    task: Mutex<Option<JoinHandle<()>>>,
}

impl Working {
    /// Starts a worker for these kinds.
    pub(crate) fn start(core: &Arc<Core>, kinds: Vec<Kind>, pace: Pace) -> Self {
        let (stop, stopped) = watch::channel(false);
        let runner = Runner::new(Arc::clone(core), kinds, pace, stopped);
        #[expect(
            clippy::disallowed_methods,
            reason = "this is the worker; it ends with the services that own it"
        )]
        let task = tokio::spawn(work(runner));
        Self { stop, task: Mutex::new(Some(task)) }
    }

    /// Gives the jobs back that are under way, and ends.
    pub(crate) async fn stop(&self) {
        let _ = self.stop.send(true);
        let task = self.task.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(task) = task {
            let _ = task.await;
        }
    }
}

impl Drop for Working {
    fn drop(&mut self) {
        if let Some(task) = self.task.lock().unwrap_or_else(PoisonError::into_inner).take() {
            task.abort();
        }
    }
}

async fn work(runner: Runner) {
    let mut stop = runner.stop.clone();
    let mut jobs = JoinSet::new();
    while !*stop.borrow() {
        if let Err(error) = runner.start_due().await {
            tracing::warn!(error = &error as &dyn std::error::Error, "Could not look at the schedules");
        }
        while jobs.len() < AT_ONCE {
            match runner.claim().await {
                Ok(Some(row)) => drop(jobs.spawn(runner.clone().run(row))),
                Ok(None) => break,
                Err(error) => {
                    tracing::warn!(error = &error as &dyn std::error::Error, "Could not look for jobs");
                    break;
                }
            }
        }
        tokio::select! {
            () = stopped(&mut stop) => {}
            Some(_) = jobs.join_next() => {}
            () = runner.core.wake.notified() => {}
            () = tokio::time::sleep(runner.pace.poll) => {}
        }
    }
    while jobs.join_next().await.is_some() {}
}
