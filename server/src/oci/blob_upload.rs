//! `/v2/<name>/blobs/uploads/`: blobs on their way in.

use axum::{
    body::{Body, HttpBody},
    response::{IntoResponse, Response},
};
use futures::{StreamExt, TryStreamExt};
use http::{HeaderName, Method, StatusCode, header};
use service::{
    Error,
    upload::{ByteStream, is_of_nothing},
};
use types::{
    digest::{Algorithm, Digest},
    name::RepositoryName,
    oci::range::ContentRange,
};

use super::{Asked, CONTENT_DIGEST, Refusal, value};

const UPLOAD_ID: HeaderName = HeaderName::from_static("docker-upload-uuid");

/// `POST`: mounts a blob, takes one whole, or opens an upload.
pub(super) async fn start(asked: Asked, repository: RepositoryName, body: Body) -> Result<Response, Refusal> {
    asked.allow(&[Method::POST])?;
    if let Some(mount) = asked.query("mount") {
        let digest = digest(&mount)?;
        let from: Option<RepositoryName> = asked.query("from").and_then(|from| from.parse().ok());
        let is_anonymous = asked.query("from").is_none();
        if (is_anonymous || from.is_some())
            && asked.services.uploads.mount(&asked.cx, &repository, &digest, from.as_ref()).await?
        {
            return Ok(created(&repository, &digest));
        }
    }
    let announced = asked.query("digest").map(|text| digest(&text)).transpose()?;
    match announced {
        Some(digest) if body.size_hint().exact() != Some(0) || is_of_nothing(&digest) => {
            asked.services.uploads.push(&asked.cx, &repository, &digest, stream(body)).await?;
            Ok(created(&repository, &digest))
        }
        announced => {
            let algorithm = algorithm(&asked, announced.as_ref())?;
            let id = asked.services.uploads.start(&asked.cx, &repository, algorithm).await?;
            Ok(continued(StatusCode::ACCEPTED, &repository, &id.to_string(), 0))
        }
    }
}

/// One upload: `GET` tells how far it is, `PATCH` appends, `PUT` ends it, `DELETE` gives it up.
pub(super) async fn serve(
    asked: Asked,
    repository: RepositoryName,
    id: String,
    body: Body,
) -> Result<Response, Refusal> {
    let uploads = &asked.services.uploads;
    match asked.method {
        Method::GET | Method::HEAD => {
            let offset = uploads.offset(&asked.cx, &repository, &id).await?;
            Ok(continued(StatusCode::NO_CONTENT, &repository, &id, offset))
        }
        Method::PATCH => {
            let range = content_range(&asked)?;
            let offset = uploads.append(&asked.cx, &repository, &id, range, stream(body)).await?;
            Ok(continued(StatusCode::ACCEPTED, &repository, &id, offset))
        }
        Method::PUT => {
            let missing = || Error::InvalidDigest("the digest of the blob must be given".to_owned());
            let digest = digest(&asked.query("digest").ok_or_else(missing)?)?;
            let range = content_range(&asked)?;
            uploads.finish(&asked.cx, &repository, &id, (&digest, range), stream(body)).await?;
            Ok(created(&repository, &digest))
        }
        Method::DELETE => {
            uploads.cancel(&asked.cx, &repository, &id).await?;
            Ok(StatusCode::NO_CONTENT.into_response())
        }
        _ => Err(Refusal::Method(&[Method::GET, Method::HEAD, Method::PATCH, Method::PUT, Method::DELETE])),
    }
}

fn digest(text: &str) -> Result<Digest, Error> {
    text.parse().map_err(|error: types::digest::DigestError| Error::InvalidDigest(error.to_string()))
}

/// The algorithm the client says it will use. Source: OCI distribution-spec, `digest-algorithm`.
fn algorithm(asked: &Asked, announced: Option<&Digest>) -> Result<Algorithm, Error> {
    match (announced, asked.query("digest-algorithm")) {
        (Some(digest), _) => Ok(digest.algorithm()),
        (None, Some(name)) => {
            name.parse().map_err(|error: types::digest::DigestError| Error::InvalidDigest(error.to_string()))
        }
        (None, None) => Ok(Algorithm::Sha256),
    }
}

fn content_range(asked: &Asked) -> Result<Option<ContentRange>, Error> {
    let Some(stated) = asked.headers.get(header::CONTENT_RANGE) else { return Ok(None) };
    let invalid = || Error::Invalid {
        field: "Content-Range",
        reason: "it must be <first byte>-<last byte>".to_owned(),
    };
    ContentRange::parse(stated.to_str().map_err(|_| invalid())?).map(Some).map_err(|_| invalid())
}

fn stream(body: Body) -> ByteStream {
    body.into_data_stream().map_err(axum::Error::into_inner).boxed()
}

fn created(repository: &RepositoryName, digest: &Digest) -> Response {
    let mut response = StatusCode::CREATED.into_response();
    response.headers_mut().insert(header::LOCATION, value(format!("/v2/{repository}/blobs/{digest}")));
    response.headers_mut().insert(CONTENT_DIGEST, value(digest));
    response
}

/// The state of an open upload. An upload of no bytes has the range `0-0`, as clients of `distribution` know it.
fn continued(status: StatusCode, repository: &RepositoryName, id: &str, offset: u64) -> Response {
    let mut response = status.into_response();
    let headers = response.headers_mut();
    headers.insert(header::LOCATION, value(format!("/v2/{repository}/blobs/uploads/{id}")));
    headers.insert(header::RANGE, value(format!("0-{}", offset.max(1) - 1)));
    headers.insert(UPLOAD_ID, value(id));
    response
}
