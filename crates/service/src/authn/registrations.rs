//! Counts the accounts that people make for themselves, per address: neither accounts nor tries of names come in bulk.

use std::{
    collections::VecDeque,
    net::IpAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use moka::sync::Cache;

use super::{
    address_key,
    limiter::{limited, lock},
};
use crate::Error;

/// Registrations of one address within [`PERIOD`], successful or not.
const AT_MOST: usize = 10;
const PERIOD: Duration = Duration::from_mins(10);
const PERIOD_MS: i64 = 600_000;

/// When the last registrations of each address were, in milliseconds since the epoch.
pub(crate) struct Registrations(Cache<IpAddr, Arc<Mutex<VecDeque<i64>>>>);

impl Registrations {
    pub(crate) fn new() -> Self {
        Self(Cache::builder().max_capacity(100_000).time_to_idle(PERIOD).build())
    }

    /// Counts one. Errors: `RateLimited`, which does not count, so that waiting helps.
    pub(crate) fn count(&self, address: IpAddr, now_ms: i64) -> Result<(), Error> {
        let times = self.0.get_with(address_key(address), Arc::default);
        let mut times = lock(&times);
        times.retain(|time| now_ms < time.saturating_add(PERIOD_MS));
        match times.front() {
            Some(first) if times.len() >= AT_MOST => Err(limited(first.saturating_add(PERIOD_MS) - now_ms)),
            _ => {
                times.push_back(now_ms);
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

    #[test]
    fn the_eleventh_within_ten_minutes_waits_for_the_first_to_be_forgotten() {
        let registrations = Registrations::new();
        for number in 0..10 {
            registrations.count(HERE, number * 1000).expect("few");
        }
        let refused = registrations.count(HERE, 10_000);
        assert!(matches!(refused, Err(Error::RateLimited { retry_after_secs: 590 })), "{refused:?}");
        assert!(registrations.count(HERE, 599_999).is_err());
        registrations.count(HERE, 600_000).expect("the first is forgotten");
        assert!(registrations.count(HERE, 600_999).is_err(), "and only the first");
    }
}
