//! Keeps an open page true while things happen elsewhere.
//!
//! A page follows the changes of its project as server-sent events. Where the stream can't be kept, the server is asked
//! now and then instead, and the stream is tried again. A page that nobody looks at follows nothing.

#[cfg(not(feature = "ssr"))]
mod browser;

use chrono::{DateTime, Utc};
use leptos::prelude::*;

/// What a page shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    /// The project.
    pub project: String,
    /// The full name of the repository; empty for the whole project.
    pub repository: String,
}

/// When the data was read that a page shows; nothing is followed before there is any.
pub type ReadAt = RwSignal<Option<DateTime<Utc>>>;

/// Runs `changed` whenever something happened in `scope` since `read_at`.
#[cfg_attr(feature = "ssr", expect(unused_variables, reason = "only a browser follows"))]
pub fn follow(scope: impl Fn() -> Scope + 'static, read_at: ReadAt, changed: Callback<()>) {
    #[cfg(not(feature = "ssr"))]
    browser::follow(Box::new(scope), read_at, changed);
}
