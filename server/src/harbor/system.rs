//! What the server says about itself.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use serde_json::json;
use service::{Caller, ProjectCreation, Services};
use types::harbor::{ComponentHealthStatus, GeneralInfo, OverallHealthStatus};

use super::{error::Refusal, extract::HarborCaller};
use crate::middleware::ClientInfo;

/// Clients read the first three numbers: the Harbor whose API this is.
const HARBOR_VERSION: &str = concat!("v2.16.0-berth-", env!("CARGO_PKG_VERSION"));

pub(super) async fn version() -> Response {
    Json(json!({ "version": "v2.0" })).into_response()
}

pub(super) async fn ping() -> &'static str {
    "Pong"
}

/// Tells how the parts are, always with 200. Source: Harbor `src/server/v2.0/handler/health.go`.
pub(super) async fn health(State(services): State<Services>) -> Json<OverallHealthStatus> {
    let components = vec![
        component("core", true, ""),
        component("database", services.check_database().await.is_ok(), "the database does not answer"),
        component("registry", services.check_storage().await.is_ok(), "the blob store can't be written"),
    ];
    let is_healthy = components.iter().all(|component| component.error.is_empty());
    Json(OverallHealthStatus { status: status(is_healthy), components })
}

fn component(name: &str, is_healthy: bool, failure: &str) -> ComponentHealthStatus {
    let error = if is_healthy { String::new() } else { failure.to_owned() };
    ComponentHealthStatus { name: name.to_owned(), status: status(is_healthy), error }
}

fn status(is_healthy: bool) -> String {
    if is_healthy { "healthy" } else { "unhealthy" }.to_owned()
}

pub(super) async fn info(
    State(services): State<Services>,
    client: ClientInfo,
    HarborCaller(cx): HarborCaller,
) -> Result<Response, Refusal> {
    let settings = services.settings.get().await?;
    let mut info = GeneralInfo {
        auth_mode: Some("db_auth".to_owned()),
        primary_auth_mode: Some(false),
        self_registration: Some(settings.self_registration),
        banner_message: Some(String::new()),
        ..GeneralInfo::default()
    };
    if cx.caller != Caller::Anonymous {
        let url = client.base_url();
        let host = url.split_once("://").map_or(url.as_str(), |(_, host)| host);
        info.harbor_version = Some(HARBOR_VERSION.to_owned());
        info.current_time = Some(cx.now);
        info.registry_url = Some(host.to_owned());
        info.external_url = Some(url);
        info.project_creation_restriction = Some(restriction(services.projects.creation()).to_owned());
        info.has_ca_root = Some(false);
        info.registry_storage_provider_name = Some(services.storage_kind().to_owned());
        info.read_only = Some(settings.read_only);
        info.notification_enable = Some(false);
    }
    Ok(Json(info).into_response())
}

/// As Harbor names it.
fn restriction(creation: ProjectCreation) -> &'static str {
    match creation {
        ProjectCreation::Everyone => "everyone",
        ProjectCreation::Admins => "adminonly",
    }
}
