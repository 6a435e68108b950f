//! What a collection would do, without doing it.

use chrono::{DateTime, Utc};
use db::query::collection::{self, Doomed};
use serde::Serialize;

use super::{Parameters, Tally};
use crate::{Error, artifact::time, core::Core};

/// How much of each kind is listed.
const LISTED: u64 = 500;

/// Something that would go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Item {
    /// `upload`, `manifest`, `link`, `blob` or `removal`.
    pub kind: &'static str,
    /// The digest, or the name of an upload or a place.
    pub name: String,
    /// The repository's full name, where it is of one.
    pub repository: Option<String>,
    /// The bytes that go with it.
    pub bytes: u64,
    /// Since when nothing needs it.
    pub since: Option<DateTime<Utc>>,
    /// Why it would go.
    pub reason: &'static str,
}

/// What a collection would remove at this moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Preview {
    /// What became a candidate before this time would go.
    pub cutoff: DateTime<Utc>,
    /// Whether manifests without a tag would go.
    pub delete_untagged: bool,
    /// Uploads that nobody writes to any more.
    pub uploads: Tally,
    /// Manifests that nothing needs.
    pub manifests: Tally,
    /// Blobs that a repository would not show any more.
    pub links: Tally,
    /// Blobs that no repository would show.
    pub blobs: Tally,
    /// Bytes whose row is gone already.
    pub removals: Tally,
    /// The first of each kind.
    pub items: Vec<Item>,
}

/// Looks without changing anything.
pub(super) async fn look(core: &Core, parameters: Parameters) -> Result<Preview, Error> {
    let (cutoff, idle) = parameters.cutoffs(core.options.clock.earliest_ms());
    let at = &core.db;
    let mut preview = Preview {
        cutoff: time(cutoff),
        delete_untagged: parameters.delete_untagged,
        uploads: Tally::default(),
        manifests: Tally::default(),
        links: Tally::default(),
        blobs: Tally::default(),
        removals: Tally::default(),
        items: Vec::new(),
    };
    preview.uploads = preview.list(collection::uploads(at, idle, LISTED).await?, |row| Item {
        bytes: row.offset_bytes.unsigned_abs(),
        repository: Some(row.repository),
        since: Some(time(row.updated_at)),
        ..item("upload", row.id, "nobody writes to it any more")
    });
    if parameters.delete_untagged {
        preview.manifests = preview.list(collection::manifests(at, cutoff, LISTED).await?, |row| Item {
            repository: Some(row.repository),
            since: Some(time(row.candidate_since)),
            ..item("manifest", row.digest, "it has no tag, is in no index and is about nothing that is there")
        });
    }
    preview.links = preview.list(collection::links(at, cutoff, LISTED).await?, |row| Item {
        repository: Some(row.repository),
        since: Some(time(row.candidate_since)),
        ..item("link", row.digest, "no manifest of the repository refers to it")
    });
    preview.blobs = preview.list(collection::blobs(at, cutoff, LISTED).await?, |row| Item {
        bytes: row.size_bytes.unsigned_abs(),
        since: row.candidate_since.map(time),
        ..item("blob", row.digest, "no repository shows it")
    });
    preview.removals = preview.list(collection::pending(at, LISTED).await?, |row| Item {
        bytes: row.size_bytes.unsigned_abs(),
        since: Some(time(row.removed_at)),
        ..item("removal", row.location, "its row is gone already")
    });
    Ok(preview)
}

impl Preview {
    fn list<T>(&mut self, doomed: Doomed<T>, show: impl FnMut(T) -> Item) -> Tally {
        self.items.extend(doomed.first.into_iter().map(show));
        Tally { count: doomed.count, bytes: doomed.bytes.unsigned_abs() }
    }
}

fn item(kind: &'static str, name: String, reason: &'static str) -> Item {
    Item { kind, name, repository: None, bytes: 0, since: None, reason }
}
