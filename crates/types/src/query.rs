//! Filters and sorting of lists: the parameters `q` and `sort`.
//!
//! Lives here: their grammar. Not here: which keys a list knows; unknown keys are ignored by whoever lists.
//! Invariant: a parsed query has one term per key, and no key is empty.
//!
//! Source: the common query parameters of Harbor's REST API.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::page::{DEFAULT_PAGE_SIZE, Page, PageError};

/// Why a `q` cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QueryError {
    /// A pair without `=`, or with an empty key or value.
    #[error("the query string must contain = and the key/value cannot be empty")]
    Pair,
    /// A range that is not closed, or has neither end.
    #[error("a range is written [min~max] and needs at least one of both")]
    Range,
    /// A list that is not closed, or is empty.
    #[error("a list is written {{a b c}} or (a b c) and must not be empty")]
    List,
}

/// What a key's value must be like.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Term {
    /// `k=v`: equal.
    Exact(String),
    /// `k=~v`: contains, in any case of letters.
    Fuzzy(String),
    /// `k=[min~max]`: not smaller than the one and not larger than the other.
    Range {
        /// The smallest value, when there is one.
        min: Option<String>,
        /// The largest value, when there is one.
        max: Option<String>,
    },
    /// `k={a b c}`: one of.
    AnyOf(Vec<String>),
    /// `k=(a b c)`: all of.
    AllOf(Vec<String>),
}

/// A parsed `q`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Query {
    /// Keys and their terms, ordered by key.
    pub terms: Vec<(String, Term)>,
}

impl Query {
    /// Reads a `q` whose parameter was already decoded once. It is decoded a second time, as Harbor does; a text that
    /// cannot be decoded is taken as it is. The last of several terms of one key counts.
    ///
    /// # Errors
    /// When a pair, range or list is malformed.
    pub fn parse(q: &str) -> Result<Self, QueryError> {
        if q.is_empty() {
            return Ok(Self::default());
        }
        let decoded = decode(q);
        let mut terms = BTreeMap::new();
        for pair in decoded.as_deref().unwrap_or(q).split(',') {
            let (key, value) = pair.split_once('=').ok_or(QueryError::Pair)?;
            if key.is_empty() || value.is_empty() {
                return Err(QueryError::Pair);
            }
            terms.insert(key.to_owned(), Term::parse(value)?);
        }
        Ok(Self { terms: terms.into_iter().collect() })
    }

    /// The first term of a key.
    pub fn get(&self, key: &str) -> Option<&Term> {
        self.terms.iter().find(|(known, _)| known == key).map(|(_, term)| term)
    }
}

impl Term {
    fn parse(value: &str) -> Result<Self, QueryError> {
        if let Some(rest) = value.strip_prefix('[') {
            parse_range(rest)
        } else if let Some(rest) = value.strip_prefix('{') {
            parse_list(rest, '}').map(Self::AnyOf)
        } else if let Some(rest) = value.strip_prefix('(') {
            parse_list(rest, ')').map(Self::AllOf)
        } else if let Some(rest) = value.strip_prefix('~') {
            Ok(Self::Fuzzy(rest.trim().to_owned()))
        } else {
            Ok(Self::Exact(value.strip_prefix('\\').unwrap_or(value).to_owned()))
        }
    }
}

fn parse_range(rest: &str) -> Result<Term, QueryError> {
    let inner = rest.strip_suffix(']').ok_or(QueryError::Range)?;
    let (min, max) = inner.split_once('~').unwrap_or((inner, ""));
    let end = |text: &str| Some(unquote(text.trim())).filter(|value| !value.is_empty()).map(str::to_owned);
    match (end(min), end(max)) {
        (None, None) => Err(QueryError::Range),
        (min, max) => Ok(Term::Range { min, max }),
    }
}

fn parse_list(rest: &str, close: char) -> Result<Vec<String>, QueryError> {
    let inner = rest.strip_suffix(close).ok_or(QueryError::List)?;
    let values: Vec<String> =
        inner.split(' ').map(unquote).filter(|value| !value.is_empty()).map(str::to_owned).collect();
    if values.is_empty() { Err(QueryError::List) } else { Ok(values) }
}

fn unquote(text: &str) -> &str {
    let quoted = |quote: char| text.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
    quoted('"').or_else(|| quoted('\'')).unwrap_or(text)
}

/// Decodes `%41` and `+`; nothing when an escape is broken or the result is not UTF-8.
fn decode(text: &str) -> Option<String> {
    let mut bytes = text.bytes();
    let mut decoded = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'%' => {
                let high = char::from(bytes.next()?).to_digit(16)?;
                let low = char::from(bytes.next()?).to_digit(16)?;
                u8::try_from(high * 16 + low).ok()?
            }
            b'+' => b' ',
            other => other,
        });
    }
    String::from_utf8(decoded).ok()
}

/// Which end of a sorted list comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Direction {
    /// Smallest first.
    Ascending,
    /// Largest first, written with a leading `-`.
    Descending,
}

/// A parsed `sort`: keys from the most to the least important.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sort(pub Vec<(String, Direction)>);

impl Sort {
    /// Reads keys separated by commas, `a,-b`; empty keys are skipped.
    pub fn parse(sort: &str) -> Self {
        let keys = sort.split(',').map(str::trim).map(|key| match key.strip_prefix('-') {
            Some(key) => (key, Direction::Descending),
            None => (key, Direction::Ascending),
        });
        Self(
            keys.filter(|(key, _)| !key.is_empty())
                .map(|(key, direction)| (key.to_owned(), direction))
                .collect(),
        )
    }
}

/// Why the parameters of a list cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ListQueryError {
    /// `page_size` is out of range.
    #[error(transparent)]
    Page(#[from] PageError),
    /// `q` is malformed.
    #[error(transparent)]
    Query(#[from] QueryError),
}

/// The common parameters of every list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListQuery {
    /// Which page.
    pub page: Page,
    /// Which items.
    pub query: Query,
    /// In which order.
    pub sort: Sort,
}

impl ListQuery {
    /// Reads the parameters `page`, `page_size`, `q` and `sort` as a client sent them.
    ///
    /// # Errors
    /// When `page_size` is out of range or `q` is malformed.
    pub fn parse(
        page: Option<u64>,
        page_size: Option<u64>,
        q: Option<&str>,
        sort: Option<&str>,
    ) -> Result<Self, ListQueryError> {
        Ok(Self {
            page: Page::new(page.unwrap_or(1), page_size.unwrap_or(DEFAULT_PAGE_SIZE))?,
            query: Query::parse(q.unwrap_or_default())?,
            sort: Sort::parse(sort.unwrap_or_default()),
        })
    }
}
