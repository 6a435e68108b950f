//! `/v2/<name>/manifests/<reference>`.

use axum::{
    body::{Body, to_bytes},
    response::{IntoResponse, Response},
};
use http::{HeaderName, HeaderValue, Method, StatusCode, header};
use service::{
    Error,
    artifact::{Named, Stored},
};
use types::{
    name::{NameError, RepositoryName, Tag},
    oci::{condition::Condition, error_code::ErrorCode, reference::Reference},
};

use super::{Asked, CONTENT_DIGEST, Refusal, value};

const SUBJECT: HeaderName = HeaderName::from_static("oci-subject");
const TAG: HeaderName = HeaderName::from_static("oci-tag");
/// The most tags that one push sets.
const MAX_TAGS: usize = 100;

pub(super) async fn serve(
    asked: Asked,
    repository: RepositoryName,
    reference: Reference,
    body: Body,
) -> Result<Response, Refusal> {
    match asked.method {
        Method::GET | Method::HEAD => get(asked, repository, reference).await,
        Method::PUT => put(asked, repository, reference, body).await,
        Method::DELETE => delete(asked, repository, reference).await,
        _ => Err(Refusal::Method(&[Method::GET, Method::HEAD, Method::PUT, Method::DELETE])),
    }
}

async fn get(asked: Asked, repository: RepositoryName, reference: Reference) -> Result<Response, Refusal> {
    let is_get = asked.method == Method::GET;
    let artifacts = &asked.services.artifacts;
    let found = artifacts.get_manifest(&asked.cx, &repository, &reference, is_get).await?;
    let is_known = is_known(&asked, &found.digest);
    let mut response =
        if is_known { StatusCode::NOT_MODIFIED.into_response() } else { content(&found, is_get) };
    let headers = response.headers_mut();
    headers.insert(CONTENT_DIGEST, value(&found.digest));
    headers.insert(header::ETAG, value(format!("\"{}\"", found.digest)));
    Ok(response)
}

fn content(found: &Stored, is_get: bool) -> Response {
    let body = if is_get { Body::from(found.content.clone()) } else { Body::empty() };
    let mut response = Response::new(body);
    response.headers_mut().insert(header::CONTENT_TYPE, value(&found.media_type));
    response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(found.content.len()));
    response
}

/// Whether the client holds the manifest already. Source: `harbor.md` §4.1, `ETag` with or without quotes.
fn is_known(asked: &Asked, digest: &str) -> bool {
    let held = asked.headers.get(header::IF_NONE_MATCH).and_then(|held| held.to_str().ok());
    held.is_some_and(|held| {
        held.split(',').any(|one| one.trim().trim_start_matches("W/").trim_matches('"') == digest)
    })
}

async fn put(
    asked: Asked,
    repository: RepositoryName,
    reference: Reference,
    body: Body,
) -> Result<Response, Refusal> {
    let is_by_digest = reference.digest().is_some();
    let named = Named { tags: tags(&asked, is_by_digest)?, condition: condition(&asked)?, reference };
    let content_type = asked.headers.get(header::CONTENT_TYPE).and_then(|stated| stated.to_str().ok());
    let content = to_bytes(body, usize::MAX).await.map_err(|_| broken())?;
    let artifacts = &asked.services.artifacts;
    let pushed = artifacts.put_manifest(&asked.cx, &repository, named, (content_type, content)).await?;
    let mut response = StatusCode::CREATED.into_response();
    let headers = response.headers_mut();
    headers.insert(header::LOCATION, value(format!("/v2/{repository}/manifests/{}", pushed.digest)));
    headers.insert(CONTENT_DIGEST, value(&pushed.digest));
    if let Some(subject) = pushed.subject {
        headers.insert(SUBJECT, value(&subject));
    }
    for tag in pushed.tags.iter().filter(|_| is_by_digest) {
        headers.append(TAG, value(tag));
    }
    Ok(response)
}

/// The tags that a push by digest sets. Source: OCI distribution-spec, "Pushing manifests", the parameter `tag`.
fn tags(asked: &Asked, is_by_digest: bool) -> Result<Vec<Tag>, Refusal> {
    let sent = asked.query_all("tag");
    let refused =
        |status, message: String| Err(Refusal::Request(status, ErrorCode::ManifestInvalid, message));
    if !is_by_digest && !sent.is_empty() {
        let message = "the parameter tag goes with a push by digest: name the digest in the path";
        return refused(StatusCode::BAD_REQUEST, message.to_owned());
    }
    if sent.len() > MAX_TAGS {
        return refused(StatusCode::URI_TOO_LONG, format!("a push sets at most {MAX_TAGS} tags"));
    }
    let parsed: Result<Vec<Tag>, _> = sent.iter().map(|tag| tag.parse()).collect();
    parsed.or_else(|error: NameError| refused(StatusCode::BAD_REQUEST, error.to_string()))
}

/// What must be there for the request to be done. Source: RFC 9110 §13.1.
fn condition(asked: &Asked) -> Result<Condition, Refusal> {
    let sent = |name| {
        let values = asked.headers.get_all(&name).iter();
        let texts: Vec<_> = values.map(|value| String::from_utf8_lossy(value.as_bytes())).collect();
        Some(texts.join(",")).filter(|_| !texts.is_empty())
    };
    Condition::parse(sent(header::IF_MATCH).as_deref(), sent(header::IF_NONE_MATCH).as_deref()).map_err(
        |error| Refusal::Request(StatusCode::BAD_REQUEST, ErrorCode::ManifestInvalid, error.to_string()),
    )
}

fn broken() -> Error {
    Error::InvalidManifest(Error::BodyBroken.to_string())
}

async fn delete(asked: Asked, repository: RepositoryName, reference: Reference) -> Result<Response, Refusal> {
    let named = Named { tags: Vec::new(), condition: condition(&asked)?, reference };
    asked.services.artifacts.delete_manifest(&asked.cx, &repository, named).await?;
    Ok(StatusCode::ACCEPTED.into_response())
}
