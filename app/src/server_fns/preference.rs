//! Remembering what a visitor chose: with the account, and in a cookie, which needs none.

use crate::error::AppError;
use leptos::prelude::*;

/// Remembers the language.
#[server(prefix = "/ui-fn", endpoint = "preference/update_locale")]
pub async fn update_locale(locale: String) -> Result<(), AppError> {
    crate::ssr::preferences::remember_locale(&locale).await?;
    crate::ssr::stay();
    Ok(())
}

/// Remembers the theme.
#[server(prefix = "/ui-fn", endpoint = "preference/update_theme")]
pub async fn update_theme(theme: String) -> Result<(), AppError> {
    crate::ssr::preferences::remember_theme(&theme).await
}

/// Remembers the program that commands are shown for.
#[server(prefix = "/ui-fn", endpoint = "preference/update_client")]
pub async fn update_client(client: String) -> Result<(), AppError> {
    crate::ssr::preferences::remember_client(&client).await
}
