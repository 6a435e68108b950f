//! Where the bytes of a blob lie, as a driver named it.

use std::{fmt, str::FromStr};

/// The place of one stored copy of a blob. A driver makes it when the copy is committed and never gives it to another
/// one, so that a copy can be removed while the same content is stored anew.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Location(String);

/// The text is no location.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a location is a relative path of lower-case letters, digits, dots and hyphens")]
pub struct LocationError;

impl Location {
    /// As it is written down.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Location {
    type Err = LocationError;

    /// Accepts only paths that stay below the store.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_name = |part: &str| {
            part.starts_with(|first: char| first.is_ascii_lowercase() || first.is_ascii_digit())
                && part.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-'))
        };
        if text.split('/').all(is_name) { Ok(Self(text.to_owned())) } else { Err(LocationError) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_location_survives_text() {
        for text in ["sha256/e3/e3b0.0f5c", "0f5c-12", "a"] {
            assert_eq!(text.parse::<Location>().map(|location| location.to_string()).as_deref(), Ok(text));
        }
    }

    #[test]
    fn nothing_leads_out_of_the_store() {
        for text in ["", "/", "/etc", "a//b", "a/", "..", "a/../b", "a/.b", "A", "a\\b", "a\0b", "ä"] {
            assert_eq!(text.parse::<Location>(), Err(LocationError), "{text:?}");
        }
    }
}
