//! `/users`.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use http::StatusCode;
use service::{Services, project::ProjectRef};
use types::{
    harbor::{PasswordReq, Permission, UserCreationReq, UserProfile, UserSysAdminFlag},
    role::Resource,
};

use super::{
    error::Refusal,
    extract::{HarborCaller, JsonBody, PathParams},
    paging::Params,
    project::created,
};

pub(super) async fn list(
    State(services): State<Services>,
    HarborCaller(cx): HarborCaller,
    params: Params,
) -> Result<Response, Refusal> {
    let query = params.list_query()?;
    Ok(params.answer(query.page, &services.users.list(&cx, &query).await?))
}

pub(super) async fn create(
    State(services): State<Services>,
    HarborCaller(cx): HarborCaller,
    JsonBody(new): JsonBody<UserCreationReq>,
) -> Result<Response, Refusal> {
    let id = services.users.create(&cx, new).await?;
    created(&format!("/api/v2.0/users/{id}"))
}

pub(super) async fn current(
    State(services): State<Services>,
    HarborCaller(cx): HarborCaller,
) -> Result<Response, Refusal> {
    Ok(Json(services.users.current(&cx).await?).into_response())
}

/// The caller's rights below `scope`, `/project/<id or name>`; another scope has none.
pub(super) async fn permissions(
    State(services): State<Services>,
    HarborCaller(cx): HarborCaller,
    params: Params,
) -> Result<Response, Refusal> {
    let scope = params.text("scope").unwrap_or_default().trim_end_matches('/');
    let named = scope.strip_prefix("/project/").unwrap_or_default();
    let project = named.parse().map_or_else(|_| ProjectRef::Name(named.to_owned()), ProjectRef::Id);
    let rights = services.projects.list_rights(&cx, &project).await?;
    let prefix = if params.flag("relative").unwrap_or(false) { None } else { Some(scope) };
    let shown = rights.into_iter().map(|(resource, action)| Permission {
        resource: resource_name(prefix, resource),
        action: action.to_string(),
    });
    Ok(Json(shown.collect::<Vec<_>>()).into_response())
}

/// A resource as Harbor writes it; the project itself is `.` beside the others.
fn resource_name(prefix: Option<&str>, resource: Resource) -> String {
    match (prefix, resource) {
        (None, Resource::Project) => ".".to_owned(),
        (None, other) => other.to_string(),
        (Some(prefix), Resource::Project) => prefix.to_owned(),
        (Some(prefix), other) => format!("{prefix}/{other}"),
    }
}

pub(super) async fn search(
    State(services): State<Services>,
    HarborCaller(cx): HarborCaller,
    params: Params,
) -> Result<Response, Refusal> {
    let page = params.list_query()?.page;
    let found = services.users.search(&cx, params.required("username")?, page).await?;
    Ok(params.answer(page, &found))
}

pub(super) async fn get(
    State(services): State<Services>,
    HarborCaller(cx): HarborCaller,
    path: PathParams,
) -> Result<Response, Refusal> {
    Ok(Json(services.users.get(&cx, path.id("user_id")?).await?).into_response())
}

pub(super) async fn update(
    State(services): State<Services>,
    HarborCaller(cx): HarborCaller,
    path: PathParams,
    JsonBody(new): JsonBody<UserProfile>,
) -> Result<StatusCode, Refusal> {
    services.users.update(&cx, path.id("user_id")?, new).await?;
    Ok(StatusCode::OK)
}

pub(super) async fn delete(
    State(services): State<Services>,
    HarborCaller(cx): HarborCaller,
    path: PathParams,
) -> Result<StatusCode, Refusal> {
    services.users.delete(&cx, path.id("user_id")?).await?;
    Ok(StatusCode::OK)
}

pub(super) async fn set_password(
    State(services): State<Services>,
    HarborCaller(cx): HarborCaller,
    path: PathParams,
    JsonBody(new): JsonBody<PasswordReq>,
) -> Result<StatusCode, Refusal> {
    services.users.set_password(&cx, path.id("user_id")?, new).await?;
    Ok(StatusCode::OK)
}

pub(super) async fn set_admin(
    State(services): State<Services>,
    HarborCaller(cx): HarborCaller,
    path: PathParams,
    JsonBody(new): JsonBody<UserSysAdminFlag>,
) -> Result<StatusCode, Refusal> {
    let is_admin = new.sysadmin_flag.unwrap_or(false);
    services.users.set_admin(&cx, path.id("user_id")?, is_admin).await?;
    Ok(StatusCode::OK)
}
