//! An upload that is not yet a blob: its name, and how far it has come.

use std::fmt;
use std::str::FromStr;

use types::digest::Algorithm;
use uuid::Uuid;

use crate::Hasher;

/// Names one upload; random, so that it can't be guessed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UploadId(Uuid);

/// The text is no upload name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an upload is named by a lower-case UUID with hyphens")]
pub struct UploadIdError;

impl UploadId {
    /// Makes a name that was never used.
    pub fn new() -> Self {
        Self(Uuid::new_v4())
    }
}

impl Default for UploadId {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Display for UploadId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.as_hyphenated().fmt(f)
    }
}

impl FromStr for UploadId {
    type Err = UploadIdError;

    /// Accepts exactly what `Display` writes, so that one upload has one name.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let id = Uuid::try_parse(text).map(Self).map_err(|_| UploadIdError)?;
        if id.to_string() == text { Ok(id) } else { Err(UploadIdError) }
    }
}

/// How much of an upload is durable, and the hash of exactly those bytes.
#[derive(Clone, Debug)]
pub struct Progress {
    /// Acknowledged bytes; the next one is written here.
    pub offset: u64,
    /// Hash of the first `offset` bytes.
    pub hasher: Hasher,
    /// What the driver needs to go on; nothing for files. Kept by the caller beside the offset.
    pub state: Vec<u8>,
}

impl Progress {
    /// Returns the progress of an upload that has no bytes yet.
    pub fn start(algorithm: Algorithm) -> Self {
        Self { offset: 0, hasher: Hasher::new(algorithm), state: Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_survives_text() {
        let id = UploadId::new();
        assert_eq!(id.to_string().parse(), Ok(id));
    }

    #[test]
    fn only_the_canonical_spelling_is_a_name() {
        let id = UploadId::new().to_string();
        let spellings =
            [id.to_uppercase(), id.replace('-', ""), format!("{{{id}}}"), format!("urn:uuid:{id}")];
        for text in spellings.iter().map(String::as_str).chain(["", "..", "../../etc/passwd"]) {
            // An id without letters is its own upper case.
            if text != id {
                assert_eq!(text.parse::<UploadId>(), Err(UploadIdError), "{text}");
            }
        }
    }
}
