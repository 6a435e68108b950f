//! The run as a job that begins by itself in its interval.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use db::query::job;
use futures::FutureExt;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Budget, PAGE, Pass, Scrubbed, Seen};
use crate::{
    Error,
    artifact::time,
    core::Core,
    job::{Halt, Kind, Run},
    options::ScrubOptions,
};

/// The name of the kind of jobs.
pub const KIND: &str = "scrub";
/// Bytes after which a job says how far it is.
const TELL_BYTES: u64 = 256 * 1024 * 1024;

/// What a job is told.
#[derive(Serialize, Deserialize)]
struct Parameters {
    /// What was verified since then is not verified again, in milliseconds since the epoch.
    since: i64,
    #[serde(flatten)]
    budget: Budget,
}

/// The kind of jobs. A try may take a day: what is left is done by the next one.
pub(crate) fn kind() -> Kind {
    Kind {
        name: KIND,
        is_single: true,
        max_attempts: 5,
        timeout_secs: 24 * 60 * 60,
        work: Arc::new(|core, run| scrub(core, run).boxed()),
    }
}

/// What a job that begins at `now` is told by the options.
pub(crate) fn payload(options: &ScrubOptions, now: i64) -> Result<Value, Error> {
    serde_json::to_value(Parameters { since: now, budget: options.budget }).map_err(Error::internal)
}

/// When the next job begins by itself, at the earliest `now`; none where none does.
pub(crate) async fn next_at(core: &Core, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, Error> {
    let interval = core.options.scrub.every();
    if interval.is_zero() {
        return Ok(None);
    }
    let newest = job::newest(&core.db, KIND).await?;
    Ok(Some(newest.map_or(now, |newest| (time(newest.created_at) + interval).max(now))))
}

/// Verifies: what a job does. One that goes on where another was broken off counts on.
async fn scrub(core: Arc<Core>, run: Run) -> Result<Value, Halt> {
    let Parameters { since, budget } = run.payload()?;
    let mut told: Scrubbed = run.before()?.unwrap_or_default();
    let mut pass = Pass::new(&core, since, budget, told);
    loop {
        run.check().await?;
        let Some(seen) = pass.step().await? else { break };
        let is_news = match seen {
            Seen::Whole => is_far(&told, &pass.done),
            Seen::Damaged { digest, detail } => {
                run.say(format!("Blob {digest} is damaged: {detail}")).await?;
                true
            }
            Seen::Unreadable { digest } => {
                run.say(format!("Could not read blob {digest}; the log of the server has the cause")).await?;
                true
            }
        };
        if is_news {
            told = pass.done;
            run.progress(&value(told)?).await?;
        }
    }
    let Scrubbed { verified, damaged, unreadable, bytes } = pass.done;
    run.say(format!("Verified {verified} blobs, {bytes} bytes; {damaged} damaged, {unreadable} unreadable"))
        .await?;
    value(pass.done)
}

/// Whether so much was done since it was told that it is told again.
fn is_far(told: &Scrubbed, done: &Scrubbed) -> bool {
    done.bytes - told.bytes >= TELL_BYTES || done.verified - told.verified >= PAGE
}

fn value(done: Scrubbed) -> Result<Value, Halt> {
    serde_json::to_value(done).map_err(|error| Error::internal(error).into())
}
