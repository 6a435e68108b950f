//! Where values come from: the file, the environment and the flags, each flattened to dotted keys.
//!
//! Nothing here knows which keys exist; the [`Reader`](super::reader::Reader) does.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use super::Problem;
use super::value::Raw;

const PREFIX: &str = "BERTH_";

/// Where the effective value of a setting comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Built in.
    Default,
    /// The configuration file.
    File(PathBuf),
    /// An environment variable, by name.
    Environment(String),
    /// A file named by an environment variable that ends in `_FILE`.
    SecretFile(String),
    /// A flag of the command line, by name.
    Flag(&'static str),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => write!(f, "default"),
            Self::File(path) => write!(f, "file {}", path.display()),
            Self::Environment(name) | Self::SecretFile(name) => write!(f, "environment {name}"),
            Self::Flag(name) => write!(f, "flag {name}"),
        }
    }
}

/// A value given by a flag.
#[derive(Clone, Debug)]
pub struct Flag {
    /// The flag as typed, such as `--listen`.
    pub name: &'static str,
    /// The setting's dotted key.
    pub key: &'static str,
    /// The value as typed.
    pub value: String,
}

/// Everything that was given, by dotted key.
#[derive(Debug, Default)]
pub(super) struct Sources {
    pub(super) path: PathBuf,
    pub(super) file: BTreeMap<String, Raw>,
    pub(super) environment: BTreeMap<String, (String, String)>,
    pub(super) flags: Vec<Flag>,
}

/// The environment variable that sets a key: `limits.drain_secs` → `BERTH_LIMITS__DRAIN_SECS`.
pub(super) fn variable(key: &str) -> String {
    format!("{PREFIX}{}", key.replace('.', "__").to_uppercase())
}

/// Reads a configuration file into dotted keys.
pub(super) fn read_file(path: &Path) -> Result<BTreeMap<String, Raw>, Problem> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| Problem::new(&path.display().to_string(), format!("cannot be read: {error}")))?;
    read_text(path, &text)
}

/// Reads the text of a configuration file into dotted keys.
pub(super) fn read_text(path: &Path, text: &str) -> Result<BTreeMap<String, Raw>, Problem> {
    let place = path.display().to_string();
    let table: toml::Table = text.parse().map_err(|error: toml::de::Error| {
        Problem::new(&place, format!("{}{}", error.message(), line_of(text, &error)))
    })?;
    let mut values = BTreeMap::new();
    flatten("", table, &mut values);
    Ok(values)
}

/// Names the line and not its text, which may hold a secret.
fn line_of(text: &str, error: &toml::de::Error) -> String {
    let before = error.span().and_then(|span| text.get(..span.start));
    before.map_or_else(String::new, |before| format!(" in line {}", before.matches('\n').count() + 1))
}

fn flatten(prefix: &str, table: toml::Table, into: &mut BTreeMap<String, Raw>) {
    for (name, value) in table {
        let key = if prefix.is_empty() { name } else { format!("{prefix}.{name}") };
        match value {
            toml::Value::Table(inner) => flatten(&key, inner, into),
            toml::Value::Array(items) => {
                into.insert(key, Raw::Many(items.into_iter().map(text).collect()));
            }
            other => {
                into.insert(key, Raw::One(text(other)));
            }
        }
    }
}

fn text(value: toml::Value) -> String {
    match value {
        toml::Value::String(text) => text,
        other => other.to_string(),
    }
}

/// Picks the settings out of the environment; empty values count as absent.
pub(super) fn read_environment(
    variables: impl IntoIterator<Item = (String, String)>,
) -> BTreeMap<String, (String, String)> {
    variables
        .into_iter()
        .filter(|(name, value)| !value.is_empty() && !is_service_link(name, value))
        .filter_map(|(name, value)| {
            let key = name.strip_prefix(PREFIX)?.to_lowercase().replace("__", ".");
            Some((key, (name, value)))
        })
        .collect()
}

/// Whether a variable is one that the environment, not the operator, made.
///
/// Kubernetes describes a service named `berth` to every pod beside it as `BERTH_SERVICE_HOST`,
/// `BERTH_PORT=tcp://…` and the like, which must not stop the server.
/// Source: Kubernetes, "Service", "Environment variables".
fn is_service_link(name: &str, value: &str) -> bool {
    let is_address = ["tcp://", "udp://", "sctp://"].iter().any(|scheme| value.starts_with(scheme));
    let is_port_of = |protocol: &str| name.contains("_PORT_") && name.contains(protocol);
    name.contains("_SERVICE_HOST")
        || name.contains("_SERVICE_PORT")
        || (name.ends_with("_PORT") && is_address)
        || ["_TCP", "_UDP", "_SCTP"].iter().any(|protocol| is_port_of(protocol))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_become_dotted_keys() {
        let given = read_environment([
            ("BERTH_LIMITS__DRAIN_SECS".into(), "5".into()),
            ("BERTH_DATA".into(), "/srv".into()),
            ("BERTH_LISTEN".into(), String::new()),
            ("HOME".into(), "/root".into()),
        ]);
        assert_eq!(given.keys().map(String::as_str).collect::<Vec<_>>(), ["data", "limits.drain_secs"]);
        assert_eq!(variable("limits.drain_secs"), "BERTH_LIMITS__DRAIN_SECS");
    }

    #[test]
    fn variables_made_by_kubernetes_are_not_settings() {
        let given = read_environment(
            [
                ("BERTH_SERVICE_HOST", "10.0.0.1"),
                ("BERTH_SERVICE_PORT_HTTP", "8080"),
                ("BERTH_PORT", "tcp://10.0.0.1:8080"),
                ("BERTH_PORT_8080_TCP_ADDR", "10.0.0.1"),
            ]
            .map(|(name, value)| (name.to_owned(), value.to_owned())),
        );
        assert!(given.is_empty(), "{given:?}");
    }
}
