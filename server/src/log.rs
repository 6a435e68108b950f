//! Sets up logging: text on a terminal, JSON otherwise, always to standard error.

use std::io::IsTerminal;

use tracing::error;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::Subscriber;

use crate::config::{Format, Log};

/// Parts of others that say at `info` what concerns nobody who runs this; the configured level may turn them on.
const QUIET: &str = "sea_orm_migration=warn";

/// Installs the process-wide subscriber and sends panics through it.
///
/// A second call changes nothing.
pub fn init(log: &Log) {
    let filter = EnvFilter::new(format!("{QUIET},{}", log.level));
    let is_terminal = std::io::stderr().is_terminal();
    let builder = Subscriber::builder().with_env_filter(filter).with_writer(std::io::stderr);
    let is_text = log.format == Format::Text || (log.format == Format::Auto && is_terminal);
    let installed = if is_text {
        tracing::subscriber::set_global_default(builder.with_ansi(is_terminal).finish())
    } else {
        tracing::subscriber::set_global_default(builder.json().flatten_event(true).finish())
    };
    if installed.is_ok() {
        std::panic::set_hook(Box::new(log_panic));
    }
}

fn log_panic(panic: &std::panic::PanicHookInfo<'_>) {
    let place = panic.location().map(ToString::to_string).unwrap_or_default();
    let message = panic.payload_as_str().unwrap_or("no message");
    error!(panic.location = place, "Panicked: {message}");
}
