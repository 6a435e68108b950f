//! Tags as they are made, moved and removed. Nothing else changes tags, so each change has its row of history, and the
//! manifests it concerns are marked for the collection or taken from it, in the transaction of the change.

use db::{
    Tx,
    query::{
        manifest, tag,
        tag_change::{self, NewTagChange},
    },
};
use types::oci::condition::Condition;

use crate::{Error, Kind, journal::Origin};

/// A change of the tags of one repository.
pub(super) struct Tagging<'a> {
    pub(super) tx: &'a Tx,
    pub(super) repository_id: i64,
    pub(super) origin: &'a Origin,
    /// From when on what loses its tag is a candidate, in milliseconds since the epoch.
    pub(super) lease: i64,
}

impl Tagging<'_> {
    /// Points a tag at a manifest, new or moved; the one it pointed to before is a candidate when it has no other tag.
    ///
    /// Errors: `Precondition`.
    pub(super) async fn point(
        &self,
        name: &str,
        (id, digest): (i64, &str),
        condition: &Condition,
    ) -> Result<(), Error> {
        let before = tag::pointed(self.tx, self.repository_id, name).await?;
        let old = before.as_ref().map(|(_, digest)| digest.as_str());
        check(condition, name, old)?;
        let now = self.origin.occurred_at();
        tag::put(self.tx, self.repository_id, name, id, now).await?;
        manifest::tagged(self.tx, id).await?;
        if let Some((before, _)) = &before
            && *before != id
        {
            self.left(*before).await?;
        }
        if old == Some(digest) { Ok(()) } else { self.note(name, old, Some(digest)).await }
    }

    /// Gives a manifest a tag that is not there yet. Errors: `AlreadyExists`.
    pub(super) async fn create(&self, name: &str, (id, digest): (i64, &str)) -> Result<(), Error> {
        let done = tag::insert(self.tx, self.repository_id, name, id, self.origin.occurred_at()).await;
        done.map_err(|error| match error {
            db::Error::AlreadyExists(_) => Error::AlreadyExists(format!("tag {name}")),
            error => error.into(),
        })?;
        manifest::tagged(self.tx, id).await?;
        self.note(name, None, Some(digest)).await
    }

    /// Removes a tag and returns the digest it pointed to. Errors: `NotFound`, `Precondition`.
    pub(super) async fn remove(&self, name: &str, condition: &Condition) -> Result<String, Error> {
        let missing = || Error::NotFound(Kind::Tag, name.to_owned());
        let (id, digest) = tag::pointed(self.tx, self.repository_id, name).await?.ok_or_else(missing)?;
        check(condition, name, Some(&digest))?;
        if !tag::delete(self.tx, self.repository_id, name).await? {
            return Err(missing());
        }
        self.left(id).await?;
        self.note(name, Some(&digest), None).await?;
        Ok(digest)
    }

    /// Notes that all tags of a manifest go with it.
    pub(super) async fn forget(&self, (id, digest): (i64, &str)) -> Result<(), Error> {
        for tag in tag::of_manifests(self.tx, vec![id]).await? {
            self.note(&tag.name, Some(digest), None).await?;
        }
        Ok(())
    }

    async fn left(&self, id: i64) -> Result<(), Error> {
        if !tag::any_of(self.tx, id).await? {
            manifest::untagged(self.tx, id, self.lease).await?;
        }
        Ok(())
    }

    async fn note(&self, name: &str, old: Option<&str>, new: Option<&str>) -> Result<(), Error> {
        let change = NewTagChange {
            repository_id: self.repository_id,
            name,
            old_digest: old,
            new_digest: new,
            actor: self.origin.actor(),
            occurred_at: self.origin.occurred_at(),
        };
        Ok(tag_change::insert(self.tx, change).await?)
    }
}

/// Refuses a change that is meant for something else than what is there. `what` is a tag or a digest.
pub(super) fn check(condition: &Condition, what: &str, current: Option<&str>) -> Result<(), Error> {
    if condition.allows(current) {
        return Ok(());
    }
    Err(Error::Precondition(match current {
        Some(current) if current == what => format!("{what} is there already"),
        Some(current) => format!("{what} points to {current}"),
        None => format!("{what} does not exist"),
    }))
}
