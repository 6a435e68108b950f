//! What the first page shows.

use super::ProjectRow;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use types::view::{HomeProject, RecentPush, Totals};

/// What the first page shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HomeContent {
    /// When it was read.
    pub as_of: DateTime<Utc>,
    /// Some of the caller's projects, or public ones for nobody; the one pushed to last first.
    pub projects: Vec<HomeProjectRow>,
    /// The last pushes, newest first.
    pub pushes: Vec<RecentPush>,
    /// How much there is that the caller sees.
    pub totals: Totals,
    /// Whether anything was pushed to the caller's own projects yet; for an administrator, to any.
    pub has_pushed: bool,
}

/// A project on the first page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HomeProjectRow {
    /// The project.
    pub project: ProjectRow,
    /// When one of its repositories was pushed to last.
    pub pushed_at: Option<DateTime<Utc>>,
}

impl From<HomeProject> for HomeProjectRow {
    fn from(found: HomeProject) -> Self {
        Self { project: found.project.into(), pushed_at: found.last_pushed_at }
    }
}
