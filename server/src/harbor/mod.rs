//! Door `/api/v2.0`: Harbor's REST API.
//!
//! Handlers read a request, call one method of a service and write its result; shapes are `types::harbor`. Every answer
//! that refuses, unknown addresses included, is in Harbor's envelope. Source: Harbor `api/v2.0/swagger.yaml`;
//! `docs/api-coverage.md` lists what is not offered.

mod address;
mod artifact;
mod audit;
mod error;
mod extract;
mod gc;
mod member;
mod paging;
mod project;
mod repository;
mod robot;
mod system;
mod user;

use axum::{
    Router,
    extract::Request,
    routing::{any, get, put},
};

use self::error::Refusal;
use crate::state::AppState;

/// The routes of the door.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/api/version", get(system::version))
        .route("/api/v2.0/ping", get(system::ping))
        .route("/api/v2.0/health", get(system::health))
        .route("/api/v2.0/systeminfo", get(system::info))
        .route("/api/v2.0/users", get(user::list).post(user::create))
        .route("/api/v2.0/users/current", get(user::current))
        .route("/api/v2.0/users/current/permissions", get(user::permissions))
        .route("/api/v2.0/users/search", get(user::search))
        .route("/api/v2.0/users/{user_id}", get(user::get).put(user::update).delete(user::delete))
        .route("/api/v2.0/users/{user_id}/password", put(user::set_password))
        .route("/api/v2.0/users/{user_id}/sysadmin", put(user::set_admin))
        .route("/api/v2.0/permissions", get(robot::permissions))
        .route("/api/v2.0/robots", get(robot::list).post(robot::create))
        .route(
            "/api/v2.0/robots/{robot_id}",
            get(robot::get).put(robot::update).patch(robot::refresh).delete(robot::delete),
        )
        .route("/api/v2.0/projects", get(project::list).head(project::exists).post(project::create))
        .route(
            "/api/v2.0/projects/{project_name_or_id}",
            get(project::get).put(project::update).delete(project::delete),
        )
        .route("/api/v2.0/projects/{project_name_or_id}/members", get(member::list).post(member::create))
        .route(
            "/api/v2.0/projects/{project_name_or_id}/members/{mid}",
            get(member::get).put(member::update).delete(member::delete),
        )
        .route(
            "/api/v2.0/projects/{project_name_or_id}/robots",
            get(robot::legacy::list).post(robot::legacy::create),
        )
        .route(
            "/api/v2.0/projects/{project_name_or_id}/robots/{robot_id}",
            get(robot::legacy::get).put(robot::legacy::update).delete(robot::legacy::delete),
        )
        .route("/api/v2.0/projects/{project_name_or_id}/logs", get(audit::list))
        .route("/api/v2.0/audit-logs", get(audit::list_all))
        .route("/api/v2.0/system/gc", get(gc::list))
        .route(
            "/api/v2.0/system/gc/schedule",
            get(gc::schedule).post(gc::create_schedule).put(gc::update_schedule),
        )
        .route("/api/v2.0/system/gc/{gc_id}", get(gc::get).put(gc::stop))
        .route("/api/v2.0/system/gc/{gc_id}/log", get(gc::log))
        .route("/api/v2.0/repositories", get(repository::list_all))
        .route("/api/v2.0/projects/{project_name_or_id}/repositories", get(repository::list))
        .route("/api/v2.0/projects/{project_name_or_id}/repositories/{*rest}", any(repository::entry))
        .method_not_allowed_fallback(method_not_allowed)
        .route("/api", any(unknown))
        .route("/api/", any(unknown))
        .route("/api/{*path}", any(unknown))
}

async fn method_not_allowed(request: Request) -> Refusal {
    Refusal::Method(request.method().clone(), "")
}

async fn unknown(request: Request) -> Refusal {
    Refusal::unknown(request.uri().path())
}
