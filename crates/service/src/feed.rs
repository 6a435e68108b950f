//! What happens, told as it happens to those who may see it.
//!
//! A change is told after it is committed (`journal`). A subscriber's rights are those of the moment of each change, not
//! those of the beginning. A slow subscriber loses changes, but is told that it did.

use std::sync::Arc;

use futures::stream::{BoxStream, StreamExt, unfold};
use tokio::sync::broadcast::{self, error::RecvError};
use types::role::{Action, Resource};
pub use types::view::Change;

use crate::{Caller, Error, OpCtx, authn::Authn, core::Core};

/// Changes that a subscriber may be behind.
const CAPACITY: usize = 1024;

/// Where committed changes are told.
#[derive(Clone, Debug)]
pub(crate) struct Changes(broadcast::Sender<Change>);

impl Default for Changes {
    fn default() -> Self {
        Self(broadcast::Sender::new(CAPACITY))
    }
}

impl Changes {
    /// Tells all subscribers; never waits.
    pub(crate) fn tell(&self, change: Change) {
        // an error says that nobody listens
        let _ = self.0.send(change);
    }
}

/// Changes as they happen.
#[derive(Clone)]
pub struct Feed {
    pub(crate) core: Arc<Core>,
    pub(crate) authn: Authn,
}

impl Feed {
    /// The changes of one project, or of all that the caller sees, from this moment on.
    ///
    /// The stream ends when the caller's account is gone or has other credentials, and when the project can't be seen any
    /// more. It gives [`Change::reload`] in place of changes that came faster than they were taken.
    /// Errors: as for listing the repositories of the project.
    pub async fn subscribe(
        &self,
        cx: &OpCtx,
        project: Option<&str>,
    ) -> Result<BoxStream<'static, Change>, Error> {
        let changes = self.core.changes.0.subscribe();
        if let Some(project) = project {
            self.core.require(cx, project, Resource::Repository, Action::List).await?;
        }
        let credential_version = match cx.user_id() {
            Some(id) => {
                let user = self.core.user(id).await?.ok_or_else(Error::anonymous)?;
                user.credential_version
            }
            None => 0,
        };
        let subscriber = Subscriber {
            feed: self.clone(),
            cx: cx.clone(),
            is_known: true,
            credential_version,
            project: project.map(str::to_owned),
            changes,
        };
        Ok(unfold(subscriber, |mut subscriber| async move {
            subscriber.next().await.map(|change| (change, subscriber))
        })
        .boxed())
    }
}

struct Subscriber {
    feed: Feed,
    cx: OpCtx,
    /// Whether the account is still there, with the credentials of the beginning.
    is_known: bool,
    credential_version: i32,
    project: Option<String>,
    changes: broadcast::Receiver<Change>,
}

impl Subscriber {
    /// The next change that the caller may see; None when there will be none any more.
    async fn next(&mut self) -> Option<Change> {
        loop {
            let change = match self.changes.recv().await {
                Ok(change) => change,
                Err(RecvError::Lagged(_)) => Change::reload(),
                Err(RecvError::Closed) => return None,
            };
            if !self.is_wanted(&change) {
                continue;
            }
            match self.may_see(&change).await {
                Ok(true) => return Some(change),
                Ok(false) if self.project.is_none() && self.is_known => {}
                Ok(false) => return None,
                Err(error) => {
                    let error = &error as &dyn std::error::Error;
                    tracing::warn!(error, "Ended a feed: the rights of its reader could not be looked up");
                    return None;
                }
            }
        }
    }

    fn is_wanted(&self, change: &Change) -> bool {
        change.kind == Change::RELOAD || self.project.as_ref().is_none_or(|wanted| *wanted == change.project)
    }

    /// Whether the caller may see a change, with the rights of this moment.
    async fn may_see(&mut self, change: &Change) -> Result<bool, Error> {
        if let Caller::User(user) = &self.cx.caller {
            let Some(identity) = self.feed.authn.identity(user.id, self.credential_version).await? else {
                self.is_known = false;
                return Ok(false);
            };
            self.cx.caller = Caller::User(identity);
        }
        let project = match &self.project {
            Some(project) => project,
            None if change.kind == Change::RELOAD => return Ok(true),
            None => &change.project,
        };
        let standing = self.feed.core.standing_of(&self.cx, project).await?;
        Ok(standing.is_some_and(|standing| standing.may(Resource::Repository, Action::List)))
    }
}
