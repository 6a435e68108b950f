//! Sets up logging: to standard error, or to a file that is put aside when it has grown. Text on a terminal, JSON otherwise.

use std::fs;
use std::io::{self, IsTerminal};
use std::path::Path;
use std::sync::Mutex;

use rolling_file::{BasicRollingFileAppender, RollingConditionBasic};
use tracing::error;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::Subscriber;
use tracing_subscriber::fmt::writer::BoxMakeWriter;

use crate::config::{Format, Log};

/// Parts of others that say at `info` what concerns nobody who runs this; the configured level may turn them on.
const QUIET: &str = "sea_orm_migration=warn";

/// Why the file of the logs can't be written.
#[derive(Debug, thiserror::Error)]
#[error("log.file: {path} can't be written")]
pub struct FileError {
    path: String,
    source: io::Error,
}

/// Installs the process-wide subscriber and sends panics through it.
///
/// A second call changes nothing. Errors: when the file of the logs can't be written.
pub fn init(log: &Log) -> Result<(), FileError> {
    let filter = EnvFilter::new(format!("{QUIET},{}", log.level));
    let is_terminal = log.file.is_none() && io::stderr().is_terminal();
    let writer = match &log.file {
        Some(path) => BoxMakeWriter::new(Mutex::new(open(path, log)?)),
        None => BoxMakeWriter::new(io::stderr),
    };
    let builder = Subscriber::builder().with_env_filter(filter).with_writer(writer);
    let is_text = log.format == Format::Text || (log.format == Format::Auto && is_terminal);
    let installed = if is_text {
        tracing::subscriber::set_global_default(builder.with_ansi(is_terminal).finish())
    } else {
        tracing::subscriber::set_global_default(builder.json().flatten_event(true).finish())
    };
    if installed.is_ok() {
        std::panic::set_hook(Box::new(log_panic));
    }
    Ok(())
}

/// Opens the file, which goes on where it ended. Nothing is buffered: a line is in it as soon as it is logged.
fn open(path: &Path, log: &Log) -> Result<BasicRollingFileAppender, FileError> {
    let failed = |source| FileError { path: path.display().to_string(), source };
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    let condition = RollingConditionBasic::new().max_size(log.rotate_size_bytes);
    let count = usize::try_from(log.rotate_count).unwrap_or(usize::MAX);
    BasicRollingFileAppender::new_with_buffer_capacity(path, condition, count, 0).map_err(failed)
}

fn log_panic(panic: &std::panic::PanicHookInfo<'_>) {
    let place = panic.location().map(ToString::to_string).unwrap_or_default();
    let message = panic.payload_as_str().unwrap_or("no message");
    error!(panic.location = place, "Panicked: {message}");
}
