//! What handlers read from a request; every refusal is in Harbor's envelope already.

use axum::{
    body::to_bytes,
    extract::{FromRef, FromRequest, FromRequestParts, RawPathParams, Request},
};
use http::{HeaderMap, header, request::Parts};
use serde::de::DeserializeOwned;
use service::{Error, OpCtx, Services, project::ProjectRef};

use super::error::Refusal;
use crate::{caller, middleware::ClientInfo};

/// Who asks: the user or the robot of Basic credentials, or nobody.
///
/// A token of the registry is refused: it is narrowed to scopes of repositories, which say nothing about this API.
/// Source: `harbor.md` §4.1, registry tokens count on `/v2` only.
pub(super) struct HarborCaller(pub(super) OpCtx);

impl<S> FromRequestParts<S> for HarborCaller
where
    S: Send + Sync,
    Services: FromRef<S>,
{
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let Ok(client) = ClientInfo::from_request_parts(parts, state).await;
        if !parts.headers.contains_key(header::AUTHORIZATION) {
            return Ok(Self(caller::nobody(&client)));
        }
        if caller::basic(&parts.headers).is_none() {
            return Err(Refusal::credentials());
        }
        let services = Services::from_ref(state);
        Ok(Self(caller::authenticate(&services, &client, &parts.headers, None).await?))
    }
}

/// The named parts of the path, decoded once.
pub(super) struct PathParams {
    params: Vec<(String, String)>,
    has_names_only: bool,
}

impl<S: Send + Sync> FromRequestParts<S> for PathParams {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let params = RawPathParams::from_request_parts(parts, state)
            .await
            .map_err(|_| Refusal::bad("the path is no valid UTF-8"))?;
        let params = params.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        Ok(Self { params, has_names_only: header_flag(&parts.headers, "x-is-resource-name") })
    }
}

impl PathParams {
    /// One part as sent.
    pub(super) fn text(&self, name: &str) -> &str {
        self.params.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// One part that is an id.
    pub(super) fn id(&self, name: &str) -> Result<i64, Refusal> {
        let text = self.text(name);
        text.parse()
            .map_err(|_| Refusal::unprocessable(format!("{name} in path must be of type int64: \"{text}\"")))
    }

    /// The project: what is a number is an id, unless the header `X-Is-Resource-Name` says otherwise.
    pub(super) fn project(&self) -> ProjectRef {
        let text = self.text("project_name_or_id");
        match text.parse() {
            Ok(id) if !self.has_names_only => ProjectRef::Id(id),
            _ => ProjectRef::Name(text.to_owned()),
        }
    }
}

/// A flag in a header.
pub(super) fn header_flag(headers: &HeaderMap, name: &str) -> bool {
    headers.get(name).and_then(|value| value.to_str().ok()).is_some_and(is_true)
}

/// What counts as true; anything else is false. Source: `swag.ConvertBool` of go-openapi, which Harbor uses.
pub(super) fn is_true(text: &str) -> bool {
    matches!(
        text.to_ascii_lowercase().as_str(),
        "true" | "1" | "yes" | "ok" | "y" | "on" | "selected" | "checked" | "t" | "enabled"
    )
}

/// A JSON object in the body.
///
/// A body without `Content-Type` is taken for JSON; with another type it is refused with 415.
pub(super) struct JsonBody<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for JsonBody<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &S) -> Result<Self, Refusal> {
        check_media_type(request.headers())?;
        let body = to_bytes(request.into_body(), usize::MAX).await.map_err(|_| Error::BodyBroken)?;
        if !body.trim_ascii_start().starts_with(b"{") {
            return Err(Refusal::unprocessable("the body must be a JSON object"));
        }
        let read = serde_json::from_slice(&body);
        read.map(Self).map_err(|error| Refusal::unprocessable(format!("the body can't be read: {error}")))
    }
}

fn check_media_type(headers: &HeaderMap) -> Result<(), Refusal> {
    let Some(stated) = headers.get(header::CONTENT_TYPE) else { return Ok(()) };
    let stated = stated.to_str().unwrap_or_default();
    let essence = stated.split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case("application/json") { Ok(()) } else { Err(Refusal::media_type(essence)) }
}
