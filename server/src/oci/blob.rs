//! `/v2/<name>/blobs/<digest>`.

use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, Method, StatusCode, header};
use service::blob::Content;
use types::{
    digest::Digest,
    name::RepositoryName,
    oci::range::{ByteRange, Resolved},
};

use super::{Asked, CONTENT_DIGEST, Refusal, value};

pub(super) async fn serve(
    asked: Asked,
    repository: RepositoryName,
    digest: Digest,
) -> Result<Response, Refusal> {
    match asked.method {
        Method::GET | Method::HEAD => get(asked, repository, digest).await,
        Method::DELETE => {
            asked.services.blobs.delete(&asked.cx, &repository, &digest).await?;
            Ok(StatusCode::ACCEPTED.into_response())
        }
        _ => Err(Refusal::Method(&[Method::GET, Method::HEAD, Method::DELETE])),
    }
}

/// Where the store serves the bytes itself: an answer to GET alone, for HEAD has none.
fn see_store(address: &str, digest: &Digest) -> Response {
    let mut response = StatusCode::TEMPORARY_REDIRECT.into_response();
    response.headers_mut().insert(header::LOCATION, value(address));
    response.headers_mut().insert(CONTENT_DIGEST, value(digest));
    // The address is of no use to anyone who comes later, or who may not pull.
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// A blob whole, or the one range that is asked for (RFC 9110 §14).
async fn get(asked: Asked, repository: RepositoryName, digest: Digest) -> Result<Response, Refusal> {
    let blob = asked.services.blobs.get(&asked.cx, &repository, &digest).await?;
    if asked.method == Method::GET
        && let Some(address) = blob.redirect().await?
    {
        return Ok(see_store(&address, &digest));
    }
    let range = asked.headers.get(header::RANGE).and_then(|range| range.to_str().ok());
    let range = match range.filter(|_| blob.size > 0).and_then(ByteRange::parse) {
        Some(range) => Some(range.resolve(blob.size).map_err(|_| Refusal::Unsatisfiable(blob.size))?),
        None => None,
    };
    let body = if asked.method == Method::HEAD {
        Body::empty()
    } else {
        match blob.read(range.map(|range| range.inclusive())).await? {
            Content::Whole(bytes) => Body::from(bytes),
            Content::Stream(stream) => Body::from_stream(stream),
        }
    };
    let mut response = Response::new(body);
    describe(&mut response, blob.size, range);
    response.headers_mut().insert(CONTENT_DIGEST, value(&digest));
    response.headers_mut().insert(header::ETAG, value(format!("\"{digest}\"")));
    Ok(response)
}

fn describe(response: &mut Response, size: u64, range: Option<Resolved>) {
    let length = range.map_or(size, |range| range.len());
    if let Some(range) = range {
        *response.status_mut() = StatusCode::PARTIAL_CONTENT;
        response.headers_mut().insert(header::CONTENT_RANGE, value(range.content_range(size)));
    }
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
}
