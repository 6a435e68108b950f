//! Slows down guessing: failures are counted per account *and* address, and per address over all accounts, so that
//! nobody can lock a victim out from somewhere else. Success is never limited.
//!
//! Attempts on one account from one address take turns, so a burst of guesses gains nothing, and a burst of right
//! passwords is hashed once.

use std::{
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use moka::sync::Cache;
use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard};

use super::address_key;
use crate::Error;

/// How long failures are remembered after the last one.
const MEMORY: Duration = Duration::from_mins(15);
const MINUTE_MS: i64 = 60_000;
/// The longest delay, in seconds.
const LONGEST: u64 = 300;

pub(crate) struct Limiter {
    accounts: Cache<(String, IpAddr), Arc<AsyncMutex<Account>>>,
    addresses: Cache<IpAddr, Arc<Mutex<Address>>>,
    free_failures: u32,
    per_address: u32,
}

#[derive(Debug, Default)]
struct Account {
    failures: u32,
    blocked_until_ms: i64,
}

#[derive(Debug, Default)]
struct Address {
    minute_ends_ms: i64,
    failures: u32,
}

/// The turn of one attempt on an account from an address.
pub(crate) struct Turn<'a> {
    limiter: &'a Limiter,
    account: OwnedMutexGuard<Account>,
    address: Arc<Mutex<Address>>,
    now_ms: i64,
}

impl Limiter {
    pub(crate) fn new(free_failures: u32, per_address: u32) -> Self {
        Self {
            accounts: Cache::builder().max_capacity(100_000).time_to_idle(MEMORY).build(),
            addresses: Cache::builder().max_capacity(100_000).time_to_idle(MEMORY).build(),
            free_failures,
            per_address,
        }
    }

    /// Waits for the attempts before it on the same account from the same address.
    pub(crate) async fn turn(&self, account: &str, address: IpAddr, now_ms: i64) -> Turn<'_> {
        let address = address_key(address);
        let key = (account.to_lowercase().chars().take(255).collect(), address);
        Turn {
            limiter: self,
            account: self.accounts.get_with(key, Arc::default).lock_owned().await,
            address: self.addresses.get_with(address, Arc::default),
            now_ms,
        }
    }
}

impl Turn<'_> {
    /// Lets the attempt go on, or says when the next may. Errors: `RateLimited`.
    pub(crate) fn check(&self) -> Result<(), Error> {
        let address = lock(&self.address);
        if address.failures >= self.limiter.per_address && self.now_ms < address.minute_ends_ms {
            return Err(limited(address.minute_ends_ms - self.now_ms));
        }
        if self.now_ms < self.account.blocked_until_ms {
            return Err(limited(self.account.blocked_until_ms - self.now_ms));
        }
        Ok(())
    }

    /// Counts a failure.
    pub(crate) fn failed(mut self) {
        let mut address = lock(&self.address);
        if self.now_ms >= address.minute_ends_ms {
            *address = Address { minute_ends_ms: self.now_ms.saturating_add(MINUTE_MS), failures: 0 };
        }
        address.failures = address.failures.saturating_add(1);
        drop(address);
        self.account.failures = self.account.failures.saturating_add(1);
        if let Some(beyond) = self.account.failures.checked_sub(self.limiter.free_failures) {
            let delay_secs = 1_u64.checked_shl(beyond).unwrap_or(LONGEST).min(LONGEST);
            self.account.blocked_until_ms = self.now_ms.saturating_add_unsigned(delay_secs * 1000);
        }
    }

    /// Forgets the failures of the account.
    pub(crate) fn succeeded(mut self) {
        *self.account = Account::default();
    }
}

pub(super) fn limited(wait_ms: i64) -> Error {
    Error::RateLimited { retry_after_secs: wait_ms.max(1).unsigned_abs().div_ceil(1000) }
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
    const ELSEWHERE: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 2));

    /// Tries a wrong password; tells how long to wait where that is refused.
    async fn guess(limiter: &Limiter, account: &str, address: IpAddr, now_ms: i64) -> Option<u64> {
        let turn = limiter.turn(account, address, now_ms).await;
        match turn.check() {
            Ok(()) => {
                turn.failed();
                None
            }
            Err(Error::RateLimited { retry_after_secs }) => Some(retry_after_secs),
            Err(error) => panic!("{error}"),
        }
    }

    #[tokio::test]
    async fn delay_grows_with_failures_and_ends() {
        let limiter = Limiter::new(3, 1000);
        for _ in 0..3 {
            assert_eq!(guess(&limiter, "ann", HERE, 0).await, None);
        }
        assert_eq!(guess(&limiter, "ann", HERE, 0).await, Some(1));
        assert_eq!(guess(&limiter, "ann", HERE, 1_000).await, None);
        assert_eq!(guess(&limiter, "ann", HERE, 1_000).await, Some(2));
        assert_eq!(guess(&limiter, "ann", HERE, 3_000).await, None);
        assert_eq!(guess(&limiter, "ann", HERE, 3_000).await, Some(4));
    }

    #[tokio::test]
    async fn victim_is_not_locked_out_from_another_address() {
        let limiter = Limiter::new(1, 1000);
        assert_eq!(guess(&limiter, "ann", HERE, 0).await, None);
        assert_eq!(guess(&limiter, "ANN", HERE, 0).await, Some(1));
        assert_eq!(guess(&limiter, "ann", ELSEWHERE, 0).await, None);
    }

    #[tokio::test]
    async fn success_is_never_limited_and_forgets_failures() {
        let limiter = Limiter::new(2, 1000);
        assert_eq!(guess(&limiter, "ann", HERE, 0).await, None);
        for _ in 0..50 {
            let turn = limiter.turn("ann", HERE, 0).await;
            turn.check().expect("not limited");
            turn.succeeded();
        }
        assert_eq!(guess(&limiter, "ann", HERE, 0).await, None);
    }

    #[tokio::test]
    async fn address_that_tries_many_accounts_waits_for_the_minute_to_end() {
        let limiter = Limiter::new(100, 2);
        assert_eq!(guess(&limiter, "a", HERE, 0).await, None);
        assert_eq!(guess(&limiter, "b", HERE, 0).await, None);
        assert_eq!(guess(&limiter, "c", HERE, 20_000).await, Some(40));
        assert_eq!(guess(&limiter, "c", HERE, 60_000).await, None);
    }
}
