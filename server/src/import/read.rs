//! Reads `harbor.cfg` and `harbor.yml` into dotted keys. Nothing here knows which keys exist.

use std::{fs, io, path::Path};

use ini::{Ini, ParseOption};
use serde_json::Value;

/// The format of an old configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `harbor.cfg` of Harbor 1.x: `key = value`.
    Cfg,
    /// `harbor.yml` of Harbor 2.x.
    Yml,
}

/// Why a file can't be read. Its text is never quoted: it holds secrets.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// There is no such file, or it may not be read.
    #[error("{0} can't be read")]
    Io(String, #[source] io::Error),
    /// It is not in the format that its name says.
    #[error("{path} can't be understood in line {line}")]
    Syntax {
        /// The file.
        path: String,
        /// The line, from 1.
        line: u64,
    },
    /// There is nothing in it.
    #[error("{0} has no keys: name a harbor.cfg of 1.x or a harbor.yml of 2.x")]
    Empty(String),
}

/// An old configuration: its keys, dotted where they are nested, and their values as text.
#[derive(Clone, Debug)]
pub struct Old {
    /// The format.
    pub form: Form,
    values: Vec<(String, String)>,
}

impl Old {
    /// Reads a file; one that ends in `.yml` or `.yaml` is YAML.
    ///
    /// Errors: `Io`, `Syntax`, `Empty`.
    pub fn read(path: &Path) -> Result<Self, ReadError> {
        let place = path.display().to_string();
        let text = fs::read_to_string(path).map_err(|error| ReadError::Io(place.clone(), error))?;
        let is_yaml = path.extension().is_some_and(|end| end == "yml" || end == "yaml");
        let form = if is_yaml { Form::Yml } else { Form::Cfg };
        let old = Self::parse(form, &text).map_err(|line| ReadError::Syntax { path: place.clone(), line })?;
        if old.values.is_empty() { Err(ReadError::Empty(place)) } else { Ok(old) }
    }

    /// Reads a text. Errors: the line, from 1, where it can't be understood.
    pub fn parse(form: Form, text: &str) -> Result<Self, u64> {
        let values = match form {
            Form::Cfg => cfg(text)?,
            Form::Yml => yml(text)?,
        };
        Ok(Self { form, values })
    }

    /// The value of a key; an empty one counts as absent.
    pub fn get(&self, key: &str) -> Option<&str> {
        let found = self.values.iter().rev().find(|(name, _)| name == key);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    /// Every key with its value, in the order of the file.
    pub fn keys(&self) -> impl Iterator<Item = (&str, &str)> {
        self.values.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// Whether a key is there, or one below it.
    pub fn has(&self, key: &str) -> bool {
        self.values.iter().any(|(name, _)| {
            name.strip_prefix(key).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        })
    }

    /// The keys below `prefix`, without it.
    pub fn below(&self, prefix: &str) -> Vec<(&str, &str)> {
        let below = |(key, value)| Some((str::strip_prefix(key, prefix)?.strip_prefix('.')?, value));
        self.keys().filter_map(below).collect()
    }
}

/// Reads as Python's `RawConfigParser` did for Harbor: nothing is unquoted, ` ;` begins a remark, the last of two equal
/// keys counts. Source: Harbor 1.5 `make/prepare`.
fn cfg(text: &str) -> Result<Vec<(String, String)>, u64> {
    let plain = ParseOption { enabled_quote: false, enabled_escape: false, ..ParseOption::default() };
    let ini = Ini::load_from_str_opt(text, plain).map_err(|error| error.line as u64)?;
    let mut values: Vec<(String, String)> = Vec::new();
    for (key, value) in ini.iter().flat_map(|(_, section)| section.iter()) {
        let value = value.split(" ;").next().unwrap_or_default().trim().to_owned();
        let key = key.trim().to_lowercase();
        values.retain(|(earlier, _)| *earlier != key);
        values.push((key, value));
    }
    Ok(values)
}

fn yml(text: &str) -> Result<Vec<(String, String)>, u64> {
    let value: Value = serde_saphyr::from_str(text)
        .map_err(|error| error.location().map_or(1, |location| location.line()))?;
    let mut values = Vec::new();
    flatten("", value, &mut values);
    Ok(values)
}

fn flatten(key: &str, value: Value, into: &mut Vec<(String, String)>) {
    match value {
        Value::Object(inner) if !inner.is_empty() => {
            for (name, value) in inner {
                let key = if key.is_empty() { name } else { format!("{key}.{name}") };
                flatten(&key, value, into);
            }
        }
        _ if key.is_empty() => {}
        value => into.push((key.to_owned(), text_of(value))),
    }
}

fn text_of(value: Value) -> String {
    match value {
        Value::Null | Value::Object(_) => String::new(),
        Value::String(text) => text.trim().to_owned(),
        Value::Array(items) => items.into_iter().map(text_of).collect::<Vec<_>>().join(","),
        other => other.to_string(),
    }
}
