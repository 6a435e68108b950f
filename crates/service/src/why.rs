//! What keeps a blob or a manifest: the ways from tags down to it.
//!
//! A blob is kept by the manifests of a repository that have it as a part, a manifest by its tags, by the indexes that
//! have it as a part, and by the manifest it is about. What nothing keeps is a candidate, and may be collected when it
//! has been one for the grace period.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use db::{
    Access, Db,
    query::{
        blob,
        why::{self, Held},
    },
};
use serde::Serialize;
use types::digest::Digest;

use crate::{Error, Options, Services, artifact::time, attach};

/// Ways that are told at most.
const WAYS: usize = 100;
/// Rows of one step.
const ROWS: u64 = 100;
/// Steps of a way; deeper nesting is cut.
const STEPS: usize = 16;

/// The answer for one digest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Why {
    /// The digest.
    pub digest: String,
    /// The blob with this digest, if there is one.
    pub blob: Option<BlobState>,
    /// Where it is a blob or a manifest.
    pub places: Vec<Place>,
    /// The ways that lead to it from what is kept for its own sake; empty when nothing keeps it.
    pub kept_by: Vec<Way>,
    /// Whether there are more ways or places than are told.
    pub is_cut: bool,
}

/// How a blob is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BlobState {
    /// Its size in bytes.
    pub size_bytes: u64,
    /// Where its bytes are in the store.
    pub location: String,
    /// When its bytes were verified last.
    pub verified_at: Option<DateTime<Utc>>,
    /// Whether its bytes are known to be damaged.
    pub is_damaged: bool,
    /// Since when no repository shows it.
    pub candidate_since: Option<DateTime<Utc>>,
    /// From when on a collection removes it, unless a repository shows it until then.
    pub kept_until: Option<DateTime<Utc>>,
}

/// A repository that has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The repository.
    pub repository: String,
    /// Whether it is there as a manifest; else as a blob.
    pub is_manifest: bool,
    /// Since when nothing in the repository needs it: it is kept by the last upload, mount or look alone.
    pub candidate_since: Option<DateTime<Utc>>,
    /// From when on a collection removes it, unless it is needed or asked for until then.
    pub kept_until: Option<DateTime<Utc>>,
}

/// A way from what is kept for its own sake.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Way {
    /// The repository it is in.
    pub repository: String,
    /// The tag it begins at.
    pub tag: String,
    /// Digests of the manifests between, from the tag down; the last one has the digest as a part or is it.
    pub manifests: Vec<Step>,
}

/// A manifest on a way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    /// Its digest.
    pub digest: String,
    /// Its media type.
    pub media_type: String,
    /// Whether it is there because it is about the manifest before.
    pub is_referrer: bool,
}

/// Answers what keeps a digest. It asks for no caller: whoever may read the data folder may know.
#[derive(Clone, Debug)]
pub struct Keeping {
    db: Db,
    grace: Duration,
}

impl Services {
    /// Answers what keeps a digest.
    pub fn keeping(&self) -> Keeping {
        Keeping { db: self.core.db.clone(), grace: self.core.options.collection.grace }
    }
}

impl Keeping {
    /// Opens the database of a data folder for reading, as it is.
    pub async fn open(options: &Options) -> Result<Self, Error> {
        let db = attach::database(options, Access::Read).await?;
        Ok(Self { db, grace: options.collection.grace })
    }

    /// What keeps a blob or manifest; nothing when the digest is unknown.
    pub async fn why(&self, digest: &Digest) -> Result<Option<Why>, Error> {
        let name = digest.as_str();
        let blob = blob::find(&self.db, name).await?;
        let shown = why::shown(&self.db, name, ROWS).await?;
        let manifests = why::manifests(&self.db, name, ROWS).await?;
        if blob.is_none() && manifests.is_empty() {
            return Ok(None);
        }
        let mut search = Search { db: &self.db, ways: Vec::new(), is_cut: false };
        search.is_cut = shown.len() as u64 == ROWS || manifests.len() as u64 == ROWS;
        for at in &shown {
            for parent in search.parents(at.repository_id, name).await? {
                search.climb(parent).await?;
            }
        }
        for manifest in &manifests {
            search.climb(manifest.clone()).await?;
        }
        let as_blob = shown.into_iter().map(|at| (at.repository, false, at.candidate_since));
        let as_manifest = manifests.into_iter().map(|at| (at.repository, true, at.candidate_since));
        let places = as_blob.chain(as_manifest).map(|(repository, is_manifest, since)| Place {
            repository,
            is_manifest,
            candidate_since: since.map(time),
            kept_until: since.map(|since| self.until(since)),
        });
        Ok(Some(Why {
            digest: name.to_owned(),
            blob: blob.map(|row| self.state(row)),
            places: places.collect(),
            kept_by: search.ways,
            is_cut: search.is_cut,
        }))
    }

    fn state(&self, row: blob::Blob) -> BlobState {
        BlobState {
            size_bytes: row.size_bytes.unsigned_abs(),
            location: row.location,
            verified_at: row.verified_at.map(time),
            is_damaged: row.is_damaged,
            candidate_since: row.candidate_since.map(time),
            kept_until: row.candidate_since.map(|since| self.until(since)),
        }
    }

    /// The end of the grace of what is a candidate since then, in milliseconds since the epoch.
    fn until(&self, since: i64) -> DateTime<Utc> {
        let grace = TimeDelta::from_std(self.grace).unwrap_or(TimeDelta::MAX);
        time(since).checked_add_signed(grace).unwrap_or(DateTime::<Utc>::MAX_UTC)
    }

    /// Closes the database.
    pub async fn close(self) -> Result<(), Error> {
        Ok(self.db.close().await?)
    }
}

/// The search for ways, upwards.
struct Search<'a> {
    db: &'a Db,
    ways: Vec<Way>,
    is_cut: bool,
}

/// A manifest that was reached, with the steps below it.
struct Reached {
    manifest: Held,
    below: Vec<Step>,
}

impl Search<'_> {
    async fn parents(&mut self, repository_id: i64, digest: &str) -> Result<Vec<Held>, Error> {
        let parents = why::parents(self.db, repository_id, digest, ROWS).await?;
        self.is_cut |= parents.len() as u64 == ROWS;
        Ok(parents)
    }

    /// Follows everything that keeps a manifest up to tags.
    async fn climb(&mut self, from: Held) -> Result<(), Error> {
        let mut open = vec![Reached { manifest: from, below: Vec::new() }];
        while let Some(reached) = open.pop() {
            let Reached { manifest, below } = reached;
            if below.len() >= STEPS || self.ways.len() >= WAYS {
                self.is_cut = true;
                continue;
            }
            let parents = self.parents(manifest.repository_id, &manifest.digest).await?;
            let subject = match &manifest.subject_digest {
                Some(subject) => why::manifest_in(self.db, manifest.repository_id, subject).await?,
                None => None,
            };
            let steps = |is_referrer: bool| {
                let step = Step {
                    digest: manifest.digest.clone(),
                    media_type: manifest.media_type.clone(),
                    is_referrer,
                };
                std::iter::once(step).chain(below.iter().cloned()).collect::<Vec<_>>()
            };
            for tag in why::tags(self.db, manifest.id, ROWS).await? {
                let repository = manifest.repository.clone();
                self.ways.push(Way { repository, tag, manifests: steps(false) });
            }
            open.extend(parents.into_iter().map(|parent| Reached { manifest: parent, below: steps(false) }));
            open.extend(subject.map(|subject| Reached { manifest: subject, below: steps(true) }));
        }
        Ok(())
    }
}
