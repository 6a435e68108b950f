//! What administrators decide for the whole system.

use crate::error::AppError;
use leptos::prelude::*;
use types::view::SystemSettings;

/// Gets what is decided.
#[server(prefix = "/ui-fn", endpoint = "setting/get")]
pub async fn get_settings() -> Result<SystemSettings, AppError> {
    let (_, services) = crate::ssr::context()?;
    Ok(services.settings.get().await?)
}

/// Decides what is sent: whether people may make accounts for themselves, whether nothing can be changed.
#[server(prefix = "/ui-fn", endpoint = "setting/update")]
pub async fn update_settings(
    self_registration: Option<bool>,
    read_only: Option<bool>,
) -> Result<(), AppError> {
    let (cx, services) = crate::ssr::context()?;
    services.settings.update(&cx, types::view::SettingsChange { self_registration, read_only }).await?;
    crate::ssr::stay();
    Ok(())
}
