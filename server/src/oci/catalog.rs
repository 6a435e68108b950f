//! `GET /v2/_catalog`: names of the repositories that the caller may see.

use axum::response::Response;
use http::Method;
use serde::Serialize;

use super::{Asked, Paging, Refusal, json};

#[derive(Serialize)]
struct Catalog<'a> {
    repositories: &'a [String],
}

pub(super) async fn list(asked: Asked) -> Result<Response, Refusal> {
    asked.allow(&[Method::GET])?;
    let paging = Paging::of(&asked)?;
    let page = (paging.last.as_deref(), paging.limit);
    let (names, has_more) = asked.services.artifacts.list_catalog(&asked.cx, page).await?;
    Ok(json(&Catalog { repositories: &names }, paging.link("/v2/_catalog", names.last(), has_more)))
}
