//! Writes what happened beside the change itself, in its transaction.

use db::{
    Tx,
    query::journal::{self, NewAuditLog, NewEvent},
};
use types::view::Change;

use crate::{Error, OpCtx, feed::Changes};

/// What is told of a change.
#[derive(Clone, Debug)]
pub(crate) struct Act {
    pub(crate) operation: &'static str,
    pub(crate) resource_type: &'static str,
    pub(crate) resource: String,
    pub(crate) project_id: Option<i64>,
}

/// Who did it, taken from the context so that it can move into a write job.
#[derive(Clone, Debug)]
pub(crate) struct Origin {
    actor: String,
    remote: String,
    request_id: String,
    occurred_at: i64,
}

impl From<&OpCtx> for Origin {
    fn from(cx: &OpCtx) -> Self {
        Self {
            actor: cx.actor().to_owned(),
            remote: cx.remote.to_string(),
            request_id: cx.request_id.clone(),
            occurred_at: cx.now_ms(),
        }
    }
}

impl Origin {
    /// The same place and time, said of someone who could not be authenticated.
    pub(crate) fn named(mut self, actor: &str) -> Self {
        actor.clone_into(&mut self.actor);
        self
    }

    /// Who did it, by name.
    pub(crate) fn actor(&self) -> &str {
        &self.actor
    }

    /// When, in milliseconds since the epoch.
    pub(crate) fn occurred_at(&self) -> i64 {
        self.occurred_at
    }

    /// A job that does something for nobody in particular, named for what it is.
    pub(crate) fn of_job(actor: &str, job: i64, occurred_at: i64) -> Self {
        Self { actor: actor.to_owned(), remote: String::new(), request_id: format!("job-{job}"), occurred_at }
    }

    /// Writes the audit row of a change.
    pub(crate) async fn audit(&self, tx: &Tx, act: Act, is_success: bool) -> Result<(), Error> {
        let row = NewAuditLog {
            occurred_at: self.occurred_at,
            actor: self.actor.clone(),
            operation: act.operation,
            resource_type: act.resource_type,
            resource: act.resource,
            project_id: act.project_id,
            is_success,
            remote: self.remote.clone(),
            request_id: self.request_id.clone(),
        };
        Ok(journal::audit(tx, row).await?)
    }

    /// Writes an event of an artifact, and tells it to `changes` once it is committed.
    pub(crate) async fn event(
        &self,
        tx: &Tx,
        changes: &Changes,
        kind: &'static str,
        (project_id, repository): (i64, String),
        (digest, tag): (Option<String>, Option<String>),
    ) -> Result<(), Error> {
        let row = NewEvent {
            occurred_at: self.occurred_at,
            kind,
            actor: self.actor.clone(),
            project_id,
            repository: repository.clone(),
            digest: digest.clone(),
            tag: tag.clone(),
            request_id: self.request_id.clone(),
        };
        journal::event(tx, row).await?;
        let project = repository.split('/').next().unwrap_or_default().to_owned();
        let change = Change { kind: kind.to_owned(), project, repository, digest, tag };
        let changes = changes.clone();
        tx.after_commit(move || changes.tell(change));
        Ok(())
    }
}
