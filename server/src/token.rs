//! Door `/service/token`: hands out tokens of the registry protocol, by GET and by POST.
//!
//! Source: the token and OAuth2 documents of the distribution project; `harbor.md` §3; `docs/differences.md`.

use axum::{
    Form, Json, Router,
    extract::{RawQuery, State, rejection::FormRejection},
    response::{IntoResponse, Response},
    routing::get,
};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::Deserialize;
use serde_json::json;
use service::{
    Denial, Error, OpCtx, Services,
    token::{Holder, SERVICE},
};
use types::{oci::token::TokenResponse, scope::Scope, secret::Secret};

use crate::{caller, middleware::ClientInfo, oci::respond, state::AppState};

/// The routes of the door.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/service/token", get(get_token).post(post_token))
        .route("/.well-known/jwks.json", get(key_set))
}

/// The GET form: Basic credentials or none, any number of scopes. `account`, `client_id` and `offline_token` change
/// nothing: a client given a refresh token would store it instead of the password.
async fn get_token(
    State(services): State<Services>,
    client: ClientInfo,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let pairs: Vec<(String, String)> =
        form_urlencoded::parse(query.unwrap_or_default().as_bytes()).into_owned().collect();
    let service = pairs.iter().find(|(name, _)| name == "service").map(|(_, value)| value.as_str());
    if service != Some(SERVICE) {
        return (StatusCode::BAD_REQUEST, format!("service must be {SERVICE}\n")).into_response();
    }
    let scopes =
        Scope::parse_all(pairs.iter().filter(|(name, _)| name == "scope").map(|(_, value)| value.as_str()));
    match basic_token(&services, &client, &headers, &scopes).await {
        Ok(response) => response,
        Err(error) => respond(error, &[], &client),
    }
}

async fn basic_token(
    services: &Services,
    client: &ClientInfo,
    headers: &HeaderMap,
    scopes: &[Scope],
) -> Result<Response, Error> {
    let cx = caller::nobody(client);
    let holder = match caller::basic(headers) {
        Some((name, password)) => services.authn.client(&cx, &name, &password).await?,
        None if headers.contains_key(header::AUTHORIZATION) => return Err(denied(Denial::BadCredentials)),
        None if scopes.is_empty() => return Err(denied(Denial::NoCredentials)),
        None => Holder::Anonymous,
    };
    answer(services, &cx, &holder, scopes, None).await
}

/// The fields of the POST form.
#[derive(Deserialize)]
struct Grant {
    #[serde(default)]
    #[serde(rename = "grant_type")]
    kind: String,
    #[serde(default)]
    service: String,
    #[serde(default)]
    scope: String,
    #[serde(default)]
    access_type: String,
    username: Option<String>,
    password: Option<Secret<String>>,
    refresh_token: Option<Secret<String>>,
}

/// The OAuth2 form: `grant_type` is `password` or `refresh_token`; `access_type=offline` asks for a refresh token.
async fn post_token(
    State(services): State<Services>,
    client: ClientInfo,
    form: Result<Form<Grant>, FormRejection>,
) -> Response {
    let Ok(Form(grant)) = form else {
        return refused("invalid_request", "the form can't be read");
    };
    if grant.service != SERVICE {
        return refused("invalid_request", "service must be harbor-registry");
    }
    match grant_token(&services, &caller::nobody(&client), grant).await {
        Ok(response) => response,
        Err(error) => respond(error, &[], &client),
    }
}

async fn grant_token(services: &Services, cx: &OpCtx, grant: Grant) -> Result<Response, Error> {
    let scopes = Scope::parse_all([grant.scope.as_str()]);
    let (holder, refresh) = match (grant.kind.as_str(), grant.username, grant.password, grant.refresh_token) {
        ("password", Some(name), Some(password), _) => {
            let holder = services.authn.client(cx, &name, &password).await?;
            let refresh = match grant.access_type.as_str() {
                "offline" => Some(services.tokens.issue_refresh(cx, &holder)?),
                _ => None,
            };
            (holder, refresh)
        }
        ("refresh_token", _, _, Some(token)) => {
            let holder = services.tokens.redeem(cx, token.expose()).await?;
            (holder, Some(token.into_exposed()))
        }
        ("password" | "refresh_token", ..) => {
            return Ok(refused("invalid_request", "the credentials are missing"));
        }
        _ => {
            return Ok(refused("unsupported_grant_type", "grant_type must be password or refresh_token"));
        }
    };
    answer(services, cx, &holder, &scopes, refresh).await
}

async fn answer(
    services: &Services,
    cx: &OpCtx,
    holder: &Holder,
    scopes: &[Scope],
    refresh_token: Option<String>,
) -> Result<Response, Error> {
    let issued = services.tokens.issue(cx, holder, scopes).await?;
    let body = TokenResponse {
        token: issued.token.clone(),
        access_token: issued.token,
        expires_in: issued.expires_in,
        issued_at: issued.issued_at,
        refresh_token,
    };
    let mut response = Json(body).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// The public keys of tokens (RFC 7517).
async fn key_set(State(services): State<Services>) -> Response {
    let mut response = Json(services.tokens.key_set()).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=300"));
    response
}

/// An error as OAuth2 tells it (RFC 6749 §5.2).
fn refused(error: &str, description: &str) -> Response {
    (StatusCode::BAD_REQUEST, Json(json!({ "error": error, "error_description": description })))
        .into_response()
}

fn denied(denial: Denial) -> Error {
    Error::Unauthenticated { denial, scopes: Vec::new() }
}
