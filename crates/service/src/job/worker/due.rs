//! What starts by itself: schedules, and the collection and the scrub in their intervals.

use std::time::Duration;

use db::query::{job, schedule};
use futures::FutureExt;
use serde_json::Value;

use super::{Runner, millis};
use crate::{
    Error, collection,
    job::{Kind, cron, start},
    scrub,
};

/// Who asks for a job that a schedule starts.
const ACTOR: &str = "schedule";

impl Runner {
    /// Starts what is due. Times that passed meanwhile count once.
    pub(super) async fn start_due(&self) -> Result<(), Error> {
        let now = self.core.options.clock.wall_ms();
        for due in schedule::due(&self.core.db, now).await? {
            let Some(kind) = self.kinds.iter().find(|kind| kind.name == due.kind) else { continue };
            self.start_scheduled(kind, due, now).await?;
        }
        self.start_collection(now).await?;
        self.start_scrub(now).await
    }

    async fn start_scheduled(&self, kind: &Kind, due: schedule::Schedule, now: i64) -> Result<(), Error> {
        let next_at = cron::next_after(&cron::parse(&due.cron)?, now);
        let payload: Value = serde_json::from_str(&due.payload).map_err(Error::internal)?;
        let new = kind.job(&payload, ACTOR, now);
        self.core
            .db
            .write(move |tx| {
                async move {
                    if schedule::advance(tx, &due.kind, due.next_at, next_at).await? {
                        start(tx, new).await?;
                    }
                    Ok(())
                }
                .boxed()
            })
            .await
    }

    /// A schedule of its own takes the place of the interval.
    async fn start_collection(&self, now: i64) -> Result<(), Error> {
        let options = &self.core.options.collection;
        if schedule::find(&self.core.db, collection::KIND).await?.is_some() {
            return Ok(());
        }
        self.start_every(options.interval, collection::KIND, now, || collection::payload(options)).await
    }

    async fn start_scrub(&self, now: i64) -> Result<(), Error> {
        let options = &self.core.options.scrub;
        self.start_every(options.every(), scrub::KIND, now, || scrub::payload(options, now)).await
    }

    /// Starts a job of a kind when the newest began an interval ago; never in an interval of no time.
    async fn start_every(
        &self,
        interval: Duration,
        name: &str,
        now: i64,
        payload: impl FnOnce() -> Result<Value, Error>,
    ) -> Result<(), Error> {
        let interval = millis(interval);
        let Some(kind) = self.kinds.iter().find(|kind| kind.name == name) else { return Ok(()) };
        if interval == 0 {
            return Ok(());
        }
        let newest = job::newest(&self.core.db, name).await?;
        // One that begins in the future was begun while the clock was wrong.
        let is_fresh = newest.is_some_and(|job| (0..interval).contains(&(now - job.created_at)));
        if !is_fresh {
            self.core.start_job(kind, &payload()?, ACTOR).await?;
        }
        Ok(())
    }
}
