//! Logs.

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
}

impl Log {
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        let log = Self {
            level: reader.get("log.level", "info".to_owned()),
            format: reader.get("log.format", Format::Auto),
        };
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
