//! What people let in to their account: programs with an access token, and browsers.

use crate::{
    error::AppError,
    view::{AccessTokenList, SessionList},
};
use leptos::prelude::*;

/// Lists one's own access tokens, newest first.
#[server(prefix = "/ui-fn", endpoint = "access/list_tokens")]
pub async fn list_access_tokens() -> Result<AccessTokenList, AppError> {
    let (cx, services) = crate::ssr::context()?;
    Ok(AccessTokenList { as_of: cx.now, tokens: services.access_tokens.list(&cx).await? })
}

/// Makes an access token and tells its secret, this once; `days` is 0 for one that never ends.
#[server(prefix = "/ui-fn", endpoint = "access/create_token")]
pub async fn create_access_token(name: String, days: u32, is_read_only: bool) -> Result<String, AppError> {
    let (cx, services) = crate::ssr::context()?;
    let days = Some(days).filter(|days| *days > 0);
    let new = types::view::NewToken { name: name.trim().to_owned(), is_read_only, days };
    Ok(services.access_tokens.create(&cx, new).await?.into_exposed())
}

/// Ends one of one's own access tokens.
#[server(prefix = "/ui-fn", endpoint = "access/delete_token")]
pub async fn delete_access_token(id: i64) -> Result<(), AppError> {
    let (cx, services) = crate::ssr::context()?;
    services.access_tokens.delete(&cx, id).await?;
    crate::ssr::stay();
    Ok(())
}

/// Lists where one is signed in.
#[server(prefix = "/ui-fn", endpoint = "access/list_sessions")]
pub async fn list_sessions() -> Result<SessionList, AppError> {
    let (cx, services) = crate::ssr::context()?;
    let current = crate::ssr::session::current_id().await?;
    Ok(SessionList { as_of: cx.now, sessions: services.sessions.list(&cx, &current).await? })
}

/// Signs out elsewhere, by the handle of a list.
#[server(prefix = "/ui-fn", endpoint = "access/end_session")]
pub async fn end_session(handle: String) -> Result<(), AppError> {
    let (cx, services) = crate::ssr::context()?;
    services.sessions.end(&cx, &handle).await?;
    crate::ssr::stay();
    Ok(())
}

/// Signs out everywhere else.
#[server(prefix = "/ui-fn", endpoint = "access/end_other_sessions")]
pub async fn end_other_sessions() -> Result<(), AppError> {
    let (cx, services) = crate::ssr::context()?;
    let current = crate::ssr::session::current_id().await?;
    services.sessions.end_others(&cx, &current).await?;
    crate::ssr::stay();
    Ok(())
}
