//! What handlers share; each one extracts only the part it uses.

use std::sync::Arc;

use axum::extract::FromRef;
use service::Services;

use crate::config::Config;
use crate::listener::Stop;

/// Everything a handler may ask for; a cheap clone.
#[derive(Clone, FromRef)]
pub struct AppState {
    /// The rules.
    pub services: Services,
    /// The configuration, as loaded at the start.
    pub config: Arc<Config>,
    /// Whether the server still wants requests.
    pub stop: Stop,
}
