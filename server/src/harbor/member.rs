//! `/projects/{project_name_or_id}/members`.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use http::{StatusCode, Uri};
use service::Services;
use types::harbor::{ProjectMember, RoleRequest};

use super::{
    error::Refusal,
    extract::{HarborCaller, JsonBody, PathParams},
    paging::Params,
    project::created,
};

pub(super) async fn list(
    State(services): State<Services>,
    HarborCaller(cx): HarborCaller,
    path: PathParams,
    params: Params,
) -> Result<Response, Refusal> {
    let page = params.list_query()?.page;
    let found = services.members.list(&cx, &path.project(), params.text("entityname"), page).await?;
    Ok(params.answer(page, &found))
}

/// Adds a member. The address of the new one names the project as the request did.
pub(super) async fn create(
    State(services): State<Services>,
    HarborCaller(cx): HarborCaller,
    path: PathParams,
    uri: Uri,
    JsonBody(new): JsonBody<ProjectMember>,
) -> Result<Response, Refusal> {
    let id = services.members.create(&cx, &path.project(), new).await?;
    created(&format!("{}/{id}", uri.path()))
}

pub(super) async fn get(
    State(services): State<Services>,
    HarborCaller(cx): HarborCaller,
    path: PathParams,
) -> Result<Response, Refusal> {
    Ok(Json(services.members.get(&cx, &path.project(), path.id("mid")?).await?).into_response())
}

pub(super) async fn update(
    State(services): State<Services>,
    HarborCaller(cx): HarborCaller,
    path: PathParams,
    JsonBody(new): JsonBody<RoleRequest>,
) -> Result<StatusCode, Refusal> {
    services.members.update(&cx, &path.project(), path.id("mid")?, new.role_id).await?;
    Ok(StatusCode::OK)
}

pub(super) async fn delete(
    State(services): State<Services>,
    HarborCaller(cx): HarborCaller,
    path: PathParams,
) -> Result<StatusCode, Refusal> {
    services.members.delete(&cx, &path.project(), path.id("mid")?).await?;
    Ok(StatusCode::OK)
}
