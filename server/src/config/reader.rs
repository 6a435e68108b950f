//! Reads settings one by one from the sources and remembers what it saw.
//!
//! Reading is what makes a key known: after all sections were read, a key that was given but never
//! asked for is a mistake. Problems are collected, never returned early, so that all of them are
//! reported together.

use types::secret::Secret;

use super::Problem;
use super::source::{Flag, Origin, Sources, variable};
use super::value::{Raw, Value};

/// One setting as it came out: what `berth config show` prints a line of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Dotted key, such as `limits.drain_secs`.
    pub key: &'static str,
    /// The effective value; `***` for a secret, empty where not set.
    pub value: String,
    /// The built-in value; empty where there is none.
    pub default: String,
    /// Where the effective value comes from.
    pub origin: Origin,
    /// Whether the value is hidden and may come from a `…_FILE` variable.
    pub is_secret: bool,
}

impl Setting {
    /// The environment variable that sets this key.
    pub fn variable(&self) -> String {
        variable(self.key)
    }
}

/// Hands out settings by key.
pub(super) struct Reader<'a> {
    sources: &'a Sources,
    pub(super) settings: Vec<Setting>,
    pub(super) problems: Vec<Problem>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(sources: &'a Sources) -> Self {
        Self { sources, settings: Vec::new(), problems: Vec::new() }
    }

    /// A setting that always has a value.
    pub(super) fn get<T: Value>(&mut self, key: &'static str, default: T) -> T {
        let shown_default = default.show();
        let given = self.find(key);
        let (value, origin) = self.parse(key, given).map_or((default, Origin::Default), |found| found);
        self.note(key, value.show(), shown_default, origin);
        value
    }

    /// A setting that may be absent.
    pub(super) fn optional<T: Value>(&mut self, key: &'static str) -> Option<T> {
        let given = self.find(key);
        let found = self.parse::<T>(key, given);
        let origin = found.as_ref().map_or(Origin::Default, |(_, origin)| origin.clone());
        let value = found.map(|(value, _)| value);
        let shown = value.as_ref().map_or_else(String::new, Value::show);
        self.note(key, shown, String::new(), origin);
        value
    }

    /// A secret: never shown, never taken from a flag, readable from the file that `…_FILE` names.
    pub(super) fn secret(&mut self, key: &'static str) -> Option<Secret<String>> {
        let given = self.find_secret(key);
        let found = self.parse::<String>(key, given);
        let origin = found.as_ref().map_or(Origin::Default, |(_, origin)| origin.clone());
        let value = if found.is_some() { "***" } else { "" };
        self.settings.push(Setting {
            key,
            value: value.to_owned(),
            default: String::new(),
            origin,
            is_secret: true,
        });
        found.map(|(text, _)| Secret::new(text))
    }

    /// Adds a problem that only shows when several settings are seen together.
    pub(super) fn refuse(&mut self, key: &str, message: impl Into<String>) {
        self.problems.push(Problem::new(key, message));
    }

    /// Checks that a number is at least as large as it must be.
    pub(super) fn at_least(&mut self, key: &'static str, value: u64, least: u64) {
        if value < least {
            self.refuse(key, format!("must be at least {least}, not {value}"));
        }
    }

    fn note(&mut self, key: &'static str, value: String, default: String, origin: Origin) {
        self.settings.push(Setting { key, value, default, origin, is_secret: false });
    }

    fn parse<T: Value>(&mut self, key: &str, given: Option<(Raw, Origin)>) -> Option<(T, Origin)> {
        let (raw, origin) = given?;
        match T::parse(&raw) {
            Ok(value) => Some((value, origin)),
            Err(message) => {
                self.problems.push(Problem::new(&format!("{key} ({origin})"), message));
                None
            }
        }
    }

    fn find(&self, key: &str) -> Option<(Raw, Origin)> {
        let flag = self.sources.flags.iter().rev().find(|flag| flag.key == key);
        if let Some(Flag { name, value, .. }) = flag {
            return Some((Raw::One(value.clone()), Origin::Flag(name)));
        }
        if let Some((name, value)) = self.sources.environment.get(key) {
            return Some((Raw::One(value.clone()), Origin::Environment(name.clone())));
        }
        let raw = self.sources.file.get(key)?;
        Some((raw.clone(), Origin::File(self.sources.path.clone())))
    }

    fn find_secret(&mut self, key: &'static str) -> Option<(Raw, Origin)> {
        let Some((name, path)) = self.sources.environment.get(&format!("{key}_file")) else {
            return self.find(key);
        };
        if self.sources.environment.contains_key(key) {
            let message = format!("is set by {} and by {name}: keep one of them", variable(key));
            self.refuse(key, message);
        }
        match std::fs::read_to_string(path) {
            Ok(text) => {
                let text = text.trim_end_matches(['\r', '\n']).to_owned();
                Some((Raw::One(text), Origin::SecretFile(name.clone())))
            }
            Err(error) => {
                self.refuse(key, format!("cannot be read from {path}, which {name} names: {error}"));
                None
            }
        }
    }

    /// Reports every key that was given and that nobody asked for, with the nearest known one.
    pub(super) fn refuse_unknown(&mut self) {
        let known: Vec<&str> = self.settings.iter().map(|setting| setting.key).collect();
        let is_known = |key: &str| known.contains(&key);
        let is_secret_file = |key: &str| {
            let secret = key.strip_suffix("_file").unwrap_or_default();
            self.settings.iter().any(|setting| setting.is_secret && setting.key == secret)
        };
        let mut problems = Vec::new();
        for key in self.sources.file.keys().filter(|key| !is_known(key)) {
            let place = self.sources.path.display().to_string();
            let hint =
                nearest(key, &known).map_or_else(String::new, |near| format!("; did you mean {near}?"));
            problems.push(Problem::new(&place, format!("does not know the key {key}{hint}")));
        }
        for (key, (name, _)) in &self.sources.environment {
            if !is_known(key) && !is_secret_file(key) {
                let near = nearest(key, &known).map(variable);
                let hint = near.map_or_else(String::new, |near| format!("; did you mean {near}?"));
                problems.push(Problem::new(name, format!("is not a setting{hint}")));
            }
        }
        self.problems.extend(problems);
    }
}

/// The known key that looks most like the given one.
fn nearest<'k>(key: &str, known: &[&'k str]) -> Option<&'k str> {
    known
        .iter()
        .map(|candidate| (strsim::damerau_levenshtein(key, candidate), *candidate))
        .filter(|(distance, candidate)| distance * 2 <= candidate.len().max(key.len()))
        .min()
        .map(|(_, candidate)| candidate)
}
