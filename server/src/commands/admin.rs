//! `berth admin reset-password`.

use std::net::{IpAddr, Ipv4Addr};
use std::process::ExitCode;

use service::{Caller, OpCtx, Services};
use uuid::Uuid;

use super::{Outcome, print};
use crate::cli::Place;
use crate::clock::now;
use crate::config::load;

/// Whoever may read the data folder may do this: nobody is asked for a password.
pub(super) async fn reset_password(place: &Place, user: &str) -> Outcome {
    let config = load(place.inputs())?.config;
    super::keep_files_private();
    let cx = OpCtx {
        caller: Caller::Anonymous,
        grants: None,
        request_id: Uuid::new_v4().to_string(),
        remote: IpAddr::V4(Ipv4Addr::LOCALHOST),
        now: now(),
    };
    let (services, _) = Services::open(config.service_options(), cx.now).await?;
    let password = services.users.reset_password(&cx, user).await?;
    services.close().await?;
    print(&format!("The new password of {user}, shown this once: {}\n", password.expose()))?;
    Ok(ExitCode::SUCCESS)
}
