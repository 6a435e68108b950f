//! Compares rows with bytes and rows with each other, while everything runs.
//!
//! ```text
//!  database file ─▶ links and tags ─▶ manifests ─▶ blobs: row → bytes ─▶ store: bytes → row
//! ```
//! Nothing is locked and nothing is held in memory but one page. What looks wrong is looked at once more in an order in
//! which it can't have become right and wrong again meanwhile, so that work under way is no finding. Bytes without a row
//! count when they are older than an hour. A check changes nothing; a repair makes each change against the state of
//! that moment, removes no manifest and no bytes that a row knows.

mod blobs;
mod manifests;
mod problem;
mod repair;
mod rows;
mod stored;

use std::{collections::BTreeMap, sync::Arc, time::Instant};

use chrono::{DateTime, Utc};
use db::{Access, Db};
use serde::Serialize;
use storage::BlobStore;

use self::problem::Finding;
pub use self::problem::{Problem, ProblemKind};
use crate::{Error, Options, Services, attach};

/// Rows of a page.
const PAGE: u64 = 500;

/// How to check.
#[derive(Clone, Copy, Debug)]
pub struct How {
    /// Whether to leave the bytes of blobs unread; sizes are compared all the same.
    pub is_quick: bool,
    /// Whether to repair what can be repaired.
    pub is_repair: bool,
    /// When the check begins.
    pub now: DateTime<Utc>,
}

/// A part of the check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// The database file.
    Database,
    /// Links and tags.
    Rows,
    /// Manifests and what they need.
    Manifests,
    /// Blobs and their bytes.
    Blobs,
    /// What is in the store.
    Store,
}

/// What happens during a check.
#[derive(Clone, Copy, Debug)]
pub enum Event<'a> {
    /// A part goes on: so many of so many things are done; the whole number is not always known.
    Progress(Stage, u64, Option<u64>),
    /// Something was found, and repaired where that was asked for and is possible.
    Found(&'a Problem),
}

/// How much was looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Checked {
    /// Rows of blobs.
    pub blobs: u64,
    /// Bytes that were read and hashed.
    pub hashed_bytes: u64,
    /// Files or objects in the store.
    pub stored: u64,
    /// Open uploads.
    pub uploads: u64,
    /// Manifests.
    pub manifests: u64,
    /// Links of blobs to repositories.
    pub links: u64,
    /// Tags.
    pub tags: u64,
}

/// The result of a check.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    /// How much was looked at.
    pub checked: Checked,
    /// How often each kind of damage was found.
    pub found: BTreeMap<ProblemKind, u64>,
    /// How many problems were repaired.
    pub repaired: u64,
    /// How long each part took, in milliseconds.
    pub durations_ms: BTreeMap<Stage, u64>,
}

impl Report {
    /// How many problems were found.
    pub fn problems(&self) -> u64 {
        self.found.values().sum()
    }
}

/// Hears what happens during a check.
pub type Listener<'a> = &'a mut (dyn FnMut(Event<'_>) + Send);

/// The check of a data folder. It asks for no caller: whoever may read the folder may check it.
#[derive(Clone)]
pub struct Fsck {
    db: Db,
    store: Arc<dyn BlobStore>,
    is_sparse: bool,
}

impl std::fmt::Debug for Fsck {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Fsck").field("is_sparse", &self.is_sparse).finish_non_exhaustive()
    }
}

impl Services {
    /// The check of what these services hold.
    pub fn fsck(&self) -> Fsck {
        Fsck {
            db: self.core.db.clone(),
            store: Arc::clone(&self.core.store),
            is_sparse: self.core.options.sparse_manifests,
        }
    }
}

/// A check under way.
struct Run<'a> {
    db: Db,
    store: Arc<dyn BlobStore>,
    is_sparse: bool,
    how: How,
    report: Report,
    listener: Listener<'a>,
}

impl Fsck {
    /// Opens what is there: no schema step is applied, nothing is made. Without `is_repair` the database is opened for
    /// reading alone.
    ///
    /// Errors: `Internal` and `Unavailable` with the cause in `source()`.
    pub async fn open(options: &Options, is_repair: bool) -> Result<Self, Error> {
        let access = if is_repair { Access::Write } else { Access::Read };
        let (db, store) = (attach::database(options, access).await?, attach::store(options)?);
        Ok(Self { db, store, is_sparse: options.sparse_manifests })
    }

    /// Checks everything. Errors: what kept it from looking; what it found is no error.
    pub async fn run(&self, how: How, listener: Listener<'_>) -> Result<Report, Error> {
        let (db, store) = (self.db.clone(), Arc::clone(&self.store));
        let mut run = Run { db, store, is_sparse: self.is_sparse, how, report: Report::default(), listener };
        run.all().await?;
        Ok(run.report)
    }

    /// Closes the database.
    pub async fn close(self) -> Result<(), Error> {
        Ok(self.db.close().await?)
    }
}

impl Run<'_> {
    async fn all(&mut self) -> Result<(), Error> {
        let started = Instant::now();
        self.database().await?;
        let started = self.ended(Stage::Database, started);
        self.rows().await?;
        let started = self.ended(Stage::Rows, started);
        self.manifests().await?;
        let started = self.ended(Stage::Manifests, started);
        self.blobs().await?;
        let started = self.ended(Stage::Blobs, started);
        self.stored().await?;
        self.ended(Stage::Store, started);
        Ok(())
    }

    fn ended(&mut self, stage: Stage, started: Instant) -> Instant {
        let took = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.report.durations_ms.insert(stage, took);
        Instant::now()
    }

    fn progress(&mut self, stage: Stage, done: u64, of: Option<u64>) {
        (self.listener)(Event::Progress(stage, done, of));
    }

    /// Counts and tells what was found, after its repair where that is asked for.
    async fn found(&mut self, finding: Finding) -> Result<(), Error> {
        let Finding { mut problem, fix } = finding;
        if self.how.is_repair && problem.is_repairable {
            problem.is_repaired = self.repair(fix).await?;
            self.report.repaired += u64::from(problem.is_repaired);
        }
        *self.report.found.entry(problem.kind).or_default() += 1;
        (self.listener)(Event::Found(&problem));
        Ok(())
    }
}
