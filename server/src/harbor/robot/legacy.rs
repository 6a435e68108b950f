//! Robots of one project as older clients ask for them. Source: Harbor `src/server/v2.0/handler/robotV1.go`.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use http::{StatusCode, Uri};
use service::Services;
use types::harbor::{Robot, RobotCreateV1};

use super::created;
use crate::harbor::{
    error::Refusal,
    extract::{HarborCaller, JsonBody, PathParams},
    paging::Params,
};

pub(in crate::harbor) async fn list(
    State(services): State<Services>,
    HarborCaller(cx): HarborCaller,
    path: PathParams,
    params: Params,
) -> Result<Response, Refusal> {
    let query = params.list_query()?;
    Ok(params.answer(query.page, &services.robots.list_in(&cx, &path.project(), &query).await?))
}

pub(in crate::harbor) async fn create(
    State(services): State<Services>,
    HarborCaller(cx): HarborCaller,
    path: PathParams,
    uri: Uri,
    JsonBody(new): JsonBody<RobotCreateV1>,
) -> Result<Response, Refusal> {
    created(&uri, &services.robots.create_in(&cx, &path.project(), new).await?)
}

pub(in crate::harbor) async fn get(
    State(services): State<Services>,
    HarborCaller(cx): HarborCaller,
    path: PathParams,
) -> Result<Response, Refusal> {
    let robot = services.robots.get_in(&cx, &path.project(), path.id("robot_id")?).await?;
    Ok(Json(robot).into_response())
}

pub(in crate::harbor) async fn update(
    State(services): State<Services>,
    HarborCaller(cx): HarborCaller,
    path: PathParams,
    JsonBody(new): JsonBody<Robot>,
) -> Result<StatusCode, Refusal> {
    services.robots.update_in(&cx, &path.project(), path.id("robot_id")?, new).await?;
    Ok(StatusCode::OK)
}

pub(in crate::harbor) async fn delete(
    State(services): State<Services>,
    HarborCaller(cx): HarborCaller,
    path: PathParams,
) -> Result<StatusCode, Refusal> {
    services.robots.delete_in(&cx, &path.project(), path.id("robot_id")?).await?;
    Ok(StatusCode::OK)
}
