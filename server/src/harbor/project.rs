//! `/projects`.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use service::{Error, Kind, Services, project::ProjectFilter};
use types::harbor::ProjectReq;

use super::{
    error::Refusal,
    extract::{HarborCaller, JsonBody, PathParams, header_flag},
    paging::Params,
};

/// Answers 201 with the address of what was made.
pub(super) fn created(location: &str) -> Result<Response, Refusal> {
    let location =
        HeaderValue::from_str(location).map_err(|_| Refusal::bad("the path can't be in a header"))?;
    Ok((StatusCode::CREATED, [(header::LOCATION, location)]).into_response())
}

pub(super) async fn list(
    State(services): State<Services>,
    HarborCaller(cx): HarborCaller,
    params: Params,
) -> Result<Response, Refusal> {
    let query = params.list_query()?;
    let filter = ProjectFilter {
        name: params.text("name").map(str::to_owned),
        is_public: params.flag("public"),
        owner: params.text("owner").map(str::to_owned),
        ..ProjectFilter::default()
    };
    Ok(params.answer(query.page, &services.projects.list(&cx, &query, filter).await?))
}

/// Answers HEAD: whether a project has the name.
pub(super) async fn exists(
    State(services): State<Services>,
    HarborCaller(cx): HarborCaller,
    params: Params,
) -> Result<StatusCode, Refusal> {
    let name = params.required("project_name")?;
    if services.projects.exists(&cx, name).await? {
        Ok(StatusCode::OK)
    } else {
        Err(Error::NotFound(Kind::Project, name.to_owned()).into())
    }
}

pub(super) async fn create(
    State(services): State<Services>,
    HarborCaller(cx): HarborCaller,
    headers: HeaderMap,
    JsonBody(new): JsonBody<ProjectReq>,
) -> Result<Response, Refusal> {
    let name = new.project_name.clone().unwrap_or_default();
    let id = services.projects.create(&cx, new).await?;
    if header_flag(&headers, "x-resource-name-in-location") {
        return created(&format!("/api/v2.0/projects/{name}"));
    }
    created(&format!("/api/v2.0/projects/{id}"))
}

pub(super) async fn get(
    State(services): State<Services>,
    HarborCaller(cx): HarborCaller,
    path: PathParams,
) -> Result<Response, Refusal> {
    Ok(Json(services.projects.get(&cx, &path.project()).await?).into_response())
}

pub(super) async fn update(
    State(services): State<Services>,
    HarborCaller(cx): HarborCaller,
    path: PathParams,
    JsonBody(new): JsonBody<ProjectReq>,
) -> Result<StatusCode, Refusal> {
    services.projects.update(&cx, &path.project(), new).await?;
    Ok(StatusCode::OK)
}

pub(super) async fn delete(
    State(services): State<Services>,
    HarborCaller(cx): HarborCaller,
    path: PathParams,
) -> Result<StatusCode, Refusal> {
    services.projects.delete(&cx, &path.project()).await?;
    Ok(StatusCode::OK)
}
