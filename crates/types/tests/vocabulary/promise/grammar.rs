//! The grammars of the specifications, written down by other means than the parsers: a second opinion.

use std::sync::LazyLock;

use regex::{Captures, Regex};

/// Longest name of a project, repository or user, in bytes.
const LONGEST_NAME: usize = 255;

macro_rules! pattern {
    ($name:ident, $pattern:expr) => {
        static $name: LazyLock<Regex> = LazyLock::new(|| Regex::new($pattern).unwrap());
    };
}

pattern!(DIGEST, r"\A(?:sha256:[a-f0-9]{64}|sha512:[a-f0-9]{128})\z");
pattern!(TAG, r"\A[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}\z");
pattern!(PROJECT, r"\A[a-z0-9]+(?:[._-][a-z0-9]+)*\z");
pattern!(REPOSITORY, r"\A[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)+\z");
pattern!(USER, r#"\A[^\p{Cc},"~#%$]+\z"#);
pattern!(BYTE_RANGE, r"\A\s*(?i:bytes)\s*=\s*(?:([0-9]+)\s*-\s*([0-9]+)?|-\s*([0-9]+))\s*\z");
pattern!(CONTENT_RANGE, r"\A\s*(?:(?i:bytes)[ =]\s*)?([0-9]+)-([0-9]+)(?:/(?:([0-9]+)|\*))?\s*\z");
pattern!(ESCAPED, r"(?s)\A(?:[^%]|%[0-9a-fA-F]{2})*\z");
pattern!(PAIR, r"(?s)\A([^=]+)=(.+)\z");
pattern!(
    FOREIGN_LAYER,
    r"(?s)\Aapplication/vnd\.(?:oci\.image\.layer\.nondistributable\.v1|docker\.image\.rootfs\.foreign\.diff)\.tar(?:[+.].*)?\z"
);

/// OCI image specification, `descriptor.md`, digests; the two registered algorithms a registry must know.
pub fn digest(text: &str) -> bool {
    DIGEST.is_match(text)
}

/// OCI distribution specification, `<reference>` as a tag.
pub fn tag(text: &str) -> bool {
    TAG.is_match(text)
}

/// Harbor's rule for projects.
pub fn project(text: &str) -> bool {
    text.len() <= LONGEST_NAME && PROJECT.is_match(text)
}

/// OCI distribution specification, `<name>`, with a project in front.
pub fn repository(text: &str) -> bool {
    text.len() <= LONGEST_NAME && REPOSITORY.is_match(text)
}

/// Harbor's rule for users.
pub fn user(text: &str) -> bool {
    text.len() <= LONGEST_NAME && USER.is_match(text)
}

/// Media types of layers that are fetched from elsewhere, without parameters.
pub fn foreign_layer(essence: &str) -> bool {
    FOREIGN_LAYER.is_match(essence)
}

/// What a `Range` of one range asks for. Source: RFC 9110, section 14.1.2, with space around the words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// First and perhaps last byte.
    From(u64, Option<u64>),
    /// So many bytes at the end.
    Last(u64),
}

/// Reads a `Range` header.
pub fn byte_range(header: &str) -> Option<Asked> {
    let parts = BYTE_RANGE.captures(header)?;
    let number = |place| group(&parts, place).map(saturating);
    number(3).map(Asked::Last).or_else(|| Some(Asked::From(number(1)?, number(2))))
}

/// Reads the `Content-Range` of a chunk into its first and last byte, in either form.
pub fn content_range(header: &str) -> Option<(u64, u64)> {
    let parts = CONTENT_RANGE.captures(header)?;
    let number = |place| group(&parts, place).map(saturating);
    let (start, end) = (number(1)?, number(2)?);
    let total = group(&parts, 3).map(|total| (saturating(total), is_big(total)));
    let fits = total.is_none_or(|(total, big)| !big && end < total);
    (start <= end && end < u64::MAX && fits).then_some((start, end))
}

fn group<'t>(parts: &Captures<'t>, place: usize) -> Option<&'t str> {
    parts.get(place).map(|part| part.as_str())
}

fn saturating(digits: &str) -> u64 {
    digits
        .bytes()
        .fold(0_u64, |number, digit| number.saturating_mul(10).saturating_add(u64::from(digit - b'0')))
}

fn is_big(digits: &str) -> bool {
    let digits = digits.trim_start_matches('0');
    digits.len() > 20 || digits.parse::<u128>().is_ok_and(|number| number > u128::from(u64::MAX))
}

/// Reads Harbor's `q` into its pairs of key and value, or refuses it.
pub fn list_query(q: &str) -> Option<Vec<(String, String)>> {
    if q.is_empty() {
        return Some(Vec::new());
    }
    let spaced = q.replace('+', " ");
    let decoded = percent_encoding::percent_decode_str(&spaced).decode_utf8().ok();
    let text = decoded.filter(|_| ESCAPED.is_match(q)).map_or_else(|| q.to_owned(), Into::into);
    text.split(',')
        .map(|pair| {
            let parts = PAIR.captures(pair)?;
            let (key, value) = (group(&parts, 1)?, group(&parts, 2)?);
            is_value(value).then(|| (key.to_owned(), value.to_owned()))
        })
        .collect()
}

fn is_value(value: &str) -> bool {
    let is_given = |item: &str| !["", "\"\"", "''"].contains(&item);
    let inner = |close: char| value.get(1..).and_then(|rest| rest.strip_suffix(close));
    match value.chars().next() {
        Some('[') => inner(']').is_some_and(|range| range.splitn(2, '~').any(|end| is_given(end.trim()))),
        Some('{') => inner('}').is_some_and(|list| list.split(' ').any(is_given)),
        Some('(') => inner(')').is_some_and(|list| list.split(' ').any(is_given)),
        first => first.is_some(),
    }
}
