//! `/robots` and `/permissions`; `legacy` is `/projects/{project_name_or_id}/robots`.

pub(super) mod legacy;

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, StatusCode, Uri, header};
use serde_json::json;
use service::{Services, robot::Created};
use types::harbor::{Robot, RobotCreate, RobotSec, time};

use super::{
    error::Refusal,
    extract::{HarborCaller, JsonBody, PathParams},
    paging::Params,
};

pub(super) async fn list(
    State(services): State<Services>,
    HarborCaller(cx): HarborCaller,
    params: Params,
) -> Result<Response, Refusal> {
    let query = params.list_query()?;
    Ok(params.answer(query.page, &services.robots.list(&cx, &query).await?))
}

pub(super) async fn create(
    State(services): State<Services>,
    HarborCaller(cx): HarborCaller,
    uri: Uri,
    JsonBody(new): JsonBody<RobotCreate>,
) -> Result<Response, Refusal> {
    created(&uri, &services.robots.create(&cx, new).await?)
}

/// Tells the secret, this once.
fn created(uri: &Uri, robot: &Created) -> Result<Response, Refusal> {
    let location = format!("{}/{}", uri.path().trim_end_matches('/'), robot.id);
    let location =
        HeaderValue::from_str(&location).map_err(|_| Refusal::bad("the path can't be in a header"))?;
    let body = json!({
        "id": robot.id,
        "name": robot.name,
        "secret": robot.secret.expose(),
        "creation_time": time::format(&robot.created_at),
        "expires_at": robot.expires_at,
    });
    let headers =
        [(header::LOCATION, location), (header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    Ok((StatusCode::CREATED, headers, Json(body)).into_response())
}

pub(super) async fn get(
    State(services): State<Services>,
    HarborCaller(cx): HarborCaller,
    path: PathParams,
) -> Result<Response, Refusal> {
    Ok(Json(services.robots.get(&cx, path.id("robot_id")?).await?).into_response())
}

pub(super) async fn update(
    State(services): State<Services>,
    HarborCaller(cx): HarborCaller,
    path: PathParams,
    JsonBody(new): JsonBody<Robot>,
) -> Result<StatusCode, Refusal> {
    services.robots.update(&cx, path.id("robot_id")?, new).await?;
    Ok(StatusCode::OK)
}

/// Replaces the secret. One that was made here is told, this once; one that was given is not repeated.
pub(super) async fn refresh(
    State(services): State<Services>,
    HarborCaller(cx): HarborCaller,
    path: PathParams,
    JsonBody(new): JsonBody<RobotSec>,
) -> Result<Response, Refusal> {
    let made = services.robots.refresh(&cx, path.id("robot_id")?, new.secret).await?;
    let body = match &made {
        Some(secret) => json!({ "secret": secret.expose() }),
        None => json!({}),
    };
    Ok(([(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))], Json(body)).into_response())
}

pub(super) async fn delete(
    State(services): State<Services>,
    HarborCaller(cx): HarborCaller,
    path: PathParams,
) -> Result<StatusCode, Refusal> {
    services.robots.delete(&cx, path.id("robot_id")?).await?;
    Ok(StatusCode::OK)
}

/// What robots can be given.
pub(super) async fn permissions(
    State(services): State<Services>,
    HarborCaller(cx): HarborCaller,
) -> Result<Response, Refusal> {
    Ok(Json(services.robots.permissions(&cx).await?).into_response())
}
