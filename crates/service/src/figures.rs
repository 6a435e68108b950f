//! What this process did since it started, in numbers, for whoever watches it. Nothing here says who did it.

use std::{
    collections::BTreeMap,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use chrono::{DateTime, Utc};
use db::query::{job, removal};

use crate::{Error, Services, collection, core::Core, job::kinds};

/// How a sign-in went.
#[derive(Clone, Copy, Debug)]
pub(crate) enum SignIn {
    /// Name and password were right.
    Succeeded,
    /// One of them was wrong.
    Refused,
    /// It came too soon after wrong ones.
    Limited,
    /// It could not be decided.
    Failed,
}

/// The words for [`SignIn`], in its order.
const SIGN_INS: [&str; 4] = ["succeeded", "refused", "limited", "failed"];

/// How the try of a job ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Try {
    /// It did what it should.
    Succeeded,
    /// It failed for the last time.
    Failed,
    /// It failed and is tried again.
    Retried,
    /// Somebody cancelled it.
    Cancelled,
    /// The worker stopped; another one goes on.
    GivenBack,
    /// Another worker took it meanwhile.
    Lost,
}

/// Every end of a try, with its word.
const TRIES: [(Try, &str); 6] = [
    (Try::Succeeded, "succeeded"),
    (Try::Failed, "failed"),
    (Try::Retried, "retried"),
    (Try::Cancelled, "cancelled"),
    (Try::GivenBack, "given_back"),
    (Try::Lost, "lost"),
];

/// The counters themselves.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    sign_ins: [AtomicU64; SIGN_INS.len()],
    tries: Mutex<BTreeMap<(&'static str, Try), u64>>,
    removed_blobs: AtomicU64,
    removed_bytes: AtomicU64,
    removal_failures: AtomicU64,
    verified_bytes: AtomicU64,
    damaged_blobs: AtomicU64,
}

impl Counters {
    pub(crate) fn sign_in(&self, how: SignIn) {
        add(&self.sign_ins[how as usize], 1);
    }

    /// Counts a try; `kind` is a kind of the program, never text from a table.
    pub(crate) fn job(&self, kind: &'static str, how: Try) {
        *self.tries.lock().unwrap_or_else(PoisonError::into_inner).entry((kind, how)).or_default() += 1;
    }

    pub(crate) fn removed_blobs(&self, count: u64) {
        add(&self.removed_blobs, count);
    }

    pub(crate) fn removed_copy(&self, bytes: i64) {
        add(&self.removed_bytes, u64::try_from(bytes).unwrap_or_default());
    }

    pub(crate) fn removal_failed(&self) {
        add(&self.removal_failures, 1);
    }

    pub(crate) fn verified(&self, bytes: u64) {
        add(&self.verified_bytes, bytes);
    }

    pub(crate) fn damaged(&self) {
        add(&self.damaged_blobs, 1);
    }

    /// Every kind with every end, those that never happened too.
    fn jobs(&self) -> Vec<JobTries> {
        let counted = self.tries.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let row = |kind, how, outcome| {
            let count = counted.get(&(kind, how)).copied().unwrap_or_default();
            JobTries { kind, outcome, count }
        };
        let kinds = kinds();
        let rows = kinds.iter().flat_map(|kind| TRIES.map(|(how, outcome)| row(kind.name, how, outcome)));
        rows.collect()
    }
}

fn add(counter: &AtomicU64, count: u64) {
    counter.fetch_add(count, Ordering::Relaxed);
}

fn of(counter: &AtomicU64) -> u64 {
    counter.load(Ordering::Relaxed)
}

/// The tries of a kind of jobs that ended alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JobTries {
    /// The kind of the jobs.
    pub kind: &'static str,
    /// How they ended: `succeeded`, `failed`, `retried`, `cancelled`, `given_back`, `lost`.
    pub outcome: &'static str,
    /// How many.
    pub count: u64,
}

/// What the database knows of collections, whichever process made them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CollectionState {
    /// Copies whose row is gone and whose bytes are not.
    pub pending_removals: u64,
    /// When the last collection ended, however it did; none when none did.
    pub last_end: Option<DateTime<Utc>>,
}

/// All figures at one moment. Counters begin at zero with the process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figures {
    /// Sign-ins by how they went: `succeeded`, `refused`, `limited`, `failed`.
    pub sign_ins: [(&'static str, u64); SIGN_INS.len()],
    /// Tries of jobs.
    pub jobs: Vec<JobTries>,
    /// Blobs that collections removed.
    pub removed_blobs: u64,
    /// Bytes that collections removed from the blob store.
    pub removed_bytes: u64,
    /// Copies that collections could not remove from the blob store.
    pub removal_failures: u64,
    /// Absent when the database does not answer.
    pub collection: Option<CollectionState>,
    /// Bytes of blobs that were read again and are whole.
    pub verified_bytes: u64,
    /// Blobs that were found to be damaged.
    pub damaged_blobs: u64,
    /// Transactions that the writer committed.
    pub commits: u64,
    /// Writes in those transactions.
    pub committed_jobs: u64,
    /// Time that those transactions took together.
    pub committing: Duration,
}

impl Services {
    /// What this process did, for whoever runs it. It asks for no caller and tells of nobody.
    pub async fn figures(&self) -> Figures {
        let (counters, writes) = (&self.core.counters, self.core.db.writes());
        let sign_ins = std::array::from_fn(|how| (SIGN_INS[how], of(&counters.sign_ins[how])));
        Figures {
            sign_ins,
            jobs: counters.jobs(),
            removed_blobs: of(&counters.removed_blobs),
            removed_bytes: of(&counters.removed_bytes),
            removal_failures: of(&counters.removal_failures),
            collection: self.collection_state().await,
            verified_bytes: of(&counters.verified_bytes),
            damaged_blobs: of(&counters.damaged_blobs),
            commits: writes.commits,
            committed_jobs: writes.jobs,
            committing: writes.taken,
        }
    }

    async fn collection_state(&self) -> Option<CollectionState> {
        match collection_state(&self.core).await {
            Ok(state) => Some(state),
            Err(error) => {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "Could not ask the database how the collection is"
                );
                None
            }
        }
    }
}

async fn collection_state(core: &Core) -> Result<CollectionState, Error> {
    let last_end = job::last_end(&core.db, collection::KIND).await?;
    Ok(CollectionState {
        pending_removals: removal::count(&core.db).await?,
        last_end: last_end.and_then(DateTime::from_timestamp_millis),
    })
}
