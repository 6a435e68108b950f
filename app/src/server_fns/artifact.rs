//! Artifacts and their tags.

use crate::{error::AppError, view::RepositoryContent};
use leptos::prelude::*;

/// Lists one page of a repository's artifacts, the last pushed first.
#[server(prefix = "/ui-fn", endpoint = "artifact/list")]
pub async fn list_artifacts(
    project: String,
    repository: String,
    page: u64,
) -> Result<RepositoryContent, AppError> {
    let (cx, services) = crate::ssr::context()?;
    let name = crate::ssr::repository_name(&project, &repository)?;
    let query = crate::ssr::listing(page, "-push_time");
    let repository = services.repositories.get(&cx, &name).await?;
    let artifacts = services.artifacts.list(&cx, &name, &query, true).await?;
    Ok(RepositoryContent { as_of: cx.now, repository, artifacts })
}
