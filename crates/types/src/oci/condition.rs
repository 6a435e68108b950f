//! Conditions on what a tag points to: `If-Match` and `If-None-Match` of a request that changes it.
//!
//! Source: RFC 9110 §13.1, where the entity tag of a manifest is its digest.

use thiserror::Error;

use crate::digest::Digest;

/// What must be there for a change to be made; without headers, anything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Condition {
    if_match: Option<Listed>,
    if_none_match: Option<Listed>,
}

/// What one of the headers names.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Listed {
    /// Whatever is there.
    Anything,
    /// Manifests.
    These(Vec<Digest>),
}

/// A header that is no condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("{0} must be * or digests in double quotes, separated by commas")]
pub struct ConditionError(&'static str);

impl Condition {
    /// Reads the two headers.
    ///
    /// # Errors
    /// When one is neither `*` nor a list of digests in quotes.
    pub fn parse(if_match: Option<&str>, if_none_match: Option<&str>) -> Result<Self, ConditionError> {
        let read = |name, text: Option<&str>| {
            text.map(|text| Listed::parse(text).ok_or(ConditionError(name))).transpose()
        };
        Ok(Self {
            if_match: read("If-Match", if_match)?,
            if_none_match: read("If-None-Match", if_none_match)?,
        })
    }

    /// That it is this manifest.
    pub fn is(digest: Digest) -> Self {
        Self { if_match: Some(Listed::These(vec![digest])), if_none_match: None }
    }

    /// Whether it allows a change where `current` is there, or nothing.
    pub fn allows(&self, current: Option<&str>) -> bool {
        let is_match = self.if_match.as_ref().is_none_or(|listed| listed.names(current));
        let is_no_match = self.if_none_match.as_ref().is_none_or(|listed| !listed.names(current));
        is_match && is_no_match
    }
}

impl Listed {
    fn parse(text: &str) -> Option<Self> {
        if text.trim() == "*" {
            return Some(Self::Anything);
        }
        let digest = |one: &str| one.trim().strip_prefix('"')?.strip_suffix('"')?.parse().ok();
        text.split(',').map(digest).collect::<Option<_>>().map(Self::These)
    }

    fn names(&self, current: Option<&str>) -> bool {
        current.is_some_and(|current| match self {
            Self::Anything => true,
            Self::These(digests) => digests.iter().any(|digest| digest.as_str() == current),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(letter: char) -> String {
        format!("sha256:{}", letter.to_string().repeat(64))
    }

    #[test]
    fn a_condition_allows_what_its_headers_say() {
        let (a, b) = (digest('a'), digest('b'));
        let (only_a, both) = (format!("\"{a}\""), format!("\"{b}\" , \"{a}\""));
        let cases = [
            (None, None, [true, true, true]),
            (Some("*"), None, [false, true, true]),
            (Some(only_a.as_str()), None, [false, true, false]),
            (Some(both.as_str()), None, [false, true, true]),
            (None, Some("*"), [true, false, false]),
            (None, Some(only_a.as_str()), [true, false, true]),
            (Some("*"), Some(only_a.as_str()), [false, false, true]),
            (Some("*"), Some("*"), [false, false, false]),
        ];
        for (if_match, if_none_match, expected) in cases {
            let condition = Condition::parse(if_match, if_none_match).unwrap();
            let allowed = [None, Some(a.as_str()), Some(b.as_str())].map(|current| condition.allows(current));
            assert_eq!(allowed, expected, "{if_match:?} {if_none_match:?}");
        }
        assert!(Condition::is(a.parse().unwrap()).allows(Some(&a)));
        assert!(!Condition::is(a.parse().unwrap()).allows(Some(&b)));
    }

    #[test]
    fn what_is_no_condition_is_refused() {
        let a = digest('a');
        let texts =
            ["", "\"\"", "\"x\"", &a, &format!("W/\"{a}\""), &format!("\"{a}"), &format!("\"{a}\",*")];
        for text in texts {
            assert_eq!(Condition::parse(Some(text), None), Err(ConditionError("If-Match")), "{text}");
            assert_eq!(Condition::parse(None, Some(text)), Err(ConditionError("If-None-Match")), "{text}");
        }
    }
}
