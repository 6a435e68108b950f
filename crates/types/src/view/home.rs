//! What the first page and the search show, and what tells open pages of changes.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::harbor::Project;

/// What the first page shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HomeSummary {
    /// Projects of the caller, or public ones for nobody; the most recent push first.
    pub projects: Vec<HomeProject>,
    /// The last pushes, newest first.
    pub pushes: Vec<RecentPush>,
    /// How much there is that the caller sees.
    pub totals: Totals,
    /// Whether anything was pushed to the caller's own projects; for an administrator, to any.
    pub has_pushed: bool,
}

/// A project on the first page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HomeProject {
    /// The project.
    pub project: Project,
    /// When one of its repositories was pushed to last.
    pub last_pushed_at: Option<DateTime<Utc>>,
}

/// A push that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecentPush {
    /// The full name of the repository.
    pub repository: String,
    /// The manifest.
    pub digest: Option<String>,
    /// The tag it was pushed by, if by one.
    pub tag: Option<String>,
    /// Who pushed.
    pub actor: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// How much there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Projects.
    pub projects: u64,
    /// Repositories that were pushed to.
    pub repositories: u64,
    /// Artifacts.
    pub artifacts: u64,
    /// The sizes of their blobs together, each counted once, in bytes.
    pub bytes: u64,
}

/// What has a name that contains the text searched for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// Projects.
    pub projects: Vec<FoundProject>,
    /// Full names of repositories.
    pub repositories: Vec<String>,
}

/// A project that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundProject {
    /// Its name.
    pub name: String,
    /// Whether everybody may pull.
    pub is_public: bool,
}

/// Something that happened in a repository, told to the pages that show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// `PUSH_ARTIFACT`, `DELETE_ARTIFACT`, `CREATE_TAG`, `DELETE_TAG`, `DELETE_REPOSITORY`, or [`Change::RELOAD`].
    pub kind: String,
    /// The name of the project.
    pub project: String,
    /// The full name of the repository.
    pub repository: String,
    /// The manifest, where it is about one.
    pub digest: Option<String>,
    /// The tag, where it is about one.
    pub tag: Option<String>,
}

impl Change {
    /// The kind of what stands for changes that could not be told one by one.
    pub const RELOAD: &'static str = "RELOAD";

    /// Stands for changes that could not be told one by one: whatever is shown may be out of date.
    pub fn reload() -> Self {
        Self {
            kind: Self::RELOAD.to_owned(),
            project: String::new(),
            repository: String::new(),
            digest: None,
            tag: None,
        }
    }
}
