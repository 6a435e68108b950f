//! Digests computed while bytes pass by, and their state as bytes so that any process can go on where one stopped.
//!
//! Invariant: `from_state(to_state())` continues exactly where it was; a state of another version is refused, never
//! guessed.

use std::{fmt, ops::Range};

use sha2::digest::common::hazmat::{SerializableState, SerializedState};
use sha2::{Digest as _, Sha256, Sha512};
use types::digest::{Algorithm, Digest};

use crate::Error;

/// First byte of a state: how the rest is laid out (`version, algorithm, midstate`).
const STATE_VERSION: u8 = 1;
const TAG_SHA256: u8 = 1;
const TAG_SHA512: u8 = 2;
/// Bytes of the largest count of blocks: 2^48 blocks of 64 bytes are 16 PiB.
const COUNT_BYTES: usize = 6;

/// A running hash of one of the supported algorithms.
#[derive(Clone)]
pub enum Hasher {
    /// SHA-256.
    Sha256(Sha256),
    /// SHA-512.
    Sha512(Sha512),
}

impl Hasher {
    /// Starts a hash of nothing.
    pub fn new(algorithm: Algorithm) -> Self {
        match algorithm {
            Algorithm::Sha256 => Self::Sha256(Sha256::new()),
            Algorithm::Sha512 => Self::Sha512(Sha512::new()),
        }
    }

    /// Says which algorithm this is.
    pub fn algorithm(&self) -> Algorithm {
        match self {
            Self::Sha256(_) => Algorithm::Sha256,
            Self::Sha512(_) => Algorithm::Sha512,
        }
    }

    /// Adds the next bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Sha256(hash) => hash.update(bytes),
            Self::Sha512(hash) => hash.update(bytes),
        }
    }

    /// Ends the hash and returns the digest of everything added.
    #[expect(clippy::missing_panics_doc, reason = "the digest of a hash is always well formed")]
    pub fn finalize(self) -> Digest {
        let algorithm = self.algorithm();
        let hex = match self {
            Self::Sha256(hash) => data_encoding::HEXLOWER.encode(&hash.finalize()),
            Self::Sha512(hash) => data_encoding::HEXLOWER.encode(&hash.finalize()),
        };
        #[expect(
            clippy::expect_used,
            reason = "the encoder writes lower-case hex of the algorithm's own length"
        )]
        Digest::new(algorithm, &hex).expect("a computed digest is canonical")
    }

    /// Writes the state down (versioned bytes, for the upload's row).
    pub fn to_state(&self) -> Vec<u8> {
        let (tag, midstate) = match self {
            Self::Sha256(hash) => (TAG_SHA256, hash.serialize().to_vec()),
            Self::Sha512(hash) => (TAG_SHA512, hash.serialize().to_vec()),
        };
        [&[STATE_VERSION, tag], midstate.as_slice()].concat()
    }

    /// Continues from a state that [`Hasher::to_state`] wrote.
    ///
    /// # Errors
    /// `State` when the bytes are of another version, unknown, cut, or count more than any upload has.
    pub fn from_state(state: &[u8]) -> Result<Self, Error> {
        match state {
            [STATE_VERSION, TAG_SHA256, midstate @ ..] => restore(midstate, 32..40).map(Self::Sha256),
            [STATE_VERSION, TAG_SHA512, midstate @ ..] => restore(midstate, 64..80).map(Self::Sha512),
            _ => Err(Error::State("the hash state has an unknown version or algorithm")),
        }
    }
}

impl fmt::Debug for Hasher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hasher({})", self.algorithm().as_str())
    }
}

