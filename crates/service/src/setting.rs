//! What administrators decide for the whole system while it runs. What is decided before it starts is in
//! [`crate::Options`].

use std::sync::Arc;

use db::{Tx, query::setting};
use futures::FutureExt;
use types::role::{Action, SystemResource};
pub use types::view::{SettingsChange, SystemSettings};

use crate::{
    Error, OpCtx,
    core::Core,
    journal::{Act, Origin},
};

const SELF_REGISTRATION: &str = "self_registration";
const READ_ONLY: &str = "read_only";

/// The settings of the system.
#[derive(Clone)]
pub struct Settings {
    pub(crate) core: Arc<Core>,
}

impl Settings {
    /// What is decided, for anybody; what never was is as in Harbor: nobody makes an account for themselves.
    pub async fn get(&self) -> Result<SystemSettings, Error> {
        self.core.settings().await
    }

    /// Decides anew, for administrators; each thing that changes has its row in the audit log.
    pub async fn update(&self, cx: &OpCtx, change: impl Into<SettingsChange>) -> Result<(), Error> {
        Core::require_system(cx, SystemResource::Configuration, Action::Update)?;
        let (origin, change) = (Origin::from(cx), change.into());
        self.core.write_rights(move |tx| async move { save(tx, &origin, change).await }.boxed()).await
    }
}

/// Writes down what the configuration says at the first start.
pub(crate) async fn save_first(tx: &Tx, self_registration: bool, now: i64) -> Result<(), Error> {
    if self_registration {
        setting::save(tx, SELF_REGISTRATION, true.to_string(), now).await?;
    }
    Ok(())
}

async fn save(tx: &Tx, origin: &Origin, change: SettingsChange) -> Result<(), Error> {
    let before = read(tx).await?;
    let decided = [
        (SELF_REGISTRATION, before.self_registration, change.self_registration),
        (READ_ONLY, before.read_only, change.read_only),
    ];
    for (key, before, after) in decided {
        let Some(after) = after.filter(|after| *after != before) else { continue };
        setting::save(tx, key, after.to_string(), origin.occurred_at()).await?;
        let act = Act {
            operation: "update",
            resource_type: "configuration",
            resource: format!("{key}={after}"),
            project_id: None,
        };
        origin.audit(tx, act, true).await?;
    }
    Ok(())
}

/// Reads what is decided from the database; a value that can't be understood counts as never written.
pub(crate) async fn read(at: &impl db::Source) -> Result<SystemSettings, Error> {
    Ok(SystemSettings {
        self_registration: flag(at, SELF_REGISTRATION).await?,
        read_only: flag(at, READ_ONLY).await?,
    })
}

async fn flag(at: &impl db::Source, key: &str) -> Result<bool, Error> {
    Ok(setting::find(at, key).await?.and_then(|value| value.parse().ok()).unwrap_or_default())
}
