//! The one writer, and its group commit.
//!
//! ```text
//!  write ─┐                 ┌ savepoint · job 1 · release ┐
//!  write ─┼─▶ queue ─▶ BEGIN ┼ savepoint · job 2 · rollback ┼ COMMIT (one fsync) ─▶ answers
//!  write ─┘                 └ savepoint · job 3 · release ┘
//! ```
//! A job sees the writes of the jobs before it in its batch; a job that fails undoes only itself. Nobody is answered
//! before the batch is committed, so an answer means durable; hooks ([`Tx::after_commit`]) run in between. A job must do
//! nothing but queries: no storage, no network.

use std::{
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use futures::{FutureExt, future::BoxFuture};
use sea_orm::{
    DatabaseConnection, DatabaseTransaction, SqliteTransactionMode, TransactionOptions, TransactionTrait,
};
use tokio::sync::{mpsc, oneshot};

use crate::{
    Db, Error, Source,
    connect::{Access, connect},
};

/// The running write transaction, handed to a job.
pub struct Tx {
    transaction: DatabaseTransaction,
    hooks: Mutex<Vec<Hook>>,
}

type Hook = Box<dyn FnOnce() + Send>;

impl fmt::Debug for Tx {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Tx").field(&self.transaction).finish()
    }
}

impl Source for Tx {
    type Conn = DatabaseTransaction;
    fn conn(&self) -> &DatabaseTransaction {
        &self.transaction
    }
}

impl Tx {
    fn new(transaction: DatabaseTransaction) -> Self {
        Self { transaction, hooks: Mutex::new(Vec::new()) }
    }

    /// Runs `hook` once what this job writes is committed and before its caller is answered; never when it is undone.
    /// Every write waits for it, so it must be short and not wait itself.
    pub fn after_commit(&self, hook: impl FnOnce() + Send + 'static) {
        self.hooks.lock().unwrap_or_else(PoisonError::into_inner).push(Box::new(hook));
    }

    fn take_hooks(&self) -> Vec<Hook> {
        std::mem::take(&mut self.hooks.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Jobs that one commit may carry.
const BATCH: usize = 128;

type Job = Box<dyn for<'t> FnOnce(Result<&'t Tx, Error>) -> BoxFuture<'t, Done> + Send>;
type Settle = Box<dyn FnOnce(Result<(), Error>) + Send>;

/// A job that ran: whether its writes stay, and how to tell its caller once the batch is committed.
struct Done {
    is_kept: bool,
    settle: Settle,
}

/// What is left to do for a job when its batch is committed.
struct Outcome {
    hooks: Vec<Hook>,
    settle: Settle,
}

impl Outcome {
    fn committed(self) {
        for hook in self.hooks {
            if catch_unwind(AssertUnwindSafe(hook)).is_err() {
                tracing::error!("A hook after a commit panicked; the write itself is done");
            }
        }
        (self.settle)(Ok(()));
    }
}

#[derive(Clone)]
pub(crate) struct Writer {
    queue: mpsc::Sender<Message>,
    state: Arc<State>,
}

/// What others may ask about the writes so far.
#[derive(Default)]
struct State {
    /// The last batch could not be committed.
    is_failing: AtomicBool,
    /// Batches that ended, committed or in doubt.
    ended: AtomicU64,
    /// Batches that were committed, the jobs in them, and the nanoseconds they took.
    committed: [AtomicU64; 3],
}

impl State {
    fn add_committed(&self, jobs: usize, started: Instant) {
        let taken = u64::try_from(started.elapsed().as_nanos()).unwrap_or(u64::MAX);
        let jobs = u64::try_from(jobs).unwrap_or(u64::MAX);
        for (counter, by) in self.committed.iter().zip([1, jobs, taken]) {
            counter.fetch_add(by, Ordering::Relaxed);
        }
    }
}

/// What the writer did since the database was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Writes {
    /// Transactions that were committed.
    pub commits: u64,
    /// Jobs in them, those that were undone too.
    pub jobs: u64,
    /// Time they took together, from the beginning of each to the end of its commit.
    pub taken: Duration,
}

enum Message {
    Job(Job),
    Stop(oneshot::Sender<()>),
}

impl fmt::Debug for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Writer")
    }
}

