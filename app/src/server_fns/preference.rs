//! Remembering what a visitor chose, in a cookie: it needs no account.

use crate::error::AppError;
use leptos::prelude::*;

/// Remembers the language.
#[server(prefix = "/ui-fn", endpoint = "preference/update_locale")]
pub async fn update_locale(locale: String) -> Result<(), AppError> {
    crate::ssr::preferences::remember_locale(&locale)
}

/// Remembers the theme.
#[server(prefix = "/ui-fn", endpoint = "preference/update_theme")]
pub async fn update_theme(theme: String) -> Result<(), AppError> {
    crate::ssr::preferences::remember_theme(&theme)
}
