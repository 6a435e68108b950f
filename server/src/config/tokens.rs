//! Tokens of the registry.

use service::{SigningAlgorithm, TokenOptions};

use super::reader::Reader;
use super::value::words;

/// How tokens are signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// ECDSA on P-256: small and fast.
    Es256,
    /// RSA, for a `distribution` registry that trusts our tokens.
    Rs256,
}

words!(Algorithm { "ES256" => Algorithm::Es256, "RS256" => Algorithm::Rs256 });

/// What tokens look like.
#[derive(Clone, Debug)]
pub struct Tokens {
    /// Signature algorithm.
    pub algorithm: Algorithm,
    /// Life of a token, in seconds.
    pub ttl_secs: u64,
}

impl Tokens {
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        let tokens = Self {
            algorithm: reader.get("tokens.algorithm", Algorithm::Es256),
            ttl_secs: reader.get("tokens.ttl_secs", 1800),
        };
        // Docker's client takes a life below a minute for a minute (distribution, token specification), which the leeway
        // for clocks allows.
        reader.at_least("tokens.ttl_secs", tokens.ttl_secs, 5);
        tokens
    }

    pub(super) fn options(&self) -> TokenOptions {
        let algorithm = match self.algorithm {
            Algorithm::Es256 => SigningAlgorithm::Es256,
            Algorithm::Rs256 => SigningAlgorithm::Rs256,
        };
        TokenOptions { algorithm, ttl_secs: self.ttl_secs }
    }
}
