//! The kinds of jobs there are.

use std::sync::Arc;

use db::query::job::NewJob;
use futures::future::BoxFuture;
use serde_json::Value;

use super::{Halt, Run};
use crate::{collection, core::Core, scrub};

/// What the jobs of a kind do; it may be broken off at any await and begun anew.
pub(crate) type Work = Arc<dyn Fn(Arc<Core>, Run) -> BoxFuture<'static, Result<Value, Halt>> + Send + Sync>;

/// A kind of jobs.
#[derive(Clone)]
pub(crate) struct Kind {
    /// Its name in the table.
    pub(crate) name: &'static str,
    /// Whether no two of its jobs are open at a time.
    pub(crate) is_single: bool,
    /// How often a job is tried.
    pub(crate) max_attempts: i32,
    /// How long one try may take.
    pub(crate) timeout_secs: u32,
    /// What a job does.
    pub(crate) work: Work,
}

impl Kind {
    /// The row of a new job.
    pub(crate) fn job(&self, payload: &Value, actor: &str, now: i64) -> NewJob {
        NewJob {
            kind: self.name,
            payload: payload.to_string(),
            single_flight: self.is_single.then(|| self.name.to_owned()),
            run_at: now,
            max_attempts: self.max_attempts,
            timeout_secs: self.timeout_secs.into(),
            actor: actor.to_owned(),
            now,
        }
    }
}

impl std::fmt::Debug for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Kind").field(&self.name).finish()
    }
}

/// Every kind that a worker does.
pub(crate) fn kinds() -> Vec<Kind> {
    vec![collection::kind(), scrub::kind()]
}