impl Writer {
    /// Writes through `connection`; opens another one to `place` when that is in doubt.
    pub(crate) fn start(place: (String, Access), connection: DatabaseConnection) -> Self {
        let (queue, jobs) = mpsc::channel(1024);
        let state = Arc::<State>::default();
        #[expect(
            clippy::disallowed_methods,
            reason = "the writer lives as long as the database, not as a job does"
        )]
        tokio::spawn(run(Line { place, connection: Some(connection), state: Arc::clone(&state) }, jobs));
        Self { queue, state }
    }

    pub(crate) fn is_failing(&self) -> bool {
        self.state.is_failing.load(Ordering::Relaxed)
    }

    pub(crate) async fn stop(&self) {
        let (done, stopped) = oneshot::channel();
        if self.queue.send(Message::Stop(done)).await.is_ok() {
            let _ = stopped.await;
        }
    }
}

impl Db {
    /// Counts the commits of this process. It grows after what was written can be read and before anyone is told, so
    /// what was read after asking for it is the latest for as long as it stays the same, but for other processes.
    pub fn commits(&self) -> u64 {
        self.writer.state.ended.load(Ordering::SeqCst)
    }

    /// What the writer did.
    pub fn writes(&self) -> Writes {
        let [commits, jobs, nanos] =
            self.writer.state.committed.each_ref().map(|counter| counter.load(Ordering::Relaxed));
        Writes { commits, jobs, taken: Duration::from_nanos(nanos) }
    }

    /// Runs `job` in a write transaction and answers once it is durable.
    ///
    /// `job` gets the transaction and must do nothing but queries on it; when it fails, what it wrote is undone. It
    /// runs to its end even when the caller goes away. Errors: the job's own, or the database's when the commit fails.
    pub async fn write<T, E, F>(&self, job: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: for<'t> FnOnce(&'t Tx) -> BoxFuture<'t, Result<T, E>> + Send + 'static,
    {
        let (answer, result) = oneshot::channel::<Result<T, E>>();
        let job: Job = Box::new(move |tx| {
            async move {
                let outcome = match tx {
                    Ok(tx) => job(tx).await,
                    Err(error) => Err(E::from(error)),
                };
                Done {
                    is_kept: outcome.is_ok(),
                    settle: Box::new(move |committed| {
                        let outcome = match (outcome, committed) {
                            (Ok(_), Err(error)) => Err(E::from(error)),
                            (outcome, _) => outcome,
                        };
                        let _ = answer.send(outcome);
                    }),
                }
            }
            .boxed()
        });
        self.writer.queue.send(Message::Job(job)).await.map_err(|_| Error::Lost)?;
        result.await.map_err(|_| Error::Lost)?
    }
}

/// The writer's connection.
///
/// After a failed commit it is closed and another one is opened: SQLite may have ended the transaction by itself or left
/// it open, and the layers between count on one of the two. What is written into a transaction that nobody knows of is
/// never committed, whatever the next commit says.
struct Line {
    place: (String, Access),
    connection: Option<DatabaseConnection>,
    state: Arc<State>,
}

impl Line {
    async fn connection(&mut self) -> Result<&DatabaseConnection, Error> {
        let connection = match self.connection.take() {
            Some(connection) => connection,
            None => connect(&self.place.0, 1, self.place.1).await?,
        };
        Ok(self.connection.insert(connection))
    }

