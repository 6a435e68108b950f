//! Manifests with their tags: what the registry protocol calls manifests and Harbor calls artifacts.
//!
//! `registry.rs` is what `/v2` asks for, `push.rs` how a manifest is written, `harbor.rs` what Harbor's API and the portal ask for,
//! `referrers.rs` what `/v2` lists about a manifest, `tagging.rs` what happens to tags, `detail.rs` what an artifact is made of and what is about it, `view.rs` how an artifact is shown, `kind.rs` what it is called.

mod detail;
mod harbor;
mod history;
mod kind;
mod push;
mod referrers;
mod registry;
mod tagging;
mod view;

use std::sync::Arc;

use crate::core::Core;

pub(crate) use self::push::{needed_blobs, references};
pub use self::referrers::Referrers;
pub use self::registry::{Named, Pushed, Stored};
pub(crate) use self::view::time;
pub use types::view::{Layer, Referrer};

/// Manifests with their tags.
#[derive(Clone)]
pub struct Artifacts {
    pub(crate) core: Arc<Core>,
}
