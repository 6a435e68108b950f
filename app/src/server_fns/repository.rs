//! Repositories, named in full: `project/path`.

use crate::{
    error::AppError,
    listing::Listing,
    view::{Mark, RepositoryHead, RepositoryList},
};
use leptos::prelude::*;

/// Lists one page of a project's repositories, the last changed first.
#[server(prefix = "/ui-fn", endpoint = "repository/list")]
pub async fn list_repositories(project: String, listing: Listing) -> Result<RepositoryList, AppError> {
    let (cx, services) = crate::ssr::context()?;
    let query = crate::ssr::list_query(&listing, "name", "-update_time");
    let repositories = services.repositories.list(&cx, &project, &query).await?;
    let rights = crate::ssr::project_rights(&cx, &services, &project).await?;
    Ok(RepositoryList { as_of: cx.now, rights, repositories: repositories.map(Into::into) })
}

/// Gets a repository, with what was pushed to it last.
#[server(prefix = "/ui-fn", endpoint = "repository/get")]
pub async fn get_repository(repository: String) -> Result<RepositoryHead, AppError> {
    let (cx, services) = crate::ssr::context()?;
    let name = crate::ssr::full_name(&repository)?;
    let repository = services.repositories.get(&cx, &name).await?.into();
    let rights = crate::ssr::project_rights(&cx, &services, name.project()).await?;
    let newest = crate::ssr::artifact::newest(&cx, &services, &name).await?;
    Ok(RepositoryHead { rights, repository, newest })
}

/// Gets how far a repository has come, or a whole project for an empty `repository`: small enough to ask for often.
#[server(prefix = "/ui-fn", endpoint = "repository/get_mark")]
pub async fn get_mark(project: String, repository: String) -> Result<Mark, AppError> {
    let (cx, services) = crate::ssr::context()?;
    crate::ssr::artifact::mark(&cx, &services, (&project, &repository)).await
}

/// Replaces a repository's description.
#[server(prefix = "/ui-fn", endpoint = "repository/update")]
pub async fn update_repository(repository: String, description: String) -> Result<(), AppError> {
    let (cx, services) = crate::ssr::context()?;
    let name = crate::ssr::full_name(&repository)?;
    Ok(services.repositories.update(&cx, &name, description).await?)
}

/// Removes a repository with everything in it.
#[server(prefix = "/ui-fn", endpoint = "repository/delete")]
pub async fn delete_repository(repository: String) -> Result<(), AppError> {
    let (cx, services) = crate::ssr::context()?;
    let name = crate::ssr::full_name(&repository)?;
    Ok(services.repositories.delete(&cx, &name).await?)
}
