//! `/projects/{project_name}/repositories/{repository_name}/artifacts` and the tags below.

use axum::{
    Json,
    extract::FromRequest,
    response::{IntoResponse, Response},
};
use http::{Method, StatusCode};
use service::{Error, Kind};
use types::{
    harbor,
    name::{NameError, RepositoryName, Tag},
    oci::reference::Reference,
};

use super::{error::Refusal, extract::JsonBody, paging::Params, repository::Asked};

/// Tags are shown unless the request says no. Source: `harbor.md` §4.2.
fn with_tags(params: &Params) -> bool {
    params.flag("with_tag").unwrap_or(true)
}

pub(super) async fn serve_list(asked: Asked, name: RepositoryName) -> Result<Response, Refusal> {
    let Asked { services, cx, params, request } = asked;
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Err(Refusal::Method(request.method().clone(), "GET,HEAD"));
    }
    let query = params.list_query()?;
    let found = services.artifacts.list(&cx, &name, &query, with_tags(&params)).await?;
    Ok(params.answer(query.page, &found))
}

pub(super) async fn serve(
    asked: Asked,
    name: RepositoryName,
    reference: Reference,
) -> Result<Response, Refusal> {
    let Asked { services, cx, params, request } = asked;
    match *request.method() {
        Method::GET | Method::HEAD => {
            let found = services.artifacts.get(&cx, &name, &reference, with_tags(&params)).await?;
            Ok(Json(found).into_response())
        }
        Method::DELETE => {
            services.artifacts.delete(&cx, &name, &reference).await?;
            Ok(StatusCode::OK.into_response())
        }
        _ => Err(Refusal::Method(request.method().clone(), "GET,HEAD,DELETE")),
    }
}

pub(super) async fn serve_tags(
    asked: Asked,
    name: RepositoryName,
    reference: Reference,
) -> Result<Response, Refusal> {
    let Asked { services, cx, params, request } = asked;
    match *request.method() {
        Method::GET | Method::HEAD => {
            let query = params.list_query()?;
            let found = services.artifacts.list_artifact_tags(&cx, &name, &reference, &query).await?;
            Ok(params.answer(query.page, &found))
        }
        Method::POST => {
            let JsonBody(new): JsonBody<harbor::Tag> = JsonBody::from_request(request, &()).await?;
            let invalid = |error: NameError| Error::InvalidName(error.to_string());
            let tag: Tag = new.name.parse().map_err(invalid)?;
            services.artifacts.create_tag(&cx, &name, &reference, tag).await?;
            Ok(StatusCode::CREATED.into_response())
        }
        _ => Err(Refusal::Method(request.method().clone(), "GET,HEAD,POST")),
    }
}

pub(super) async fn serve_tag(
    asked: Asked,
    name: RepositoryName,
    reference: Reference,
    tag: String,
) -> Result<Response, Refusal> {
    let Asked { services, cx, request, .. } = asked;
    if *request.method() != Method::DELETE {
        return Err(Refusal::Method(request.method().clone(), "DELETE"));
    }
    let tag: Tag = tag.parse().map_err(|_| Error::NotFound(Kind::Tag, tag))?;
    services.artifacts.delete_tag(&cx, &name, &reference, &tag).await?;
    Ok(StatusCode::OK.into_response())
}

pub(super) async fn serve_tag_history(
    asked: Asked,
    name: RepositoryName,
    tag: String,
) -> Result<Response, Refusal> {
    let Asked { services, cx, params, request } = asked;
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Err(Refusal::Method(request.method().clone(), "GET,HEAD"));
    }
    let tag: Tag = tag.parse().map_err(|_| Error::NotFound(Kind::Tag, tag))?;
    let page = params.list_query()?.page;
    Ok(params.answer(page, &services.artifacts.list_tag_history(&cx, &name, &tag, page).await?))
}
