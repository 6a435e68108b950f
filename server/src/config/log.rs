//! Logs.

use std::path::PathBuf;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;

use super::reader::Reader;
use super::value::words;

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Text on a terminal, JSON otherwise.
    Auto,
    /// One readable line per event.
    Text,
    /// One JSON object per event.
    Json,
}

words!(Format { "auto" => Format::Auto, "text" => Format::Text, "json" => Format::Json });

/// What is logged, and how.
#[derive(Clone, Debug)]
pub struct Log {
    /// Level, or directives per module such as `info,server=debug`.
    pub level: String,
    /// Form of the lines.
    pub format: Format,
    /// File for the lines; absent means standard error.
    pub file: Option<PathBuf>,
    /// Size from which on the file is put aside, in bytes.
    pub rotate_size_bytes: u64,
    /// How many files are kept that were put aside.
    pub rotate_count: u64,
}

impl Log {
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        let log = Self {
            level: reader.get("log.level", "info".to_owned()),
            format: reader.get("log.format", Format::Auto),
            file: reader.optional("log.file"),
            rotate_size_bytes: reader.get("log.rotate_size_bytes", 200 * 1024 * 1024),
            rotate_count: reader.get("log.rotate_count", 50),
        };
        reader.at_least("log.rotate_size_bytes", log.rotate_size_bytes, 64 * 1024);
        reader.at_least("log.rotate_count", log.rotate_count, 1);
        if !is_filter(&log.level) {
            let message =
                format!("must be error, warn, info, debug, trace or directives, not {:?}", log.level);
            reader.refuse("log.level", message);
        }
        log
    }
}

/// A word alone is a level: the filter's own grammar would take a misspelt one for a module.
fn is_filter(text: &str) -> bool {
    let is_level = |part: &str| part.contains('=') || part.parse::<LevelFilter>().is_ok();
    text.split(',').all(is_level) && text.parse::<EnvFilter>().is_ok()
}
