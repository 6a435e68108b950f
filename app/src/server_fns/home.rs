//! The first page.

use crate::{error::AppError, view::HomeContent};
use leptos::prelude::*;

/// Gets what the first page shows.
#[server(prefix = "/ui-fn", endpoint = "home/get")]
pub async fn get_home() -> Result<HomeContent, AppError> {
    let (cx, services) = crate::ssr::context()?;
    let summary = services.home.get(&cx).await?;
    Ok(crate::ssr::home::content(cx.now, summary))
}