    async fn close(&mut self) {
        if let Some(connection) = self.connection.take()
            && let Err(error) = connection.close().await
        {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "Could not close the writing connection"
            );
        }
    }

    /// Runs jobs in one transaction.
    async fn write(&mut self, jobs: Vec<Job>) {
        let state = Arc::clone(&self.state);
        let is_committed = match self.connection().await {
            Ok(connection) => commit_together(connection, jobs, &state).await,
            Err(error) => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "Could not open the database to write"
                );
                refuse(jobs, &error.to_string()).await;
                false
            }
        };
        if !is_committed {
            self.close().await;
        }
        state.is_failing.store(!is_committed, Ordering::Relaxed);
    }
}

async fn run(mut line: Line, mut queue: mpsc::Receiver<Message>) {
    let mut batch = Vec::with_capacity(BATCH);
    while queue.recv_many(&mut batch, BATCH).await > 0 {
        let mut jobs = Vec::with_capacity(batch.len());
        let mut stops = Vec::new();
        for message in batch.drain(..) {
            match message {
                Message::Job(job) => jobs.push(job),
                Message::Stop(done) => stops.push(done),
            }
        }
        if !jobs.is_empty() {
            line.write(jobs).await;
        }
        if !stops.is_empty() {
            line.close().await;
            for done in stops {
                let _ = done.send(());
            }
            return;
        }
    }
}

/// Says whether the database took them.
async fn commit_together(connection: &DatabaseConnection, jobs: Vec<Job>, state: &State) -> bool {
    let (started, count) = (Instant::now(), jobs.len());
    let mut settles = Vec::with_capacity(jobs.len());
    let committed = match begin(connection).await {
        Ok(transaction) => run_jobs(transaction, jobs, &mut settles).await,
        Err(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, "Could not begin a write transaction");
            refuse(jobs, &error.to_string()).await;
            return false;
        }
    };
    state.ended.fetch_add(1, Ordering::SeqCst);
    match committed {
        Ok(()) => {
            state.add_committed(count, started);
            settles.into_iter().for_each(Outcome::committed);
            true
        }
        Err(error) => {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "Could not commit {} writes",
                settles.len()
            );
            for outcome in settles {
                (outcome.settle)(Err(unavailable(&error.to_string())));
            }
            false
        }
    }
}

/// Tells the callers of jobs that can't run.
async fn refuse(jobs: Vec<Job>, error: &str) {
    for job in jobs {
        let done = job(Err(unavailable(error))).await;
        (done.settle)(Ok(()));
    }
}

/// The failure of a whole batch, for one of its callers.
fn unavailable(error: &str) -> Error {
    Error::Unavailable(sea_orm::DbErr::Custom(error.to_owned()))
}

async fn begin(connection: &DatabaseConnection) -> Result<DatabaseTransaction, sea_orm::DbErr> {
    connection
        .begin_with_options(TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..Default::default()
        })
        .await
}

/// Runs each job under its own savepoint (a lone job needs none), then commits.
async fn run_jobs(
    transaction: DatabaseTransaction,
    jobs: Vec<Job>,
    settles: &mut Vec<Outcome>,
) -> Result<(), sea_orm::DbErr> {
    if jobs.len() == 1 {
        let tx = Tx::new(transaction);
        let mut is_kept = false;
        for job in jobs {
            is_kept = run_job(job, &tx, settles).await;
        }
        return if is_kept { tx.transaction.commit().await } else { tx.transaction.rollback().await };
    }
    for job in jobs {
        let savepoint = Tx::new(transaction.begin().await?);
        if run_job(job, &savepoint, settles).await {
            savepoint.transaction.commit().await?;
        } else {
            savepoint.transaction.rollback().await?;
        }
    }
    transaction.commit().await
}

/// Runs one job; a panic in it counts as a failure and its caller reads `Lost`.
async fn run_job(job: Job, tx: &Tx, settles: &mut Vec<Outcome>) -> bool {
    let Ok(done) = AssertUnwindSafe(async { job(Ok(tx)).await }).catch_unwind().await else {
        tracing::error!("A write job panicked; its writes were undone");
        return false;
    };
    let hooks = if done.is_kept { tx.take_hooks() } else { Vec::new() };
    settles.push(Outcome { hooks, settle: done.settle });
    done.is_kept
}
