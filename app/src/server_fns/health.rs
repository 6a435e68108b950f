//! How the system is.

use crate::{error::AppError, view::SystemState};
use leptos::prelude::*;

/// Gets how each part of the system is and what it holds.
#[server(prefix = "/ui-fn", endpoint = "health/get")]
pub async fn get_health() -> Result<SystemState, AppError> {
    let (cx, services) = crate::ssr::context()?;
    let health = services.health.get(&cx).await?;
    Ok(SystemState { as_of: cx.now, health })
}
