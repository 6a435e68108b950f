//! Projects and the repositories in them.

use crate::{
    error::AppError,
    view::{ProjectContent, ProjectList},
};
use leptos::prelude::*;

/// Lists one page of the projects the caller can see.
#[server(prefix = "/ui-fn", endpoint = "project/list")]
pub async fn list_projects(page: u64) -> Result<ProjectList, AppError> {
    let (cx, services) = crate::ssr::context()?;
    let query = crate::ssr::listing(page, "name");
    let projects = services.projects.list(&cx, &query, service::project::ProjectFilter::default()).await?;
    Ok(ProjectList { as_of: cx.now, projects })
}

/// Gets a project with one page of its repositories, the last changed first.
#[server(prefix = "/ui-fn", endpoint = "project/get")]
pub async fn get_project(project: String, page: u64) -> Result<ProjectContent, AppError> {
    let (cx, services) = crate::ssr::context()?;
    let query = crate::ssr::listing(page, "-update_time");
    let repositories = services.repositories.list(&cx, &project, &query).await?;
    let project = services.projects.get(&cx, &service::project::ProjectRef::Name(project)).await?;
    Ok(ProjectContent { as_of: cx.now, project, repositories })
}
