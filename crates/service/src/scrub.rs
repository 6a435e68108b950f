//! Reads stored bytes again, the longest unread first, so that damage is known before somebody needs them.
//!
//! A run ends when its budget is spent; the next one goes on where it stopped, because what was verified moves to the
//! end of the line. No row says where a run is, so none is lost.

mod job;

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use db::query::blob;
use futures::{FutureExt, StreamExt};
use serde::{Deserialize, Serialize};
use storage::{Hasher, Location};
use tokio::time::Instant;
use types::digest::Digest;

pub use self::job::KIND;
pub(crate) use self::job::{kind, next_at, payload};
use crate::{Error, Services, core::Core};

/// Blobs of a page.
const PAGE: u64 = 64;
/// A run ends when so many blobs could not be read, whether they are damaged or not.
const UNREADABLE: usize = 100;

/// How much a run may read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Budget {
    /// Bytes after which it ends; the blob that is being read is read to its end.
    pub bytes: u64,
    /// Bytes in a second, on average; no limit when absent.
    pub bytes_per_sec: Option<u64>,
}

/// What a run did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scrubbed {
    /// Blobs that are whole.
    pub verified: u64,
    /// Blobs that were found to be damaged.
    pub damaged: u64,
    /// Blobs that could not be read, so that nothing is known about them.
    pub unreadable: u64,
    /// Bytes that were read.
    pub bytes: u64,
}

/// The verification of stored bytes.
#[derive(Clone)]
pub struct Scrub {
    core: Arc<Core>,
}

impl std::fmt::Debug for Scrub {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Scrub")
    }
}

impl Services {
    /// The verification of stored bytes. It asks for no caller: it changes nothing that anybody could choose.
    pub fn scrub(&self) -> Scrub {
        Scrub { core: Arc::clone(&self.core) }
    }
}

/// What a look at a blob showed.
enum Sight {
    Whole,
    Damaged(String),
    Unreadable(storage::Error),
}

impl Scrub {
    /// Verifies blobs that were not verified since `now`, those first that were verified longest ago.
    ///
    /// Errors: those of the database. Damage is noted, logged and counted.
    pub async fn run(&self, now: DateTime<Utc>, budget: Budget) -> Result<Scrubbed, Error> {
        let mut pass = Pass::new(&self.core, now.timestamp_millis(), budget, Scrubbed::default());
        while pass.step().await?.is_some() {}
        Ok(pass.done)
    }

    /// When the blob was verified that was verified longest ago; none when none was, or there is none.
    pub async fn oldest(&self) -> Result<Option<DateTime<Utc>>, Error> {
        let oldest = blob::oldest_verified(&self.core.db).await?;
        Ok(oldest.and_then(DateTime::from_timestamp_millis))
    }
}

/// What a step found that somebody should know.
enum Seen {
    Whole,
    Damaged { digest: String, detail: String },
    Unreadable { digest: String },
}

/// A run under way, blob by blob.
struct Pass<'c> {
    core: &'c Core,
    now: i64,
    budget: Budget,
    started: Instant,
    /// Bytes that were read since `started`.
    read: u64,
    done: Scrubbed,
    page: std::vec::IntoIter<blob::Blob>,
    unreadable: Vec<String>,
}

impl<'c> Pass<'c> {
    /// Goes on where `done` was done of the budget.
    fn new(core: &'c Core, now: i64, budget: Budget, done: Scrubbed) -> Self {
        let (page, unreadable) = (Vec::new().into_iter(), Vec::new());
        Self { core, now, budget, started: Instant::now(), read: 0, done, page, unreadable }
    }

    /// Verifies the next blob; none when there is none or the budget is spent.
    async fn step(&mut self) -> Result<Option<Seen>, Error> {
        if self.done.bytes >= self.budget.bytes || self.unreadable.len() >= UNREADABLE {
            return Ok(None);
        }
        let Some(row) = self.next().await? else { return Ok(None) };
        let before = self.read;
        let sight = self.look(&row).await;
        if !matches!(sight, Sight::Unreadable(_)) {
            self.done.bytes += self.read - before;
            self.core.counters.verified(self.read - before);
        }
        self.settle(row, sight).await.map(Some)
    }

