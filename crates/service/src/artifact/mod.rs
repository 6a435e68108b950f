//! Manifests with their tags: what the registry protocol calls manifests and Harbor calls artifacts.
//!
//! `registry.rs` is what `/v2` asks for, `push.rs` how a manifest is written, `harbor.rs` what Harbor's API and the portal ask for, `view.rs` how an artifact
//! is shown.

mod harbor;
mod push;
mod registry;
mod view;

use std::sync::Arc;

use crate::core::Core;

pub use self::registry::{Pushed, Referrers, Stored};
pub(crate) use self::view::time;

/// Manifests with their tags.
#[derive(Clone)]
pub struct Artifacts {
    pub(crate) core: Arc<Core>,
}
