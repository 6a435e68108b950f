//! Routes of a test served on a real socket, inside the real frame.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use server::config::Config;
use server::listener::{Listener, Stop};
use server::metrics::Requests;
use server::middleware::frame;
use server::middleware::limits::{BoundsByRoute, bound};
use tokio::task::JoinHandle;

use super::raw::within;

/// A running server; it stops when the test is over.
pub struct Served {
    pub address: SocketAddr,
    pub stop: Stop,
    task: JoinHandle<()>,
}

/// A configuration for a free port on loopback, with every time-out long.
pub fn config() -> Config {
    Config { listen: SocketAddr::from(([127, 0, 0, 1], 0)), ..Config::default() }
}

/// Changes the limits of a configuration.
pub fn limited(change: impl FnOnce(&mut server::config::Limits)) -> Config {
    let mut config = config();
    change(&mut config.limits);
    config
}

pub const SHORT: Duration = Duration::from_millis(300);

impl Served {
    /// Starts serving.
    pub fn start(routes: Router, config: Config) -> Self {
        let listener = Listener::bind(&config).unwrap();
        let address = listener.address();
        let stop = Stop::new();
        let app = frame(bound(routes, BoundsByRoute::new(&config)), &Arc::new(config), Requests::default());
        let task = tokio::spawn(listener.serve(app, stop.clone()));
        Self { address, stop, task }
    }

    /// Waits until everything has come to an end.
    pub async fn ended(&mut self) {
        within(&mut self.task).await.unwrap();
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.task.abort();
    }
}
