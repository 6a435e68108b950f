//! The session cookie, and who it speaks of.

use app::ssr::session::{SESSION_KEY, SessionIdentity};
use axum::{
    Router,
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use service::{Caller, Error, OpCtx, Services};
use tower::{ServiceExt, service_fn};
use tower_sessions::{
    Expiry, Session, SessionManagerLayer, SessionStore,
    cookie::{SameSite, time::Duration},
    session::Id,
};

use super::{SessionLayer, events};
use crate::{
    caller::nobody,
    middleware::{Cause, ClientInfo, Door, Scheme, failure},
    session_store::DatabaseStore,
};

/// A session ends this long after its last use. Source: `harbor.md` §5, `session_timeout`.
const LIFE: Duration = Duration::minutes(60);
/// How long a session that is used goes unwritten, in seconds.
const RENEW_AFTER_SECS: i64 = 300;
/// When the session was last written, in seconds since the epoch.
const RENEWED_AT: &str = "renewed_at";

/// The cookie by the scheme that browsers use: over TLS it is bound to this host and never sent in clear.
pub(super) fn layer(scheme: Scheme, store: DatabaseStore) -> SessionLayer {
    let is_secure = scheme == Scheme::Https;
    SessionManagerLayer::new(store)
        .with_name(if is_secure { "__Host-sid" } else { "sid" })
        .with_secure(is_secure)
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_path("/")
        .with_expiry(Expiry::OnInactivity(LIFE))
}

/// Chooses the router by how the browser reached us.
pub(super) fn by_scheme(
    plain: Router,
    secure: Router,
) -> impl tower::Service<
    Request,
    Response = Response,
    Error = std::convert::Infallible,
    Future = impl Future<Output = Result<Response, std::convert::Infallible>> + Send,
> + Clone
+ Send
+ Sync
+ 'static {
    service_fn(move |request: Request| {
        let client = request.extensions().get::<ClientInfo>();
        let is_secure = client.is_some_and(|client| client.base_url().starts_with("https://"));
        if is_secure { secure.clone() } else { plain.clone() }.oneshot(request)
    })
}

/// Finds out who the session belongs to, with the rights of this moment, and leaves it for pages and server functions.
pub(super) async fn identify(
    State(services): State<Services>,
    client: ClientInfo,
    session: Session,
    mut request: Request,
    next: Next,
) -> Response {
    let is_use = request.uri().path() != events::PATH;
    match caller(&services, &session, client.now, is_use).await {
        Ok(caller) => {
            request.extensions_mut().insert(OpCtx { caller, ..nobody(&client) });
            next.run(request).await
        }
        Err(error) => {
            let mut response =
                failure(Door::Site, http::StatusCode::SERVICE_UNAVAILABLE, "try again in a moment");
            response.extensions_mut().insert(Cause::new(error));
            response.into_response()
        }
    }
}

/// `is_use` lets the session live on; what a page does by itself is none.
async fn caller(
    services: &Services,
    session: &Session,
    now: DateTime<Utc>,
    is_use: bool,
) -> Result<Caller, Error> {
    let kept: Option<SessionIdentity> =
        session.get(SESSION_KEY).await.map_err(|error| Error::Unavailable(Some(Box::new(error))))?;
    let Some(kept) = kept else { return Ok(Caller::Anonymous) };
    let identity = services.authn.identity(kept.user_id, kept.credential_version).await?;
    if is_use {
        renew(session, now).await?;
    }
    Ok(identity.map_or(Caller::Anonymous, Caller::User))
}

/// The user whom a session belongs to at this moment, as the store has it.
pub(super) async fn owner(services: &Services, session: Option<Id>) -> Result<Option<i64>, Error> {
    let Some(id) = session else { return Ok(None) };
    let record = DatabaseStore(services.sessions.clone()).load(&id).await;
    let record = record.map_err(|error| Error::Unavailable(Some(Box::new(error))))?;
    let kept = record.and_then(|mut record| serde_json::from_value(record.data.remove(SESSION_KEY)?).ok());
    let Some(SessionIdentity { user_id, credential_version, .. }) = kept else { return Ok(None) };
    let identity = services.authn.identity(user_id, credential_version).await?;
    Ok(identity.map(|identity| identity.id))
}

/// Lets a session that is used live on. It is written once in a while, not for every page.
async fn renew(session: &Session, now: DateTime<Utc>) -> Result<(), Error> {
    let unavailable = |error: tower_sessions::session::Error| Error::Unavailable(Some(Box::new(error)));
    let renewed_at: Option<i64> = session.get(RENEWED_AT).await.map_err(unavailable)?;
    if renewed_at.is_none_or(|renewed_at| now.timestamp() - renewed_at >= RENEW_AFTER_SECS) {
        session.insert(RENEWED_AT, now.timestamp()).await.map_err(unavailable)?;
    }
    Ok(())
}
