//! The time of background work and of the leases it respects. Requests carry their own time, see `OpCtx`.
//!
//! The clock of a machine can jump. A lease is stamped with the later of two clocks, the machine's and one that began
//! with the process and only ever goes on; the collection asks for the earlier of the two. A jump in either direction
//! then makes things live longer, never shorter.

use std::time::Instant;

use chrono::{DateTime, Utc};

/// The two clocks, in milliseconds since the epoch.
#[derive(Clone, Debug)]
pub struct Clock(Source);

#[derive(Clone, Debug)]
enum Source {
    System {
        started_at: i64,
        since: Instant,
    },
    #[cfg(any(test, feature = "testing"))]
    Hand(std::sync::Arc<ByHand>),
}

impl Clock {
    /// The clock of the machine, and one that begins at this moment.
    pub fn system() -> Self {
        Self(Source::System { started_at: wall(), since: Instant::now() })
    }

    /// What the machine says.
    pub(crate) fn wall_ms(&self) -> i64 {
        match &self.0 {
            Source::System { .. } => wall(),
            #[cfg(any(test, feature = "testing"))]
            Source::Hand(hand) => hand.wall.load(std::sync::atomic::Ordering::SeqCst),
        }
    }

    /// What it would say had its clock not been touched since the start.
    fn steady_ms(&self) -> i64 {
        match &self.0 {
            Source::System { started_at, since } => {
                started_at.saturating_add(i64::try_from(since.elapsed().as_millis()).unwrap_or(i64::MAX))
            }
            #[cfg(any(test, feature = "testing"))]
            Source::Hand(hand) => hand.steady.load(std::sync::atomic::Ordering::SeqCst),
        }
    }

    /// The later of the two: the stamp of a lease.
    pub(crate) fn latest_ms(&self) -> i64 {
        self.wall_ms().max(self.steady_ms())
    }

    /// The earlier of the two: what a lease is compared with.
    pub(crate) fn earliest_ms(&self) -> i64 {
        self.wall_ms().min(self.steady_ms())
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::system()
    }
}

fn wall() -> i64 {
    #[expect(clippy::disallowed_methods, reason = "this is where background work gets its time")]
    let now: DateTime<Utc> = Utc::now();
    now.timestamp_millis()
}

/// Clocks that a test moves.
#[cfg(any(test, feature = "testing"))]
#[derive(Debug)]
pub struct ByHand {
    wall: std::sync::atomic::AtomicI64,
    steady: std::sync::atomic::AtomicI64,
}

#[cfg(any(test, feature = "testing"))]
impl ByHand {
    /// Clocks that stand at this time.
    pub fn at(now: DateTime<Utc>) -> std::sync::Arc<Self> {
        let now = now.timestamp_millis();
        std::sync::Arc::new(Self { wall: now.into(), steady: now.into() })
    }

    /// The clock for the options.
    pub fn clock(self: &std::sync::Arc<Self>) -> Clock {
        Clock(Source::Hand(std::sync::Arc::clone(self)))
    }

    /// What the clock of the machine says.
    pub fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.wall.load(std::sync::atomic::Ordering::SeqCst))
            .unwrap_or_default()
    }

    /// Time goes by.
    pub fn advance(&self, secs: i64) {
        self.jump(secs);
        self.steady.fetch_add(secs * 1000, std::sync::atomic::Ordering::SeqCst);
    }

    /// Somebody sets the clock of the machine.
    pub fn jump(&self, secs: i64) {
        self.wall.fetch_add(secs * 1000, std::sync::atomic::Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_jump_makes_leases_live_longer_in_both_directions() {
        let hand = ByHand::at(DateTime::from_timestamp_millis(10_000).unwrap());
        let clock = hand.clock();
        assert_eq!((clock.earliest_ms(), clock.latest_ms()), (10_000, 10_000));
        hand.jump(5);
        assert_eq!((clock.earliest_ms(), clock.latest_ms()), (10_000, 15_000));
        hand.jump(-9);
        assert_eq!((clock.earliest_ms(), clock.latest_ms()), (6_000, 10_000));
        hand.advance(1);
        assert_eq!((clock.earliest_ms(), clock.latest_ms()), (7_000, 11_000));
    }
}
