//! The members of projects.

use crate::{
    error::AppError,
    listing::Listing,
    view::{MemberList, MemberRow},
};
use leptos::prelude::*;
use types::role::Role;

/// Lists one page of a project's members, by name.
#[server(prefix = "/ui-fn", endpoint = "member/list")]
pub async fn list_members(project: String, listing: Listing) -> Result<MemberList, AppError> {
    let (cx, services) = crate::ssr::context()?;
    let name = Some(listing.q.trim()).filter(|name| !name.is_empty());
    let page = crate::ssr::list_query(&listing, "", "").page;
    let members = services.members.list(&cx, &crate::ssr::named(project.clone()), name, page).await?;
    let rights = crate::ssr::project_rights(&cx, &services, &project).await?;
    Ok(MemberList { rights, members: members.map(Into::into) })
}

/// Lists the names of users that contain `text`, for whoever adds one of them.
#[server(prefix = "/ui-fn", endpoint = "member/list_candidates")]
pub async fn list_candidates(text: String) -> Result<Vec<String>, AppError> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let (cx, services) = crate::ssr::context()?;
    let found = services.users.search(&cx, text, types::page::Page::default()).await?;
    Ok(found.items.into_iter().map(|user| user.username).collect())
}

/// Adds the user of this name, and answers the name.
#[server(prefix = "/ui-fn", endpoint = "member/create")]
pub async fn create_member(project: String, name: String, role: Role) -> Result<String, AppError> {
    let (cx, services) = crate::ssr::context()?;
    let name = name.trim().to_owned();
    let new = crate::ssr::member::new_member(name.clone(), role);
    services.members.create(&cx, &crate::ssr::named(project.clone()), new).await?;
    leptos_axum::redirect(&crate::link::members(&project));
    Ok(name)
}

/// Changes a member's role, and answers the member as it was.
#[server(prefix = "/ui-fn", endpoint = "member/update")]
pub async fn update_member(project: String, id: i64, role: Role) -> Result<MemberRow, AppError> {
    let (cx, services) = crate::ssr::context()?;
    let project = crate::ssr::named(project);
    let before = services.members.get(&cx, &project, id).await?;
    services.members.update(&cx, &project, id, Some(role.id().into())).await?;
    crate::ssr::stay();
    Ok(before.into())
}

/// Removes a member, and answers it as it was.
#[server(prefix = "/ui-fn", endpoint = "member/delete")]
pub async fn delete_member(project: String, id: i64) -> Result<MemberRow, AppError> {
    let (cx, services) = crate::ssr::context()?;
    let project = crate::ssr::named(project);
    let before = services.members.get(&cx, &project, id).await?;
    services.members.delete(&cx, &project, id).await?;
    crate::ssr::stay();
    Ok(before.into())
}
