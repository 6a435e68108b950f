//! What the row of an upload remembers for this driver, so that any process can go on with it.
//!
//! Invariant: a state names only what was durable when it was made; whatever was written after it and never
//! acknowledged is in no state, and nothing that a state names is changed before the next state is saved.

use serde::{Deserialize, Serialize};

use crate::Error;

/// How the rest is laid out.
const VERSION: u8 = 1;

/// Everything durable of one upload, in the order of its bytes: the parts, then the tail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct State {
    #[serde(rename = "v")]
    version: u8,
    /// Present as soon as there is a part.
    #[serde(rename = "m", default, skip_serializing_if = "Option::is_none")]
    pub multipart: Option<Multipart>,
    #[serde(rename = "t", default, skip_serializing_if = "Option::is_none")]
    pub tail: Option<Tail>,
    /// A tail that this state no longer needs, but the one before it did.
    #[serde(rename = "o", default, skip_serializing_if = "Option::is_none")]
    pub old_tail: Option<String>,
}

/// Parts that the store keeps for an object to come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Multipart {
    /// How the object will be named.
    #[serde(rename = "n")]
    pub name: String,
    /// What the store calls it.
    pub id: String,
    #[serde(rename = "p")]
    pub parts: Vec<Part>,
}

/// The size of a part in bytes, and what the store calls its content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Part(pub u64, pub String);

/// Bytes too few for a part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Tail {
    #[serde(rename = "n")]
    pub name: String,
    #[serde(rename = "l")]
    pub len: u64,
}

impl State {
    /// The state of an upload without bytes.
    pub(super) fn new() -> Self {
        Self { version: VERSION, multipart: None, tail: None, old_tail: None }
    }

    /// Reads what an upload's row keeps; `None` for an upload that this driver has not seen.
    pub(super) fn read(bytes: &[u8]) -> Result<Option<Self>, Error> {
        if bytes.is_empty() {
            return Ok(None);
        }
        match serde_json::from_slice(bytes) {
            Ok(Self { version: VERSION, multipart, tail, old_tail }) => {
                Ok(Some(Self { version: VERSION, multipart, tail, old_tail }))
            }
            _ => Err(Error::State("the upload was begun in another store or by another version")),
        }
    }

    /// Reads the state of an upload that stands at `offset`; one at 0 may begin here.
    pub(super) fn resume(bytes: &[u8], offset: u64) -> Result<Self, Error> {
        let state = match Self::read(bytes)? {
            None if offset > 0 => return Err(Error::NotFound),
            None => Self::new(),
            Some(state) => state,
        };
        state.is_at(offset)?;
        Ok(state)
    }

    pub(super) fn write(&self) -> Result<Vec<u8>, Error> {
        serde_json::to_vec(self).map_err(|error| Error::Io(error.into()))
    }

    /// Checks that exactly `offset` bytes are accounted for.
    pub(super) fn is_at(&self, offset: u64) -> Result<(), Error> {
        let parts = self.multipart.iter().flat_map(|multipart| &multipart.parts).map(|part| part.0);
        let mut held = parts.chain(self.tail.iter().map(|tail| tail.len));
        match held.try_fold(0_u64, u64::checked_add) {
            Some(held) if held == offset => Ok(()),
            _ => Err(Error::State("the upload does not have the size that was acknowledged")),
        }
    }

    /// How many parts there are.
    pub(super) fn parts(&self) -> usize {
        self.multipart.as_ref().map_or(0, |multipart| multipart.parts.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state() -> State {
        let multipart = Multipart {
            name: "0a".to_owned(),
            id: "id/with+signs".to_owned(),
            parts: vec![Part(5, "\"etag\"".to_owned()), Part(6, String::new())],
        };
        let tail = Some(Tail { name: "0b".to_owned(), len: 3 });
        State { multipart: Some(multipart), tail, old_tail: Some("0c".to_owned()), ..State::new() }
    }

    #[test]
    fn a_state_survives_the_row() {
        for state in [state(), State::new()] {
            assert_eq!(State::read(&state.write().unwrap()).unwrap(), Some(state));
        }
        assert_eq!(State::read(b"").unwrap(), None);
    }

    #[test]
    fn a_written_state_is_read_by_later_versions() {
        let written = br#"{"v":1,"m":{"n":"0a","id":"id/with+signs","p":[[5,"\"etag\""],[6,""]]},"t":{"n":"0b","l":3},"o":"0c"}"#;
        assert_eq!(state().write().unwrap(), written);
    }

    #[test]
    fn what_is_no_state_of_this_version_is_refused() {
        let other = String::from_utf8(state().write().unwrap()).unwrap().replace("\"v\":1", "\"v\":2");
        for bytes in [other.as_bytes(), b"{}", b"\x00", b"{\"v\":1,\"t\":{}}"] {
            assert!(matches!(State::read(bytes), Err(Error::State(_))));
        }
    }

    #[test]
    fn the_size_has_to_agree() {
        let bytes = state().write().unwrap();
        assert!(State::resume(&bytes, 14).is_ok());
        for offset in [0, 13, 15] {
            assert!(matches!(State::resume(&bytes, offset), Err(Error::State(_))));
        }
        assert!(State::resume(b"", 0).is_ok());
        assert!(matches!(State::resume(b"", 1), Err(Error::NotFound)));
    }
}