/// Reads a midstate. At `count` it says how many blocks were hashed, smallest byte first; the hash functions add to that
/// number without looking, so one that is nearly full would make them panic.
fn restore<H: SerializableState>(midstate: &[u8], count: Range<usize>) -> Result<H, Error> {
    let array = <&SerializedState<H>>::try_from(midstate)
        .map_err(|_| Error::State("the hash state has the wrong length"))?;
    let beyond = midstate.get(count).and_then(|count| count.get(COUNT_BYTES..)).unwrap_or_default();
    if beyond.iter().any(|byte| *byte != 0) {
        return Err(Error::State("the hash state counts more bytes than anyone can send"));
    }
    H::deserialize(array).map_err(|_| Error::State("the hash state is damaged"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ALGORITHMS: [Algorithm; 2] = [Algorithm::Sha256, Algorithm::Sha512];

    fn digest(algorithm: Algorithm, bytes: &[u8]) -> Digest {
        let mut hasher = Hasher::new(algorithm);
        hasher.update(bytes);
        hasher.finalize()
    }

    proptest! {
        #[test]
        fn a_state_written_anywhere_continues_to_the_same_digest(
            bytes in proptest::collection::vec(any::<u8>(), 0..2048),
            cuts in proptest::collection::vec(any::<prop::sample::Index>(), 0..6),
        ) {
            for algorithm in ALGORITHMS {
                let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(bytes.len() + 1)).collect();
                cuts.sort_unstable();
                let mut hasher = Hasher::new(algorithm);
                let mut at = 0;
                for cut in cuts {
                    hasher.update(&bytes[at..cut]);
                    hasher = Hasher::from_state(&hasher.to_state()).unwrap();
                    at = cut;
                }
                hasher.update(&bytes[at..]);
                prop_assert_eq!(hasher.algorithm(), algorithm);
                prop_assert_eq!(hasher.finalize(), digest(algorithm, &bytes));
            }
        }

        #[test]
        fn foreign_bytes_are_no_state_and_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..260)) {
            if let Ok(hasher) = Hasher::from_state(&bytes) {
                prop_assert_eq!(hasher.to_state(), bytes);
            }
        }

        #[test]
        fn a_damaged_state_is_refused_or_goes_on_without_a_panic(
            hashed in proptest::collection::vec(any::<u8>(), 0..300),
            damage in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        ) {
            for algorithm in ALGORITHMS {
                let mut hasher = Hasher::new(algorithm);
                hasher.update(&hashed);
                let mut state = hasher.to_state();
                for (place, byte) in &damage {
                    let place = place.index(state.len());
                    state[place] = *byte;
                }
                if let Ok(mut hasher) = Hasher::from_state(&state) {
                    prop_assert_eq!(hasher.to_state(), state);
                    hasher.update(&hashed);
                    let algorithm = hasher.algorithm();
                    prop_assert_eq!(hasher.finalize().algorithm(), algorithm);
                }
            }
        }
    }

    #[test]
    fn known_digests_are_computed() {
        let empty = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(digest(Algorithm::Sha256, b"").to_string(), empty);
        let abc = "sha512:ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a\
                   2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f";
        assert_eq!(digest(Algorithm::Sha512, b"abc").to_string(), abc);
    }

    #[test]
    fn a_state_that_counts_more_than_anyone_can_send_is_refused() {
        for (algorithm, count) in [(Algorithm::Sha256, 34..42), (Algorithm::Sha512, 66..82)] {
            let mut state = Hasher::new(algorithm).to_state();
            state[count.start + 5] = 0xff;
            assert!(Hasher::from_state(&state).is_ok());
            for place in count.start + 6..count.end {
                let mut state = state.clone();
                state[place] = 1;
                assert!(matches!(Hasher::from_state(&state), Err(Error::State(_))), "{algorithm} {place}");
            }
        }
    }

    #[test]
    fn states_of_another_version_algorithm_or_length_are_refused() {
        for algorithm in ALGORITHMS {
            let good = Hasher::new(algorithm).to_state();
            let mut version = good.clone();
            version[0] = STATE_VERSION + 1;
            let mut tag = good.clone();
            tag[1] = 9;
            let cut = good[..good.len() - 1].to_vec();
            let long = [good, vec![0]].concat();
            for state in [version, tag, cut, long, Vec::new()] {
                assert!(matches!(Hasher::from_state(&state), Err(Error::State(_))));
            }
        }
    }
}
