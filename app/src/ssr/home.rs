//! What the first page needs from its service.

use crate::view::HomeContent;
use chrono::{DateTime, Utc};
use types::view::HomeSummary;

/// The first page, as it was at a moment.
pub fn content(as_of: DateTime<Utc>, summary: HomeSummary) -> HomeContent {
    HomeContent {
        as_of,
        projects: summary.projects.into_iter().map(Into::into).collect(),
        pushes: summary.pushes,
        totals: summary.totals,
        has_pushed: summary.has_pushed,
    }
}
