//! `GET /v2/<name>/tags/list`.

use axum::response::Response;
use http::Method;
use serde::Serialize;
use types::name::RepositoryName;

use super::{Asked, Paging, Refusal, json};

#[derive(Serialize)]
struct Tags<'a> {
    name: &'a RepositoryName,
    tags: &'a [String],
}

pub(super) async fn list(asked: Asked, repository: RepositoryName) -> Result<Response, Refusal> {
    asked.allow(&[Method::GET])?;
    let paging = Paging::of(&asked)?;
    let page = (paging.last.as_deref(), paging.limit);
    let (tags, has_more) = asked.services.artifacts.list_tags(&asked.cx, &repository, page).await?;
    let link = paging.link(&format!("/v2/{repository}/tags/list"), tags.last(), has_more);
    Ok(json(&Tags { name: &repository, tags: &tags }, link))
}
