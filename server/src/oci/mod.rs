//! Door `/v2/`: the registry protocol.
//!
//! Repository names hold slashes, so one entry parses the path (`types::oci::route`), finds out who asks, and hands on.
//! Every answer, the refusals included, is in the envelope of the OCI distribution-spec.

mod blob;
mod blob_upload;
mod catalog;
mod error;
mod manifest;
mod referrers;
mod tag;

use axum::{
    Router,
    extract::{Request, State},
    response::{IntoResponse, Response},
    routing::any,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Uri, header};
use percent_encoding::percent_decode_str;
use service::{Denial, Error, OpCtx, Services, token};
use types::{
    name::RepositoryName,
    oci::route::{self, Route},
    scope::Scope,
};

use crate::{caller, middleware::ClientInfo, state::AppState};

use self::error::Refused;
pub(crate) use self::error::{Refusal, respond};

/// Tells clients which protocol this is.
const API_VERSION: HeaderName = HeaderName::from_static("docker-distribution-api-version");
/// The digest of what is answered.
const CONTENT_DIGEST: HeaderName = HeaderName::from_static("docker-content-digest");

/// The routes of the door.
pub fn routes() -> Router<AppState> {
    Router::new().route("/v2", any(entry)).route("/v2/", any(entry)).route("/v2/{*path}", any(entry))
}

/// A request that was understood and whose caller is known.
struct Asked {
    services: Services,
    cx: OpCtx,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    max_page: u64,
}

async fn entry(State(services): State<Services>, client: ClientInfo, request: Request) -> Response {
    let mut response = match answer(services, &client, request).await {
        Ok(response) => response,
        Err(refused) => refused.into_response(&client),
    };
    response.headers_mut().insert(API_VERSION, HeaderValue::from_static("registry/2.0"));
    response
}

async fn answer(services: Services, client: &ClientInfo, request: Request) -> Result<Response, Refused> {
    let (parts, body) = request.into_parts();
    let path = percent_decode_str(parts.uri.path().strip_prefix("/v2").unwrap_or_default()).decode_utf8();
    let path = path.map_err(|_| Refused::from(Refusal::UnknownPath))?;
    let route = route::parse(&path).map_err(|error| Refused::from(Refusal::Route(error)))?;
    let scopes = scopes(&parts.method, &route, &parts.uri);
    let in_scope = |error| Refused { refusal: Refusal::Service(error), scopes: scopes.clone() };
    if !parts.headers.contains_key(header::AUTHORIZATION) {
        let denial = Denial::NoCredentials;
        return Err(in_scope(Error::Unauthenticated { denial, scopes: Vec::new() }));
    }
    let upload = match &route {
        Route::Upload(repository, id) => Some((repository, id.as_str())),
        _ => None,
    };
    let cx = caller::authenticate(&services, client, &parts.headers, upload).await.map_err(in_scope)?;
    let asked = Asked {
        services,
        cx,
        method: parts.method,
        uri: parts.uri,
        headers: parts.headers,
        max_page: MAX_PAGE,
    };
    dispatch(asked, route, body).await.map_err(|refusal| Refused { refusal, scopes })
}

/// The most names that one page of a list holds.
const MAX_PAGE: u64 = 10_000;

async fn dispatch(asked: Asked, route: Route, body: axum::body::Body) -> Result<Response, Refusal> {
    match route {
        Route::Base => base(&asked),
        Route::Catalog => catalog::list(asked).await,
        Route::Tags(repository) => tag::list(asked, repository).await,
        Route::Blob(repository, digest) => blob::serve(asked, repository, digest).await,
        Route::Uploads(repository) => blob_upload::start(asked, repository, body).await,
        Route::Upload(repository, id) => blob_upload::serve(asked, repository, id, body).await,
        Route::Manifest(repository, reference) => manifest::serve(asked, repository, reference, body).await,
        Route::Referrers(repository, digest) => referrers::list(asked, repository, digest).await,
    }
}

