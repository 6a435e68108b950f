//! Filters and sorting of Harbor's lists.

use std::collections::BTreeMap;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use types::{
    page::{DEFAULT_PAGE_SIZE, Page},
    query::{Direction, ListQuery, Query, Sort, Term},
};

use super::grammar;

/// `q` and `sort`: read as the grammar says, and the same when they are written again.
pub fn list_query(text: &str) {
    let parsed = Query::parse(text);
    let pairs = grammar::list_query(text).map(BTreeMap::from_iter);
    assert_eq!(parsed.is_ok(), pairs.is_some(), "{text:?}: {parsed:?}");
    if let (Ok(query), Some(pairs)) = (&parsed, pairs) {
        assert!(query.terms.iter().map(|(key, _)| key).eq(pairs.keys()), "{text:?}");
        assert!(query.terms.iter().zip(pairs.values()).all(|((_, term), value)| has_sign(term, value)));
        assert_eq!(Query::parse(&written(query)).as_ref(), Ok(query), "{text:?}");
    }
    let sort = Sort::parse(text);
    assert!(sort.0.iter().all(|(key, _)| !key.is_empty() && !key.contains(',')), "{text:?}");
    assert_eq!(Sort::parse(&sort_written(&sort)), sort, "{text:?}");
    let list = ListQuery::parse(None, None, Some(text), Some(text)).ok();
    let page = Page { number: 1, size: DEFAULT_PAGE_SIZE };
    assert_eq!(list, parsed.ok().map(|query| ListQuery { page, query, sort }));
}

/// Whether a term is of the kind that the first character of its value stands for.
fn has_sign(term: &Term, value: &str) -> bool {
    match value.chars().next() {
        Some('~') => matches!(term, Term::Fuzzy(_)),
        Some('[') => matches!(term, Term::Range { .. }),
        Some('{') => matches!(term, Term::AnyOf(_)),
        Some('(') => matches!(term, Term::AllOf(_)),
        _ => matches!(term, Term::Exact(_)),
    }
}

/// A `q` that means the same, every character escaped and every item quoted.
pub fn written(query: &Query) -> String {
    let pairs: Vec<String> = query.terms.iter().map(|(key, term)| format!("{key}={}", value(term))).collect();
    utf8_percent_encode(&pairs.join(","), NON_ALPHANUMERIC).to_string()
}

fn value(term: &Term) -> String {
    let items = |values: &[String]| values.iter().map(|item| quoted(item)).collect::<Vec<_>>().join(" ");
    let end = |end: &Option<String>| end.as_deref().map(quoted).unwrap_or_default();
    match term {
        Term::Exact(text) => format!("\\{text}"),
        Term::Fuzzy(text) => format!("~{text}"),
        Term::Range { min, max } => format!("[{}~{}]", end(min), end(max)),
        Term::AnyOf(values) => format!("{{{}}}", items(values)),
        Term::AllOf(values) => format!("({})", items(values)),
    }
}

fn quoted(text: &str) -> String {
    format!("\"{text}\"")
}

fn sort_written(sort: &Sort) -> String {
    let key = |(key, direction): &(String, Direction)| match direction {
        Direction::Ascending => key.clone(),
        Direction::Descending => format!("-{key}"),
    };
    sort.0.iter().map(key).collect::<Vec<_>>().join(",")
}
