//! Passwords as argon2id (PHC strings). Source: RFC 9106; `promises.md` P-21.

use argon2::{
    Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version, password_hash::phc::PasswordHash,
};
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
