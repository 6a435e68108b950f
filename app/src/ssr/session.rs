//! The session of a browser: what is kept in it, and how it begins and ends.

use super::{PageInfo, context};
use crate::{
    error::AppError,
    pages::sign_in::address_after,
    view::{Returned, SessionUser, SessionView, SignInOutcome},
};
use http::{
    Method,
    header::{ACCEPT, USER_AGENT},
    request::Parts,
};
use leptos::{prelude::use_context, server_fn::error::ServerFnUrlError};
use serde::{Deserialize, Serialize};
use service::{Caller, Denial, Error};
use std::collections::BTreeMap;
use tower_sessions::Session;
use types::{secret::Secret, ui_error::UiError};

pub use crate::pages::sign_in::safe_path;

/// The one key of a session, under which [`SessionIdentity`] is kept.
pub const SESSION_KEY: &str = "identity";

/// Who a session belongs to, and where it began. Rights are never kept: they are looked up for every request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionIdentity {
    /// The user's id.
    pub user_id: i64,
    /// The version of the credentials the session began with; it ends when they change.
    pub credential_version: i32,
    /// The address the browser had.
    #[serde(default)]
    pub address: String,
    /// What the browser said it is.
    #[serde(default)]
    pub client: String,
    /// When, in seconds since the epoch.
    #[serde(default)]
    pub started_at: i64,
}

/// Who is signed in and where this registry is; nobody and nowhere outside of a request that the server prepared.
pub fn view() -> SessionView {
    let (Ok((cx, services)), Some(info)) = (context(), use_context::<PageInfo>()) else {
        return SessionView::default();
    };
    let may_create_projects = services.projects.may_create(&cx);
    let user = match cx.caller {
        // a page is asked for by people alone
        Caller::Anonymous | Caller::AccessToken(_) | Caller::Robot(_) => None,
        Caller::User(user) => {
            Some(SessionUser { id: user.id, name: user.name.to_string(), is_admin: user.is_admin })
        }
    };
    SessionView {
        user,
        self_registration: info.self_registration,
        may_create_projects,
        read_only: info.read_only,
        registry: info.into(),
        returned: returned(),
    }
}

/// What the address of a page says about a form that was sent from it. Source: leptos's `ServerFnUrlError`.
fn returned() -> Option<Returned> {
    returned_in(use_context::<Parts>()?.uri.query()?)
}

fn returned_in(query: &str) -> Option<Returned> {
    let mut query: BTreeMap<String, String> = serde_qs::from_str(query).ok()?;
    let error = ServerFnUrlError::<AppError>::decode_err(&query.remove("__err")?);
    Some(Returned { path: query.remove("__path")?, error })
}

/// Checks a name and a password, and begins a session under a fresh id when they are right.
///
/// Errors: whatever is no refusal of these credentials.
pub async fn start(username: &str, password: String) -> Result<SignInOutcome, AppError> {
    let (cx, services) = context()?;
    let signed_in = match services.authn.sign_in(&cx, username, &Secret::new(password)).await {
        Ok(signed_in) => signed_in,
        Err(Error::Unauthenticated { denial: Denial::BadCredentials, .. }) => {
            return Ok(SignInOutcome::WrongCredentials);
        }
        Err(Error::RateLimited { retry_after_secs }) => {
            return Ok(SignInOutcome::RateLimited { retry_after_secs });
        }
        Err(error) => return Err(error.into()),
    };
    let identity = SessionIdentity {
        user_id: signed_in.identity.id,
        credential_version: signed_in.credential_version,
        address: cx.remote.to_string(),
        client: browser(),
        started_at: cx.now.timestamp(),
    };
    let session = session().await?;
    session.cycle_id().await.map_err(unavailable)?;
    session.insert(SESSION_KEY, identity).await.map_err(unavailable)?;
    Ok(SignInOutcome::SignedIn)
}

/// Ends the session, here and in the store.
///
/// Errors: `Unavailable` when the store does not answer.
pub async fn end() -> Result<(), AppError> {
    session().await?.flush().await.map_err(unavailable)
}

/// Sends the browser on after an attempt to sign in.
///
/// A page with scripting stays where it is when it was refused: it shows the outcome itself.
pub fn go_on(outcome: &SignInOutcome, next: &str) {
    if *outcome == SignInOutcome::SignedIn || is_plain_form() {
        leptos_axum::redirect(&address_after(outcome, next));
    }
}

/// Whether a form was sent without scripting: the browser then wants a page for an answer.
pub(super) fn is_plain_form() -> bool {
    use_context::<Parts>().is_some_and(|parts| {
        let accept = parts.headers.get(ACCEPT).and_then(|accept| accept.to_str().ok());
        parts.method == Method::POST && accept.is_some_and(|accept| accept.contains("text/html"))
    })
}

/// What the browser says it is.
fn browser() -> String {
    let parts = use_context::<Parts>();
    let client = parts.as_ref().and_then(|parts| parts.headers.get(USER_AGENT)?.to_str().ok());
    client.unwrap_or_default().to_owned()
}

/// The id of the session that asks; empty where there is none.
///
/// Errors: `Unavailable` when there is no session layer.
pub async fn current_id() -> Result<String, AppError> {
    Ok(session().await?.id().map(|id| id.to_string()).unwrap_or_default())
}

async fn session() -> Result<Session, AppError> {
    leptos_axum::extract::<Session>().await.map_err(unavailable)
}

fn unavailable(cause: impl std::fmt::Display) -> AppError {
    tracing::error!(error = %cause, "The session could not be used: {cause}");
    super::answer_with(http::StatusCode::SERVICE_UNAVAILABLE);
    UiError::Unavailable.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_form_is_known_by_the_address_it_came_back_to() {
        let refused = ServerFnUrlError::new("/ui-fn/user/update_current", AppError::from(UiError::Conflict));
        let address = refused.to_url("https://berth.test/account?tab=x").unwrap();
        let returned = returned_in(address.query().unwrap()).unwrap();
        assert_eq!(returned.path, "/ui-fn/user/update_current");
        assert_eq!(returned.error, UiError::Conflict.into());
    }

    #[test]
    fn an_odd_address_tells_of_no_form() {
        for query in ["", "q=web&page=2", "__err=x", "__path=/ui-fn/user/create", "a[=1&&=", "filter[a]=1"] {
            assert_eq!(returned_in(query), None, "{query}");
        }
        let unreadable = returned_in("__err=%3Cb%3E&__path=/x").unwrap();
        assert_eq!(unreadable.error, AppError::Unreachable);
    }
}
