//! Bounds how many live streams one person holds open.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use service::OpCtx;

/// Streams that one holder may have at a time.
pub(super) const SEATS: u32 = 32;

/// Whom a stream is counted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Holder {
    /// A user, wherever they are.
    User(i64),
    /// Everybody at one address who is not signed in.
    Address(IpAddr),
}

impl Holder {
    pub(super) fn of(cx: &OpCtx, address: IpAddr) -> Self {
        cx.user_id().map_or(Self::Address(address), Self::User)
    }
}

/// The streams that are open, by holder.
#[derive(Clone, Debug, Default)]
pub(super) struct Seats(Arc<Mutex<HashMap<Holder, u32>>>);

impl Seats {
    /// One more stream; None when the holder has as many as are allowed.
    pub(super) fn take(&self, holder: Holder) -> Option<Seat> {
        let mut taken = self.taken();
        let count = taken.entry(holder).or_default();
        if *count >= SEATS {
            return None;
        }
        *count += 1;
        Some(Seat { seats: self.clone(), holder })
    }

    fn taken(&self) -> MutexGuard<'_, HashMap<Holder, u32>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Stands for one open stream.
#[derive(Debug)]
pub(super) struct Seat {
    seats: Seats,
    holder: Holder,
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = self.seats.taken();
        if let Some(count) = taken.get_mut(&self.holder) {
            *count -= 1;
            if *count == 0 {
                taken.remove(&self.holder);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seats_are_bounded_by_holder_and_come_back() {
        let seats = Seats::default();
        let mut held: Vec<_> = (0..SEATS).map(|_| seats.take(Holder::User(1)).unwrap()).collect();
        assert!(seats.take(Holder::User(1)).is_none());
        assert!(seats.take(Holder::User(2)).is_some());
        held.pop();
        held.push(seats.take(Holder::User(1)).unwrap());
        assert!(seats.take(Holder::User(1)).is_none());
        drop(held);
        assert!(seats.taken().is_empty());
    }
}
