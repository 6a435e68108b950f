//! Projects and the repositories in them.

use crate::{
    error::AppError,
    listing::Listing,
    view::{ProjectHead, ProjectList},
};
use leptos::prelude::*;

/// Lists one page of the projects the caller can see; `filter` is `mine`, `public`, `private` or a role.
#[server(prefix = "/ui-fn", endpoint = "project/list")]
pub async fn list_projects(listing: Listing) -> Result<ProjectList, AppError> {
    let (cx, services) = crate::ssr::context()?;
    let query = crate::ssr::list_query(&listing, "name", "name");
    let filter = crate::ssr::project_filter(&listing.filter);
    let projects = services.projects.list(&cx, &query, filter).await?;
    Ok(ProjectList { as_of: cx.now, projects: projects.map(Into::into) })
}

/// Gets a project, with what the caller may do in it.
#[server(prefix = "/ui-fn", endpoint = "project/get")]
pub async fn get_project(project: String) -> Result<ProjectHead, AppError> {
    let (cx, services) = crate::ssr::context()?;
    crate::ssr::project_head(&cx, &services, project).await
}

/// Makes a project, goes to it, and answers its name.
#[server(prefix = "/ui-fn", endpoint = "project/create")]
pub async fn create_project(name: String, is_public: bool) -> Result<String, AppError> {
    let (cx, services) = crate::ssr::context()?;
    let new = crate::ssr::project_request(Some(name.clone()), is_public);
    services.projects.create(&cx, new).await?;
    leptos_axum::redirect(&crate::link::project(&name));
    Ok(name)
}

/// Makes a project public or private, and answers which.
#[server(prefix = "/ui-fn", endpoint = "project/update")]
pub async fn update_project(project: String, is_public: bool) -> Result<bool, AppError> {
    let (cx, services) = crate::ssr::context()?;
    let new = crate::ssr::project_request(None, is_public);
    services.projects.update(&cx, &crate::ssr::named(project), new).await?;
    crate::ssr::stay();
    Ok(is_public)
}

/// Removes a project without repositories, goes to the list of projects, and answers its name.
#[server(prefix = "/ui-fn", endpoint = "project/delete")]
pub async fn delete_project(project: String) -> Result<String, AppError> {
    let (cx, services) = crate::ssr::context()?;
    services.projects.delete(&cx, &crate::ssr::named(project.clone())).await?;
    leptos_axum::redirect(crate::link::PROJECTS);
    Ok(project)
}
