//! What becomes of a job after a try.

use db::query::job::{self, Over};
use serde_json::json;

use super::{Ended, Runner};
use crate::{Error, figures::Try, job::Halt};

/// The pause after the first failure; it doubles with each further one, up to [`LONGEST_PAUSE_MS`].
const FIRST_PAUSE_MS: i64 = 10_000;
const LONGEST_PAUSE_MS: i64 = 3_600_000;

impl Runner {
    /// What becomes of a job, and what is said of it; None where nothing is ours to say. An inner None gives it back.
    pub(super) fn judge(&self, row: &job::Job, ended: Ended) -> Option<(Option<Over>, String)> {
        let (id, kind) = (row.id, row.kind.as_str());
        match ended {
            Ended::Done(outcome) => {
                tracing::info!(job.id = id, job.kind = kind, "Job {id} ({kind}) is done");
                Some((Some(Over::Succeeded(outcome.to_string())), "Done".to_owned()))
            }
            Ended::Stopped => Some((None, "The server stops; the job goes on later".to_owned())),
            Ended::Halted(Halt::Cancelled) => {
                tracing::info!(job.id = id, job.kind = kind, "Job {id} ({kind}) was cancelled");
                Some((Some(Over::Cancelled(None)), "Cancelled".to_owned()))
            }
            Ended::Halted(Halt::Lost) => {
                tracing::warn!(job.id = id, job.kind = kind, "Job {id} ({kind}) was taken by another worker");
                None
            }
            Ended::Halted(Halt::Failed(error)) => Some(self.after_failure(row, &error)),
        }
    }

    fn after_failure(&self, row: &job::Job, error: &Error) -> (Option<Over>, String) {
        let (id, kind, text) = (row.id, row.kind.as_str(), with_causes(error));
        let outcome = json!({ "error": text }).to_string();
        if row.attempts >= row.max_attempts {
            tracing::error!(error = %text, job.id = id, job.kind = kind, "Job {id} ({kind}) failed for good");
            return (Some(Over::Failed(outcome)), format!("Failed for good: {text}"));
        }
        let pause = pause_ms(row.attempts);
        tracing::warn!(error = %text, job.id = id, job.kind = kind, "Job {id} ({kind}) failed and is tried again");
        let at = self.core.options.clock.wall_ms().saturating_add(pause);
        (Some(Over::Again(outcome, at)), format!("Failed, next try in {} s: {text}", pause / 1000))
    }
}

/// The same for who counts.
pub(super) fn how(over: &Over) -> Try {
    match over {
        Over::Succeeded(_) => Try::Succeeded,
        Over::Failed(_) => Try::Failed,
        Over::Again(..) => Try::Retried,
        Over::Cancelled(_) => Try::Cancelled,
    }
}

/// An error with what caused it, for administrators.
fn with_causes(error: &Error) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}

/// How long to wait after the `attempts`-th try failed.
fn pause_ms(attempts: i32) -> i64 {
    let doublings = attempts.saturating_sub(1).clamp(0, 20).unsigned_abs();
    FIRST_PAUSE_MS.saturating_mul(1_i64 << doublings).min(LONGEST_PAUSE_MS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_an_hour() {
        let pauses: Vec<i64> =
            [1, 2, 3, 8, 9, 10, i32::MAX].into_iter().map(|tries| pause_ms(tries) / 1000).collect();
        assert_eq!(pauses, [10, 20, 40, 1280, 2560, 3600, 3600]);
    }
}
