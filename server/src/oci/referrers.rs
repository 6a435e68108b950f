//! `GET /v2/<name>/referrers/<digest>`.

use axum::response::Response;
use http::{HeaderName, HeaderValue, Method, StatusCode, header};
use types::{
    digest::Digest,
    name::RepositoryName,
    oci::{error_code::ErrorCode, media_type::OCI_INDEX, referrers::ReferrerIndex},
};

use super::{Asked, Paging, Refusal, json};

const FILTERS_APPLIED: HeaderName = HeaderName::from_static("oci-filters-applied");
/// The most referrers that one page holds.
const MAX_PAGE: u64 = 1000;

pub(super) async fn list(
    asked: Asked,
    repository: RepositoryName,
    subject: Digest,
) -> Result<Response, Refusal> {
    asked.allow(&[Method::GET])?;
    let wanted = asked.query("artifactType").filter(|wanted| !wanted.is_empty());
    let paging = Paging::of(&asked)?;
    let after = paging.last.as_deref().map_or(Ok(0), str::parse);
    let after = after.map_err(|_| {
        let message = "last must be that of a Link header".to_owned();
        Refusal::Request(StatusCode::BAD_REQUEST, ErrorCode::Unsupported, message)
    })?;
    let page = (after, paging.limit.min(MAX_PAGE));
    let artifacts = &asked.services.artifacts;
    let found = artifacts.list_referrers(&asked.cx, &repository, &subject, wanted.as_deref(), page).await?;
    let link = found.next.map(|last| link(&repository, &subject, wanted.as_deref(), (last, page.1)));
    let mut response = json(&ReferrerIndex::new(found.manifests), link);
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(OCI_INDEX));
    if found.is_filtered {
        response.headers_mut().insert(FILTERS_APPLIED, HeaderValue::from_static("artifactType"));
    }
    Ok(response)
}

/// The header that leads to the referrers after `last`. Source: OCI distribution-spec, "Listing referrers".
fn link(
    repository: &RepositoryName,
    subject: &Digest,
    artifact_type: Option<&str>,
    (last, limit): (i64, u64),
) -> (HeaderName, String) {
    let mut query = form_urlencoded::Serializer::new(String::new());
    if let Some(artifact_type) = artifact_type {
        query.append_pair("artifactType", artifact_type);
    }
    query.append_pair("last", &last.to_string()).append_pair("n", &limit.to_string());
    (header::LINK, format!("</v2/{repository}/referrers/{subject}?{}>; rel=\"next\"", query.finish()))
}
