//! When machines were last seen, kept in memory and written in batches, so that a request writes nothing for it.
//! A crash loses the last seconds, no more.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use db::query::{access_token, robot};
use futures::FutureExt;

use crate::{Error, core::Core};

/// What was used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Used {
    Robot(i64),
    AccessToken(i64),
}

/// The times since the last flush, in milliseconds since the epoch.
#[derive(Debug, Default)]
pub(crate) struct Uses(Mutex<HashMap<Used, i64>>);

impl Uses {
    /// Notes that something was used at `now`.
    pub(crate) fn note(&self, used: Used, now: i64) {
        let mut uses = self.lock();
        let at = uses.entry(used).or_insert(now);
        *at = now.max(*at);
    }

    /// When something was last used, which may be later than its row says.
    pub(crate) fn last(&self, used: Used, written: Option<i64>) -> Option<i64> {
        written.max(self.lock().get(&used).copied())
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Used, i64>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Writes the times now. What can't be written is written with the next ones.
pub(crate) async fn flush(core: &Core) -> Result<(), Error> {
    let uses = std::mem::take(&mut *core.uses.lock());
    if uses.is_empty() {
        return Ok(());
    }
    let times = uses.clone();
    let written: Result<(), Error> = core
        .db
        .write(move |tx| {
            async move {
                for (used, at) in times {
                    match used {
                        Used::Robot(id) => robot::set_used(tx, id, at).await?,
                        Used::AccessToken(id) => access_token::set_used(tx, id, at).await?,
                    }
                }
                Ok(())
            }
            .boxed()
        })
        .await;
    if written.is_err() {
        for (used, at) in uses {
            core.uses.note(used, at);
        }
    }
    written
}
