//! Passwords as argon2id (PHC strings). Source: RFC 9106; `promises.md` P-21.
//!
//! Every check and every new hash takes its memory from one budget, and gives it back when it is done, not when its
//! caller goes away.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use argon2::{
    Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version, password_hash::phc::PasswordHash,
};
use data_encoding::BASE64_NOPAD;
use tokio::sync::Semaphore;
use types::secret::Secret;

use crate::{AuthOptions, Error};

/// How long a password waits for memory before it is refused.
const PATIENCE: Duration = Duration::from_secs(2);

/// Hashes and checks passwords, as many at once as fit into the memory budget.
pub(crate) struct Passwords {
    options: AuthOptions,
    permits: Arc<Semaphore>,
    /// How often a password was checked or hashed.
    pub(crate) runs: AtomicU64,
}

impl Passwords {
    pub(crate) fn new(options: AuthOptions) -> Self {
        let at_once = options.memory_budget_bytes / (u64::from(options.memory_kib) * 1024).max(1);
        let at_once = usize::try_from(at_once).unwrap_or(1).clamp(1, Semaphore::MAX_PERMITS);
        Self { options, permits: Arc::new(Semaphore::new(at_once)), runs: AtomicU64::new(0) }
    }

    /// Hashes a new password. Errors: `Unavailable` when too many wait.
    pub(crate) async fn hash(&self, password: Secret<String>) -> Result<String, Error> {
        let options = self.options;
        self.run(move || hash_now(&password, options)).await
    }

    /// Whether the password is the one of `stored`. Errors: `Unavailable` when too many wait.
    pub(crate) async fn verify(&self, password: Secret<String>, stored: String) -> Result<bool, Error> {
        self.run(move || verify_now(&password, &stored)).await
    }

    /// Runs on a thread that serves nobody, when there is memory.
    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        self.runs.fetch_add(1, Ordering::Relaxed);
        let waited = tokio::time::timeout(PATIENCE, Arc::clone(&self.permits).acquire_owned()).await;
        let permit = waited.map_err(|_| Error::Unavailable(None))?.map_err(Error::internal)?;
        let work = move || {
            let done = work();
            drop(permit);
            done
        };
        tokio::task::spawn_blocking(work).await.map_err(Error::internal)?
    }
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

fn verify_now(password: &Secret<String>, stored: &str) -> Result<bool, Error> {
    let parsed = PasswordHash::new(stored).map_err(|error| failed(&error))?;
    Ok(Argon2::default().verify_password(password.expose().as_bytes(), &parsed).is_ok())
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

    #[test]
    fn hash_states_the_default_costs() {
        let hash = hash_now(&Secret::new("Harbour-12345".to_owned()), AuthOptions::default());
        let hash = hash.expect("a hash");
        let parsed = PasswordHash::new(&hash).expect("a PHC string");
        assert!(hash.starts_with("$argon2id$v=19$m=65536,t=3,p=1$"), "{hash}");
        assert_eq!(parsed.salt.expect("a salt").len(), 16);
        assert_eq!(parsed.hash.expect("an output").len(), 32);
    }

    #[tokio::test(start_paused = true)]
    async fn password_that_finds_no_memory_is_refused_after_a_while() {
        let passwords = Passwords::new(AuthOptions { memory_budget_bytes: 0, ..cheap() });
        let taken = Arc::clone(&passwords.permits).acquire_owned().await.expect("one permit at least");
        let refused = passwords.hash(Secret::new("Harbour-12345".to_owned())).await;
        assert!(matches!(refused, Err(Error::Unavailable(_))), "{refused:?}");
        drop(taken);
        passwords.hash(Secret::new("Harbour-12345".to_owned())).await.expect("memory is free again");
    }

    #[tokio::test]
    async fn memory_of_a_caller_who_went_away_is_taken_until_the_work_is_done() {
        let passwords = Passwords::new(AuthOptions { memory_budget_bytes: 0, ..cheap() });
        let (go, wait) = std::sync::mpsc::channel::<()>();
        let mut work = Box::pin(passwords.run(move || {
            wait.recv().expect("told to go on");
            Ok(())
        }));
        assert!(futures::poll!(&mut work).is_pending());
        drop(work);
        assert_eq!(passwords.permits.available_permits(), 0);
        go.send(()).expect("the work waits");
        let _permit = passwords.permits.acquire().await.expect("given back");
    }

    #[tokio::test]
    async fn a_decoy_is_checked_like_a_hash_and_never_right() {
        let password = Secret::new("Harbour-12345".to_owned());
        let decoy = decoy(cheap()).expect("random bytes");
        let passwords = Passwords::new(cheap());
        let real = passwords.hash(password.clone()).await.expect("a hash");
        let form = |text: &str| text.split('$').map(str::len).collect::<Vec<_>>();
        assert_eq!(form(&decoy), form(&real));
        assert!(!passwords.verify(password.clone(), decoy).await.expect("a hash that can be read"));
        assert!(passwords.verify(password, real).await.expect("a hash that can be read"));
    }
}
