//! Bodies of `/health` and `/systeminfo`.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// How the whole service and its parts are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OverallHealthStatus {
    /// `healthy` when every part is, else `unhealthy`.
    pub status: String,
    /// The parts.
    pub components: Vec<ComponentHealthStatus>,
}

/// How one part of the service is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ComponentHealthStatus {
    /// The part, such as `database`.
    pub name: String,
    /// `healthy` or `unhealthy`.
    pub status: String,
    /// What is wrong; left out when nothing is.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub error: String,
}

/// What the service tells about itself; without a login, only the first part of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct GeneralInfo {
    /// A message shown on top of every page, as JSON text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub banner_message: Option<String>,
    /// How users sign in: `db_auth` for local users.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auth_mode: Option<String>,
    /// Whether an outside way to sign in is offered first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub primary_auth_mode: Option<bool>,
    /// Whether people may make an account for themselves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub self_registration: Option<bool>,
    /// The version; only with a login.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub harbor_version: Option<String>,
    /// The server's clock; only with a login.
    #[serde(with = "super::time::optional", skip_serializing_if = "Option::is_none")]
    pub current_time: Option<DateTime<Utc>>,
    /// The host and port clients push to; only with a login.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registry_url: Option<String>,
    /// The address of the service; only with a login.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_url: Option<String>,
    /// Who may create projects: `everyone` or `adminonly`; only with a login.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub project_creation_restriction: Option<String>,
    /// Whether a certificate authority's file can be downloaded; only with a login.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub has_ca_root: Option<bool>,
    /// Where blobs are kept, such as `filesystem`; only with a login.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registry_storage_provider_name: Option<String>,
    /// Whether nothing can be changed; only with a login.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub read_only: Option<bool>,
    /// Whether webhooks are sent; only with a login.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notification_enable: Option<bool>,
    /// The name of the outside identity provider.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oidc_provider_name: Option<String>,
}
