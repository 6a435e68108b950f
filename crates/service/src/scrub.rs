//! Reads stored bytes again, the longest unread first, so that damage is known before somebody needs them.
//!
//! A run ends when its budget is spent; the next one goes on where it stopped, because what was verified moves to the
//! end of the line. No row says where a run is, so none is lost.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use db::query::blob;
use futures::{FutureExt, StreamExt};
use storage::{Hasher, Location};
use tokio::time::Instant;
use types::digest::Digest;

use crate::{Error, Services, core::Core};

/// Blobs of a page.
const PAGE: u64 = 64;
/// A run ends when so many blobs could not be read, whether they are damaged or not.
const UNREADABLE: usize = 100;

/// How much a run may read.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    /// Bytes after which it ends; the blob that is being read is read to its end.
    pub bytes: u64,
    /// Bytes in a second, on average; no limit when absent.
    pub bytes_per_sec: Option<u64>,
}

/// What a run did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
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

/// The verification of stored bytes, for a job.
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
        let now = now.timestamp_millis();
        let (started, mut done, mut unreadable) = (Instant::now(), Scrubbed::default(), Vec::new());
        loop {
            let page = blob::least_verified(&self.core.db, now, unreadable.clone(), PAGE).await?;
            if page.is_empty() {
                return Ok(done);
            }
            for row in page {
                if done.bytes >= budget.bytes || unreadable.len() >= UNREADABLE {
                    return Ok(done);
                }
                let before = done.bytes;
                match self.look(&row, started, budget.bytes_per_sec, &mut done.bytes).await {
                    Sight::Whole => {
                        done.verified += u64::from(self.note(&row, false, now).await?);
                        self.core.counters.verified(done.bytes - before);
                    }
                    Sight::Damaged(detail) => {
                        if self.note(&row, true, now).await? {
                            done.damaged += 1;
                            self.core.counters.damaged();
                            tracing::error!(blob.digest = %row.digest, blob.location = %row.location, "Blob {} is damaged: {detail}. Push an image that has it again", row.digest);
                        }
                    }
                    Sight::Unreadable(error) => {
                        done.bytes = before;
                        done.unreadable += 1;
                        tracing::error!(error = &error as &dyn std::error::Error, blob.digest = %row.digest, "Could not read blob {}", row.digest);
                        unreadable.push(row.digest);
                    }
                }
            }
        }
    }

    /// When the blob was verified that was verified longest ago; none when none was, or there is none.
    pub async fn oldest(&self) -> Result<Option<DateTime<Utc>>, Error> {
        let oldest = blob::oldest_verified(&self.core.db).await?;
        Ok(oldest.and_then(DateTime::from_timestamp_millis))
    }

    /// Notes what was seen; false when the blob has another copy by now, or is gone.
    async fn note(&self, row: &blob::Blob, is_damaged: bool, now: i64) -> Result<bool, Error> {
        let (digest, location) = (row.digest.clone(), row.location.clone());
        let noted: Result<bool, db::Error> = self
            .core
            .db
            .write(move |tx| {
                async move { blob::set_checked(tx, (&digest, &location), is_damaged, now).await }.boxed()
            })
            .await;
        Ok(noted?)
    }

    async fn look(&self, row: &blob::Blob, started: Instant, rate: Option<u64>, bytes: &mut u64) -> Sight {
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
            *bytes += chunk.len() as u64;
            pace(started, rate, *bytes).await;
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
