//! The portal: its pages, its components, and the server functions behind them.
//!
//! Compiled twice: with `ssr` into the server, which renders every page completely, and with `hydrate`
//! into the module that wakes the same page in the browser. Both renders start from the same
//! [`Preferences`](preferences::Preferences) and the same data, so that they agree on every node.
#![recursion_limit = "512"]
#![allow(
    clippy::missing_errors_doc,
    clippy::needless_pass_by_value,
    clippy::too_many_lines,
    clippy::unused_async,
    reason = "components own their props and are as long as their markup; every server function is async"
)]

include!(concat!(env!("OUT_DIR"), "/i18n/mod.rs"));

mod app;
mod browser;
mod commands;
mod components;
mod context;
pub mod error;
mod format;
mod layout;
mod link;
mod listing;
mod live;
mod pages;
pub mod preferences;
mod remote;
pub mod server_fns;
#[cfg(feature = "ssr")]
pub mod ssr;
#[cfg(all(test, feature = "ssr"))]
mod testing;
pub mod view;

pub use app::App;
#[cfg(feature = "ssr")]
pub use ssr::shell::{Assets, shell};
