//! What an old configuration of Harbor becomes: `harbor.cfg` of 1.x, or `harbor.yml` of 2.x.
//!
//! ```text
//! read     the file, as dotted keys ──▶ table   what each key becomes ──▶ settings of `berth.toml`
//!                                       address, storage, value   how     and a line about every key
//! ```
//! Every key of the file has its line, also one that nobody knows. A secret is in the settings alone, never in a line.

mod address;
mod read;
mod storage;
mod table;
#[cfg(test)]
mod tests;
mod value;

use std::collections::BTreeMap;

pub use read::{Form, Old, ReadError};

/// Settings by their dotted keys.
type Settings = BTreeMap<&'static str, toml::Value>;

/// What became of one key.
#[derive(Clone, Debug, PartialEq)]
pub enum Fate {
    /// It is these settings, and what else is to be known.
    Became(Vec<(&'static str, toml::Value)>, String),
    /// It has a part in a setting that another key brings, or is about the file itself.
    Part(String),
    /// There is nothing like it, for this reason.
    Never(String),
    /// There is nothing like it yet.
    NotYet(String),
    /// It is no key of Harbor that is known here.
    Unknown,
    /// Its value can't be understood, for this reason; it is not quoted.
    Wrong(String),
}

/// A key and what became of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// The key as in the file; dotted where it is nested.
    pub key: String,
    /// What became of it.
    pub fate: Fate,
}

/// What an old configuration became.
#[derive(Clone, Debug)]
pub struct Imported {
    /// A line for every key, in the order of the file.
    pub lines: Vec<Line>,
    settings: Settings,
}

/// Turns an old configuration into settings.
pub fn import(old: &Old) -> Imported {
    let lines: Vec<Line> = old
        .keys()
        .map(|(key, value)| Line { key: key.to_owned(), fate: table::fate(old, key, value) })
        .collect();
    let mut settings = Settings::new();
    for line in &lines {
        if let Fate::Became(became, _) = &line.fate {
            settings.extend(became.iter().cloned());
        }
    }
    Imported { lines, settings }
}

impl Imported {
    /// The keys whose values can't be understood, with the reasons.
    pub fn problems(&self) -> impl Iterator<Item = (&str, &str)> {
        self.lines.iter().filter_map(|line| match &line.fate {
            Fate::Wrong(why) => Some((line.key.as_str(), why.as_str())),
            _ => None,
        })
    }

    /// How many settings there are.
    pub fn count(&self) -> usize {
        self.settings.len()
    }

    /// The text of `berth.toml`, secrets included.
    pub fn toml(&self, from: &str) -> String {
        let mut root = toml::Table::new();
        for (key, value) in &self.settings {
            let (section, name) = key.split_once('.').unwrap_or(("", key));
            let entry = toml::Value::Table(toml::Table::new());
            let table = match section {
                "" => Some(&mut root),
                section => root.entry(section).or_insert(entry).as_table_mut(),
            };
            if let Some(table) = table {
                table.insert(name.to_owned(), value.clone());
            }
        }
        format!(
            "# Made from {from} by `berth config import`. It may hold secrets: keep it to yourself.\n{root}"
        )
    }
}
