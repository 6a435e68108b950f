//! Finding things by a part of their name.

use crate::{error::AppError, view::Found};
use leptos::prelude::*;

/// How many names of a kind are found.
#[cfg(feature = "ssr")]
const MOST: u64 = 20;

/// Finds projects and repositories whose names contain `text`.
#[server(prefix = "/ui-fn", endpoint = "search/find")]
pub async fn find(text: String) -> Result<Found, AppError> {
    let (cx, services) = crate::ssr::context()?;
    let found = services.home.search(&cx, &text, MOST).await?;
    let projects = found.projects.into_iter().map(|project| project.name).collect();
    Ok(Found { projects, repositories: found.repositories })
}
