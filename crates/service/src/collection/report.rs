//! What a collection is told, and what it tells.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::options::CollectionOptions;

/// What a collection is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parameters {
    /// How long something stays after the last thing that needed it is gone, in milliseconds.
    pub grace_ms: u64,
    /// How long an upload stays that nobody writes to, in milliseconds.
    pub upload_ttl_ms: u64,
    /// Whether manifests go that have no tag.
    pub delete_untagged: bool,
    /// How long it rests between two steps, in milliseconds.
    pub pause_ms: u64,
    /// Whether it only says what it would remove.
    #[serde(default)]
    pub dry_run: bool,
}

impl From<&CollectionOptions> for Parameters {
    fn from(options: &CollectionOptions) -> Self {
        let millis = |time: std::time::Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        Self {
            grace_ms: millis(options.grace),
            upload_ttl_ms: millis(options.upload_ttl),
            delete_untagged: options.delete_untagged,
            pause_ms: millis(options.pause),
            dry_run: false,
        }
    }
}

impl Parameters {
    /// The times before which something must be a candidate, and an upload idle, when it is `now`.
    pub(super) fn cutoffs(&self, now: i64) -> (i64, i64) {
        let before = |ms: u64| now.saturating_sub(i64::try_from(ms).unwrap_or(i64::MAX));
        (before(self.grace_ms), before(self.upload_ttl_ms))
    }
}

/// How much of one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// How many.
    pub count: u64,
    /// Their bytes.
    pub bytes: u64,
}

impl Tally {
    pub(super) fn add(&mut self, count: u64, bytes: i64) {
        self.count = self.count.saturating_add(count);
        self.bytes = self.bytes.saturating_add(u64::try_from(bytes).unwrap_or_default());
    }
}

/// Candidates whose grace is not over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// Blobs that no repository shows.
    pub blobs: u64,
    /// Links that no manifest is known to refer to.
    pub links: u64,
    /// Manifests without a tag.
    pub manifests: u64,
}

/// What a collection did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Report {
    /// What became a candidate before this time could go.
    pub cutoff: DateTime<Utc>,
    /// Whether manifests without a tag could go.
    pub delete_untagged: bool,
    /// Uploads that nobody wrote to any more.
    pub uploads: Tally,
    /// Manifests that nothing needed.
    pub manifests: Tally,
    /// Blobs that a repository does not show any more.
    pub links: Tally,
    /// Blobs that no repository showed.
    pub blobs: Tally,
    /// Copies of blobs whose bytes were removed.
    pub removals: Tally,
    /// Candidates that are needed after all.
    pub needed: u64,
    /// Candidates that stay for now.
    pub kept: Kept,
    /// Bytes that could not be removed; the next collection tries again.
    pub failures: u64,
    /// How long it took.
    pub duration_ms: u64,
}
