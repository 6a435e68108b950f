//! Who is at a door: turns the `Authorization` header of a request into a caller, for every door alike.

use axum_extra::headers::{Authorization, HeaderMapExt, authorization};
use http::{HeaderMap, header};
use service::{Caller, Denial, Error, OpCtx, Services};
use types::{name::RepositoryName, secret::Secret};

use crate::middleware::ClientInfo;

/// A context for nobody, at the time and place of the request.
pub fn nobody(client: &ClientInfo) -> OpCtx {
    OpCtx {
        caller: Caller::Anonymous,
        grants: None,
        request_id: client.request_id.to_string(),
        remote: client.ip,
        now: client.now,
    }
}

/// Name and password of a Basic header, if that is what was sent.
pub fn basic(headers: &HeaderMap) -> Option<(String, Secret<String>)> {
    let basic = headers.typed_get::<Authorization<authorization::Basic>>()?;
    Some((basic.username().to_owned(), Secret::new(basic.password().to_owned())))
}

/// Who the `Authorization` header speaks of: nobody where there is none. For a request about an open upload, its
/// repository and id say so: the token it was opened with goes on to count.
///
/// Errors: `Unauthenticated` for credentials that are wrong or of an unknown kind, `RateLimited`, `Unavailable`.
pub async fn authenticate(
    services: &Services,
    client: &ClientInfo,
    headers: &HeaderMap,
    upload: Option<(&RepositoryName, &str)>,
) -> Result<OpCtx, Error> {
    let cx = nobody(client);
    if !headers.contains_key(header::AUTHORIZATION) {
        return Ok(cx);
    }
    if let Some((name, password)) = basic(headers) {
        let holder = services.authn.client(&cx, &name, &password).await?;
        return Ok(OpCtx { caller: holder.into(), ..cx });
    }
    if let Some(bearer) = headers.typed_get::<Authorization<authorization::Bearer>>() {
        let tokens = &services.tokens;
        let (caller, grants) = match upload {
            Some(upload) => tokens.authenticate_for_upload(bearer.token(), client.now, upload).await?,
            None => tokens.authenticate(bearer.token(), client.now).await?,
        };
        return Ok(OpCtx { caller, grants: Some(grants), ..cx });
    }
    Err(Error::Unauthenticated { denial: Denial::BadCredentials, scopes: Vec::new() })
}
