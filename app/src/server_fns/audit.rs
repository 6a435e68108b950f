//! The audit log.

use crate::{error::AppError, listing::Listing, view::ActivityList};
use leptos::prelude::*;

/// Lists one page of what was done in a project, the last first; `filter` is `push`, `delete`, `tag`, `member` or
/// `project`.
#[server(prefix = "/ui-fn", endpoint = "audit/list")]
pub async fn list_activity(project: String, listing: Listing) -> Result<ActivityList, AppError> {
    let (cx, services) = crate::ssr::context()?;
    let query = crate::ssr::audit::activity_query(&listing);
    let entries = services.audit.list(&cx, Some(&crate::ssr::named(project)), &query).await?;
    Ok(ActivityList { as_of: cx.now, entries: entries.map(Into::into) })
}
