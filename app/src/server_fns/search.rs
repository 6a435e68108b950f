//! Finding things by a part of their name.

use crate::error::AppError;
use leptos::prelude::*;
use types::view::Found;

/// How many names of a kind are found.
#[cfg(feature = "ssr")]
const MOST: u64 = 20;

/// Finds projects and repositories whose names contain `text`.
#[server(prefix = "/ui-fn", endpoint = "search/find")]
pub async fn find(text: String) -> Result<Found, AppError> {
    let (cx, services) = crate::ssr::context()?;
    Ok(services.home.search(&cx, &text, MOST).await?)
}
