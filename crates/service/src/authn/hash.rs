//! Passwords as argon2id (PHC strings). Source: RFC 9106; `promises.md` P-21.

use argon2::{
    Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version, password_hash::phc::PasswordHash,
};
use data_encoding::BASE64_NOPAD;
use types::secret::Secret;

use crate::{AuthOptions, Error};

/// Hashes a new password, off the threads that serve.
pub(crate) async fn hash(password: Secret<String>, options: AuthOptions) -> Result<String, Error> {
    tokio::task::spawn_blocking(move || hash_now(&password, options)).await.map_err(Error::internal)?
}

/// Hashes a new password on this thread.
pub(crate) fn hash_now(password: &Secret<String>, options: AuthOptions) -> Result<String, Error> {
    let parameters =
        Params::new(options.memory_kib, options.passes, 1, Some(32)).map_err(|error| failed(&error))?;
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, parameters);
    Ok(argon2.hash_password(password.expose().as_bytes()).map_err(|error| failed(&error))?.to_string())
}

/// A hash that no password has, made without the cost of one: checking a password against it costs as much as against
/// a real one.
pub(crate) fn decoy(options: AuthOptions) -> Result<String, Error> {
    let mut bytes = [0_u8; 48];
    aws_lc_rs::rand::fill(&mut bytes).map_err(Error::internal)?;
    let (salt, output) = bytes.split_at(16);
    Ok(format!(
        "$argon2id$v=19$m={},t={},p=1${}${}",
        options.memory_kib,
        options.passes,
        BASE64_NOPAD.encode(salt),
        BASE64_NOPAD.encode(output)
    ))
}

/// Whether the password is the one of `stored`, off the threads that serve.
pub(crate) async fn verify(password: Secret<String>, stored: String) -> Result<bool, Error> {
    let check = move || {
        let parsed = PasswordHash::new(&stored).map_err(|error| failed(&error))?;
        Ok(Argon2::default().verify_password(password.expose().as_bytes(), &parsed).is_ok())
    };
    tokio::task::spawn_blocking(check).await.map_err(Error::internal)?
}

fn failed(error: &impl std::fmt::Display) -> Error {
    Error::internal(std::io::Error::other(format!("password hash: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cheap() -> AuthOptions {
        AuthOptions { memory_kib: 8, passes: 1, ..AuthOptions::default() }
    }

    #[tokio::test]
    async fn a_decoy_is_checked_like_a_hash_and_never_right() {
        let password = Secret::new("Harbour-12345".to_owned());
        let decoy = decoy(cheap()).expect("random bytes");
        let real = hash(password.clone(), cheap()).await.expect("a hash");
        let form = |text: &str| text.split('$').map(str::len).collect::<Vec<_>>();
        assert_eq!(form(&decoy), form(&real));
        assert!(!verify(password.clone(), decoy).await.expect("a hash that can be read"));
        assert!(verify(password, real).await.expect("a hash that can be read"));
    }
}
