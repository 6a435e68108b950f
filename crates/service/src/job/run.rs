//! One try of a job, as its handler sees it.

use std::sync::Arc;

use db::{Tx, query::job};
use futures::{FutureExt, future::BoxFuture};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{Error, core::Core};

/// Why a handler stops before its end.
#[derive(Debug)]
pub(crate) enum Halt {
    /// Somebody asked it to.
    Cancelled,
    /// The job is another worker's by now; nothing of this one counts any more.
    Lost,
    /// It can't go on; it may be tried again.
    Failed(Error),
}

impl From<Error> for Halt {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl From<db::Error> for Halt {
    fn from(error: db::Error) -> Self {
        Self::Failed(error.into())
    }
}

/// A try of a job: what it is about, and the only way in which it writes.
#[derive(Clone)]
pub(crate) struct Run {
    core: Arc<Core>,
    id: i64,
    fence: i64,
    payload: Arc<str>,
    progress: Option<Arc<str>>,
}

impl Run {
    pub(super) fn new(core: Arc<Core>, row: &job::Job) -> Self {
        let progress = row.progress.as_deref().map(Into::into);
        Self { core, id: row.id, fence: row.fence, payload: row.payload.as_str().into(), progress }
    }

    /// The number of the job.
    pub(crate) fn id(&self) -> i64 {
        self.id
    }

    /// What exactly is to be done.
    pub(crate) fn payload<T: DeserializeOwned>(&self) -> Result<T, Halt> {
        serde_json::from_str(&self.payload).map_err(|error| Error::internal(error).into())
    }

    /// How far the try before this one said it was.
    pub(crate) fn before<T: DeserializeOwned>(&self) -> Result<Option<T>, Halt> {
        let before = self.progress.as_deref().map(serde_json::from_str).transpose();
        before.map_err(|error| Error::internal(error).into())
    }

    /// Stops here if the job is to stop; before each step that takes long or can't be undone.
    pub(crate) async fn check(&self) -> Result<(), Halt> {
        stand(job::standing(&self.core.db, self.id, self.fence).await?)
    }

    /// Writes as [`db::Db::write`] does, and only if the job is still this worker's and nobody asked it to stop.
    pub(crate) async fn write<T, F>(&self, write: F) -> Result<T, Halt>
    where
        T: Send + 'static,
        F: for<'t> FnOnce(&'t Tx) -> BoxFuture<'t, Result<T, Halt>> + Send + 'static,
    {
        let (id, fence) = (self.id, self.fence);
        self.core
            .db
            .write(move |tx| {
                async move {
                    stand(job::standing(tx, id, fence).await?)?;
                    write(tx).await
                }
                .boxed()
            })
            .await
    }

    /// Says how far it is.
    pub(crate) async fn progress(&self, progress: &Value) -> Result<(), Halt> {
        let (claim, progress) = ((self.id, self.fence), progress.to_string());
        self.own(move |tx| job::set_progress(tx, claim, progress).boxed()).await
    }

    /// Leaves a line in the log of the job.
    pub(crate) async fn say(&self, line: impl Into<String>) -> Result<(), Halt> {
        let (claim, line, now) = ((self.id, self.fence), line.into(), self.core.options.clock.wall_ms());
        self.own(move |tx| job::say(tx, claim, line, now).boxed()).await
    }

    async fn own<F>(&self, write: F) -> Result<(), Halt>
    where
        F: for<'t> FnOnce(&'t Tx) -> BoxFuture<'t, Result<bool, db::Error>> + Send + 'static,
    {
        if self.core.db.write(write).await? { Ok(()) } else { Err(Halt::Lost) }
    }
}

fn stand(standing: Option<bool>) -> Result<(), Halt> {
    match standing {
        None => Err(Halt::Lost),
        Some(true) => Err(Halt::Cancelled),
        Some(false) => Ok(()),
    }
}