    async fn next(&mut self) -> Result<Option<blob::Blob>, Error> {
        if let Some(row) = self.page.next() {
            return Ok(Some(row));
        }
        let page = blob::least_verified(&self.core.db, self.now, self.unreadable.clone(), PAGE).await?;
        self.page = page.into_iter();
        Ok(self.page.next())
    }

    async fn settle(&mut self, row: blob::Blob, sight: Sight) -> Result<Seen, Error> {
        match sight {
            Sight::Whole => self.done.verified += u64::from(self.note(&row, false).await?),
            Sight::Damaged(detail) => {
                if self.note(&row, true).await? {
                    self.done.damaged += 1;
                    self.core.counters.damaged();
                    tracing::error!(blob.digest = %row.digest, blob.location = %row.location, "Blob {} is damaged: {detail}. Push an image that has it again", row.digest);
                    return Ok(Seen::Damaged { digest: row.digest, detail });
                }
            }
            Sight::Unreadable(error) => {
                self.done.unreadable += 1;
                tracing::error!(error = &error as &dyn std::error::Error, blob.digest = %row.digest, "Could not read blob {}", row.digest);
                self.unreadable.push(row.digest.clone());
                return Ok(Seen::Unreadable { digest: row.digest });
            }
        }
        Ok(Seen::Whole)
    }

    /// Notes what was seen; false when the blob has another copy by now, or is gone.
    async fn note(&self, row: &blob::Blob, is_damaged: bool) -> Result<bool, Error> {
        let (digest, location, now) = (row.digest.clone(), row.location.clone(), self.now);
        let noted: Result<bool, db::Error> = self
            .core
            .db
            .write(move |tx| {
                async move { blob::set_checked(tx, (&digest, &location), is_damaged, now).await }.boxed()
            })
            .await;
        Ok(noted?)
    }

    async fn look(&mut self, row: &blob::Blob) -> Sight {
        let (Ok(location), Ok(digest)) = (row.location.parse::<Location>(), row.digest.parse::<Digest>())
        else {
            return Sight::Damaged("its row names no place in the store".to_owned());
        };
        let mut reader = match self.core.store.read(&location, None).await {
            Ok(reader) => reader,
            Err(storage::Error::NotFound) => return Sight::Damaged("its bytes are missing".to_owned()),
            Err(error) => return Sight::Unreadable(error),
        };
        let mut hasher = Hasher::new(digest.algorithm());
        while let Some(chunk) = reader.stream.next().await {
            let chunk = match chunk {
                Ok(chunk) => chunk,
                Err(error) => return Sight::Unreadable(error.into()),
            };
            hasher.update(&chunk);
            self.read += chunk.len() as u64;
            pace(self.started, self.budget.bytes_per_sec, self.read).await;
        }
        let actual = hasher.finalize();
        if actual == digest {
            Sight::Whole
        } else {
            Sight::Damaged(format!("its bytes have the digest {actual}"))
        }
    }
}

/// Waits until so many bytes are due.
async fn pace(started: Instant, rate: Option<u64>, bytes: u64) {
    let Some(rate) = rate.filter(|rate| *rate > 0) else { return };
    let due = Duration::from_millis(bytes.saturating_mul(1000) / rate);
    if let Some(early) = due.checked_sub(started.elapsed()) {
        tokio::time::sleep(early).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn bytes_wait_until_they_are_due() {
        let started = Instant::now();
        pace(started, Some(10), 100).await;
        assert_eq!(started.elapsed(), Duration::from_secs(10));
        pace(started, Some(10), 50).await;
        pace(started, None, u64::MAX).await;
        pace(started, Some(0), 1).await;
        assert_eq!(started.elapsed(), Duration::from_secs(10));
    }
}
