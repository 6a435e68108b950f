//! How large parts are, and the memory they take.
//!
//! A part is sent as one request, so all of it is held in memory. Its size grows with its number, so that a large blob
//! fits into the parts that a store allows while a small one costs little memory:
//!
//! ```text
//! part    0 …  999     8 MiB      8 GiB together
//! part 1000 … 1999    16 MiB     23 GiB
//! part 2000 … 2999    32 MiB     55 GiB
//! part 3000 … 9999    64 MiB    492 GiB
//! ```

use std::sync::Arc;

use bytes::Bytes;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::Error;

/// The least that a part before the last one may have in S3.
pub(super) const LEAST_BYTES: u64 = 5 << 20;

/// As many parts as a multipart upload may have in S3.
pub(super) const MOST_PARTS: usize = 10_000;

const FIRST_BYTES: u64 = 8 << 20;
const PARTS_PER_SIZE: usize = 1000;
const MOST_DOUBLINGS: usize = 3;

/// The buffer of a part grows by this much at a time.
const GROWTH_BYTES: usize = 1 << 20;

/// Memory is counted in units of this many bytes.
const UNIT_BYTES: u64 = 1 << 10;

/// The memory that the parts of all uploads share.
///
/// Invariant: an upload asks for the memory of a whole part before it fills it, and while it waits it holds nothing but
/// parts that are being sent, which end without more memory. So every upload gets its turn.
#[derive(Clone, Debug)]
pub(super) struct Memory {
    left: Arc<Semaphore>,
    units: u32,
}

impl Memory {
    /// Shares this many bytes, and at least two of the smallest parts.
    pub(super) fn new(bytes: u64) -> Self {
        let units = bytes.max(2 * LEAST_BYTES).div_ceil(UNIT_BYTES).min(u64::from(u32::MAX >> 4));
        let units = u32::try_from(units).unwrap_or(u32::MAX >> 4);
        Self { left: Arc::new(Semaphore::new(units as usize)), units }
    }

    /// Waits for the memory of this many bytes.
    pub(super) async fn reserve(&self, bytes: u64) -> Result<OwnedSemaphorePermit, Error> {
        let units = u32::try_from(bytes.div_ceil(UNIT_BYTES)).unwrap_or(self.units).min(self.units);
        let permit = Arc::clone(&self.left).acquire_many_owned(units).await;
        permit.map_err(|_| Error::State("the store is closed"))
    }

    /// The size of the part with this number, counted from 0.
    pub(super) fn part_bytes(&self, number: usize) -> u64 {
        let planned = FIRST_BYTES << (number / PARTS_PER_SIZE).min(MOST_DOUBLINGS);
        planned.min(u64::from(self.units) * UNIT_BYTES / 2)
    }

    /// The least that is worth a part of its own at the end of an append. It grows as parts do, or a client that sends
    /// little at a time would use up the parts.
    pub(super) fn least_bytes(&self, number: usize) -> u64 {
        (self.part_bytes(number) / 2).max(LEAST_BYTES)
    }
}

/// A part that is being filled.
#[derive(Debug)]
pub(super) struct Buffer {
    bytes: Vec<u8>,
    size: usize,
    memory: OwnedSemaphorePermit,
}

impl Buffer {
    /// Makes room for `size` bytes, for which `memory` was reserved.
    pub(super) fn new(size: u64, memory: OwnedSemaphorePermit) -> Self {
        Self { bytes: Vec::new(), size: usize::try_from(size).unwrap_or(usize::MAX), memory }
    }

    /// Takes what fits from the front of a chunk.
    pub(super) fn fill(&mut self, chunk: &mut Bytes) {
        let len = chunk.len().min(self.size.saturating_sub(self.bytes.len()));
        if self.bytes.capacity() - self.bytes.len() < len {
            self.bytes.reserve_exact(len.max(GROWTH_BYTES.min(self.size - self.bytes.len())));
        }
        self.bytes.extend_from_slice(&chunk.split_to(len));
    }

    pub(super) fn len(&self) -> u64 {
        self.bytes.len() as u64
    }

    pub(super) fn is_full(&self) -> bool {
        self.bytes.len() >= self.size
    }

    /// Gives the bytes, and the memory that stays reserved for as long as they are held.
    pub(super) fn into_parts(self) -> (Bytes, OwnedSemaphorePermit) {
        (self.bytes.into(), self.memory)
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt as _;

    use super::*;

    const GIB: u64 = 1 << 30;

    #[test]
    fn a_hundred_gib_fit_into_the_parts_of_a_store() {
        let memory = Memory::new(256 << 20);
        let whole: u64 = (0..MOST_PARTS).map(|number| memory.part_bytes(number)).sum();
        assert!(whole >= 100 * GIB);
        let in_pieces: u64 = (0..MOST_PARTS).map(|number| memory.least_bytes(number)).sum();
        assert!(in_pieces >= 100 * GIB);
    }

    #[test]
    fn no_part_is_smaller_than_a_store_takes_or_larger_than_the_memory() {
        for bytes in [0, 16 << 20, 64 << 20, 256 << 20, u64::MAX] {
            let memory = Memory::new(bytes);
            for number in [0, 999, 1000, 3000, 9999, usize::MAX] {
                let part = memory.part_bytes(number);
                assert!((LEAST_BYTES..=64 << 20).contains(&part));
                assert!((LEAST_BYTES..=part.max(LEAST_BYTES)).contains(&memory.least_bytes(number)));
                assert!(part * 2 <= bytes.max(2 * LEAST_BYTES));
            }
        }
    }

    #[tokio::test]
    async fn memory_is_waited_for_and_given_back() {
        let memory = Memory::new(16 << 20);
        let first = memory.reserve(8 << 20).await.unwrap();
        let _second = memory.reserve(8 << 20).await.unwrap();
        assert!(memory.reserve(1).now_or_never().is_none());
        drop(first);
        assert!(memory.reserve(1).now_or_never().is_some());
    }

    #[tokio::test]
    async fn a_part_takes_what_fits() {
        let memory = Memory::new(0);
        let mut part = Buffer::new(5, memory.reserve(5).await.unwrap());
        let mut chunk = Bytes::from_static(b"1234567");
        part.fill(&mut chunk);
        assert!(part.is_full());
        assert_eq!((part.len(), chunk.as_ref()), (5, b"67".as_slice()));
        assert_eq!(part.into_parts().0.as_ref(), b"12345");
    }
}
