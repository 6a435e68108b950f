//! What administrators decide for the whole system while it runs. What is decided before it starts is in
//! [`crate::Options`].

use std::sync::Arc;

use db::query::setting;
use futures::FutureExt;
pub use types::view::SystemSettings;

use crate::{
    Error, OpCtx,
    core::Core,
    journal::{Act, Origin},
};

const SELF_REGISTRATION: &str = "self_registration";

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

    /// Decides anew, for administrators.
    pub async fn update(&self, cx: &OpCtx, new: SystemSettings) -> Result<(), Error> {
        Core::require_admin(cx)?;
        let (origin, now) = (Origin::from(cx), cx.now_ms());
        let value = new.self_registration.to_string();
        self.core
            .write_rights(move |tx| {
                async move {
                    let resource = format!("{SELF_REGISTRATION}={value}");
                    setting::save(tx, SELF_REGISTRATION, value, now).await?;
                    let act = Act {
                        operation: "update",
                        resource_type: "configuration",
                        resource,
                        project_id: None,
                    };
                    origin.audit(tx, act, true).await
                }
                .boxed()
            })
            .await
    }
}

/// Reads what is decided from the database; a value that can't be understood counts as never written.
pub(crate) async fn read(at: &impl db::Source) -> Result<SystemSettings, Error> {
    let stored = setting::find(at, SELF_REGISTRATION).await?;
    let self_registration = stored.and_then(|value| value.parse().ok()).unwrap_or_default();
    Ok(SystemSettings { self_registration })
}
