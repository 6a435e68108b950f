//! `berth serve`.

use std::error::Error;
use std::process::ExitCode;
use std::sync::Arc;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use service::Services;
use tracing::{info, warn};

use super::{Outcome, keep_files_private, print, welcome};
use crate::cli::Settings;
use crate::clock::now;
use crate::config::{Config, ExternalUrl, load};
use crate::listener::{Listener, Signals, Stop, install_crypto_provider};
use crate::metrics::{self, Requests};
use crate::router::router;
use crate::state::AppState;

pub(super) async fn run(settings: &Settings) -> Outcome {
    let config = Arc::new(load(settings.inputs())?.config);
    prepare_process();
    crate::log::init(&config.log)?;
    raise_limits();
    let signals = Signals::catch()?;
    let listener = Listener::bind(&config)?;
    let (watched, requests) = (metrics::bind(&config), Requests::default());
    let (services, first_start) = Services::open(config.service_options(), now()).await?;
    services.start_working();
    let stop = Stop::new();
    let state = AppState { services: services.clone(), config: Arc::clone(&config), stop: stop.clone() };
    announce(&config, &listener, first_start.admin_password.as_ref())?;
    let watching = async {
        if let Some(listener) = watched {
            listener.serve(metrics::routes(services.clone(), requests.clone()), stop.clone()).await;
        }
    };
    let serving = listener.serve(router(state, requests.clone()), stop.clone());
    tokio::select! {
        ((), ()) = async { tokio::join!(serving, watching) } => {}
        () = signals.relay(&stop) => warn!("Stopped at once"),
    }
    services.close().await?;
    info!("Stopped");
    Ok(ExitCode::SUCCESS)
}

/// Files are for nobody else, those of the logs included.
fn prepare_process() {
    install_crypto_provider();
    keep_files_private();
}

/// There may be as many connections as the system allows.
fn raise_limits() {
    let limit = getrlimit(Resource::Nofile);
    let raised = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, maximum: limit.maximum });
    if let Err(error) = raised {
        warn!(%error, "Could not raise the limit of open files: {error}");
    }
}

fn announce(
    config: &Config,
    listener: &Listener,
    password: Option<&types::secret::Secret<String>>,
) -> Result<(), Box<dyn Error>> {
    let address = listener.address();
    print(&welcome::text(config, address, password))?;
    info!(%address, "Listening on {address}");
    let is_clear = !config.has_tls() && !config.external_url.as_ref().is_some_and(ExternalUrl::is_https);
    if is_clear && !address.ip().is_loopback() {
        warn!("Passwords cross the network in clear: set tls.certificate, or external_url behind a proxy");
    }
    Ok(())
}
