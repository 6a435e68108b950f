//! Repositories.

use crate::error::AppError;
use leptos::{prelude::*, server_fn::codec::GetUrl};
use types::harbor::repository::Repository;

/// Gets a repository's own record: small enough to ask for again and again.
#[server(prefix = "/ui-fn", endpoint = "repository/get", input = GetUrl)]
pub async fn get_repository(project: String, repository: String) -> Result<Repository, AppError> {
    let (cx, services) = crate::ssr::context()?;
    let name = crate::ssr::repository_name(&project, &repository)?;
    Ok(services.repositories.get(&cx, &name).await?)
}
