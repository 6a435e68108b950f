//! Secrets that machines sign in with, made here, and their hashes.

use aws_lc_rs::constant_time;
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};
use types::{secret::Secret, validate};

use crate::Error;

/// Letters and digits, in ASCII order of their groups: the digits of base 62.
pub(crate) const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// So many random letters and digits are a number of 256 bits.
pub(crate) const SECRET_LENGTH: usize = 43;

/// A random secret of letters and digits that has a small and a large letter and a digit, as Harbor's secrets do.
pub(crate) fn random() -> Result<Secret<String>, Error> {
    loop {
        let text = random_text(SECRET_LENGTH)?;
        if validate::password(&text).is_ok() {
            return Ok(Secret::new(text));
        }
    }
}

/// Random letters and digits, each as likely as the others.
pub(crate) fn random_text(length: usize) -> Result<String, Error> {
    let mut text = String::with_capacity(length);
    let mut bytes = [0_u8; 64];
    while text.len() < length {
        aws_lc_rs::rand::fill(&mut bytes).map_err(Error::internal)?;
        // four times the alphabet fits into a byte: what is beyond would make its beginning likelier
        let fair = bytes.iter().filter(|byte| **byte < 248);
        let characters =
            fair.filter_map(|byte| ALPHABET.get(usize::from(byte % 62)).copied().map(char::from));
        text.extend(characters.take(length - text.len()));
    }
    Ok(text)
}

/// The hash that a random secret is kept as: SHA-256, in hexadecimal digits.
///
/// A slow hash makes each guess dear, because people choose passwords that can be guessed. A random number of 256 bits
/// can't be guessed at any price, so that a fast hash keeps it as well, and a machine that signs in for every pull costs
/// nothing. What a person chose is kept as a password is, see `authn::hash`.
pub(crate) fn hash(secret: &str) -> String {
    HEXLOWER.encode(&Sha256::digest(secret.as_bytes()))
}

/// Whether a secret has a hash made by [`hash`], told in a time that says nothing about it.
pub(crate) fn has_hash(secret: &str, stored: &str) -> bool {
    constant_time::verify_slices_are_equal(hash(secret).as_bytes(), stored.as_bytes()).is_ok()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn random_secrets_keep_harbors_rule_and_never_repeat() {
        let secrets: HashSet<String> = (0..200).map(|_| random().unwrap().into_exposed()).collect();
        assert_eq!(secrets.len(), 200);
        for secret in &secrets {
            assert_eq!(secret.len(), SECRET_LENGTH);
            assert!(secret.bytes().all(|b| b.is_ascii_alphanumeric()));
            validate::password(secret).unwrap();
        }
        let seen: HashSet<char> = secrets.iter().flat_map(|secret| secret.chars()).collect();
        assert_eq!(seen.len(), 62, "every letter and digit comes up");
    }

    #[test]
    fn a_secret_is_known_by_its_hash_alone() {
        let stored = hash("Harbour12345");
        assert!(!stored.contains("Harbour") && stored.len() == 64);
        assert!(has_hash("Harbour12345", &stored));
        assert!(!has_hash("Harbour12346", &stored) && !has_hash("Harbour12345", ""));
    }
}
