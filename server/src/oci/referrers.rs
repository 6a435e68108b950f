//! `GET /v2/<name>/referrers/<digest>`.

use axum::response::Response;
use http::{HeaderName, HeaderValue, Method, header};
use types::{
    digest::Digest,
    name::RepositoryName,
    oci::{media_type::OCI_INDEX, referrers::ReferrerIndex},
};

use super::{Asked, Refusal, json};

const FILTERS_APPLIED: HeaderName = HeaderName::from_static("oci-filters-applied");

pub(super) async fn list(
    asked: Asked,
    repository: RepositoryName,
    subject: Digest,
) -> Result<Response, Refusal> {
    asked.allow(&[Method::GET])?;
    let wanted = asked.query("artifactType").filter(|wanted| !wanted.is_empty());
    let found =
        asked.services.artifacts.list_referrers(&asked.cx, &repository, &subject, wanted.as_deref()).await?;
    let mut response = json(&ReferrerIndex::new(found.manifests), None);
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(OCI_INDEX));
    if found.is_filtered {
        response.headers_mut().insert(FILTERS_APPLIED, HeaderValue::from_static("artifactType"));
    }
    Ok(response)
}
