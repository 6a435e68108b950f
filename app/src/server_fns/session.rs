//! Signing in and out.

use crate::{error::AppError, view::SignInOutcome};
use leptos::prelude::*;

/// Signs in and goes to `next`, a path of this site.
#[server(prefix = "/ui-fn", endpoint = "session/create")]
pub async fn create_session(
    username: String,
    password: String,
    next: String,
) -> Result<SignInOutcome, AppError> {
    let next = crate::ssr::session::safe_path(&next);
    let outcome = crate::ssr::session::start(&username, password).await?;
    crate::ssr::session::go_on(&outcome, &next);
    Ok(outcome)
}

/// Signs out.
#[server(prefix = "/ui-fn", endpoint = "session/delete")]
pub async fn delete_session() -> Result<(), AppError> {
    crate::ssr::session::end().await?;
    leptos_axum::redirect("/sign-in");
    Ok(())
}
