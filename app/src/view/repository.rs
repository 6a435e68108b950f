//! What the pages of repositories show.

use super::{ArtifactRow, RepositoryRow, Rights};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use types::page::Listed;

/// The repositories of a project.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RepositoryList {
    /// When the list was made.
    pub as_of: DateTime<Utc>,
    /// What the caller may do with them.
    pub rights: Rights,
    /// One page of it.
    pub repositories: Listed<RepositoryRow>,
}

/// A repository by itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RepositoryHead {
    /// What the caller may do in the project.
    pub rights: Rights,
    /// The repository.
    pub repository: RepositoryRow,
    /// What was pushed last under a tag.
    pub newest: Option<Newest>,
}

/// What was pushed last under a tag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Newest {
    /// The tag.
    pub tag: String,
    /// What it is, in Harbor's words.
    pub kind: String,
}

/// The artifacts of a repository.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ArtifactList {
    /// When the list was made.
    pub as_of: DateTime<Utc>,
    /// What the caller may do with them.
    pub rights: Rights,
    /// One page of them.
    pub artifacts: Listed<ArtifactRow>,
}

/// How far a project or a repository has come: another mark than before says that something was pushed or removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// When something was pushed last.
    pub changed_at: Option<DateTime<Utc>>,
    /// How much there is.
    pub count: i64,
}