/// Answers whoever is signed in, as clients ask to learn that.
fn base(asked: &Asked) -> Result<Response, Refusal> {
    asked.allow(&[Method::GET, Method::HEAD])?;
    if asked.cx.caller == service::Caller::Anonymous {
        let denial = match asked.cx.grants {
            Some(_) => Denial::InsufficientScope,
            None => Denial::NoCredentials,
        };
        return Err(Error::Unauthenticated { denial, scopes: Vec::new() }.into());
    }
    Ok(([(header::CONTENT_TYPE, "application/json")], "{}").into_response())
}

impl Asked {
    /// Refuses a method that the address does not have.
    fn allow(&self, methods: &'static [Method]) -> Result<(), Refusal> {
        if methods.contains(&self.method) { Ok(()) } else { Err(Refusal::Method(methods)) }
    }

    /// One value of the query string.
    fn query(&self, key: &str) -> Option<String> {
        query(&self.uri, key)
    }

    /// Every value of the query string with this key, in order.
    fn query_all(&self, key: &str) -> Vec<String> {
        let pairs = form_urlencoded::parse(self.uri.query().unwrap_or_default().as_bytes());
        pairs.filter(|(name, _)| name == key).map(|(_, value)| value.into_owned()).collect()
    }
}

fn query(uri: &Uri, key: &str) -> Option<String> {
    let pairs = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    pairs.into_iter().find(|(name, _)| name == key).map(|(_, value)| value.into_owned())
}

/// What a token must carry for this request. Source: `harbor.md` §3, the challenge.
fn scopes(method: &Method, route: &Route, uri: &Uri) -> Vec<Scope> {
    let Some(repository) = route.repository() else {
        return if *route == Route::Catalog { vec![Scope::parse("registry:catalog:*")] } else { Vec::new() };
    };
    match *method {
        Method::GET | Method::HEAD if !matches!(route, Route::Upload(..)) => {
            token::scopes_for_pull(repository)
        }
        Method::DELETE if !matches!(route, Route::Upload(..)) => token::scopes_for_delete(repository),
        _ => {
            let source: Option<RepositoryName> = query(uri, "from").and_then(|from| from.parse().ok());
            token::scopes_for_push(repository, source.as_ref().filter(|_| query(uri, "mount").is_some()))
        }
    }
}

/// Shared by the lists of the door: the page that is asked for, and the link to the next.
struct Paging {
    last: Option<String>,
    limit: u64,
}

impl Paging {
    fn of(asked: &Asked) -> Result<Self, Refusal> {
        let limit = match asked.query("n") {
            None => asked.max_page,
            Some(n) => n.parse::<u64>().map_err(|_| Refusal::PageSize)?.min(asked.max_page),
        };
        Ok(Self { last: asked.query("last").filter(|last| !last.is_empty()), limit })
    }

    /// The header that leads to the names after `last`. Source: OCI distribution-spec, "Listing tags".
    fn link(&self, path: &str, last: Option<&String>, has_more: bool) -> Option<(HeaderName, String)> {
        let last = last.filter(|_| has_more)?;
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("last", last)
            .append_pair("n", &self.limit.to_string())
            .finish();
        Some((header::LINK, format!("<{path}?{query}>; rel=\"next\"")))
    }
}

/// Answers JSON with headers of its own.
fn json(body: &impl serde::Serialize, link: Option<(HeaderName, String)>) -> Response {
    let mut response = axum::Json(body).into_response();
    if let Some((name, value)) = link
        && let Ok(value) = HeaderValue::from_str(&value)
    {
        response.headers_mut().insert(name, value);
    }
    response
}

/// A header value from text that is known to be plain.
fn value(text: impl AsRef<str>) -> HeaderValue {
    HeaderValue::from_str(text.as_ref()).unwrap_or_else(|_| HeaderValue::from_static(""))
}
