//! One writer per upload within this process.
//!
//! A hold refuses a second caller at once while the first is alive. A caller that went away may leave work behind on a
//! blocking thread; the next one waits for that, which is short, since nobody was told of its result.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Semaphore;

use crate::{Error, UploadId};

type Slots = Arc<Mutex<HashMap<UploadId, Arc<Slot>>>>;

/// Who holds which upload. Clones share one table.
#[derive(Clone, Debug, Default)]
pub struct Holds {
    slots: Slots,
}

#[derive(Debug)]
struct Slot {
    /// The caller is gone, only its last piece of work remains.
    is_abandoned: AtomicBool,
    /// Has no permits, and is closed on release.
    released: Semaphore,
}

/// The exclusive right to write one upload; given back on drop.
#[derive(Debug)]
pub struct Hold {
    slots: Slots,
    upload: UploadId,
    slot: Arc<Slot>,
}

/// Tells, by being dropped, that the caller behind a hold is gone.
#[derive(Debug)]
pub(crate) struct Presence {
    slot: Arc<Slot>,
}

impl Holds {
    /// Takes the upload for one caller.
    ///
    /// # Errors
    /// `Busy` while another caller holds it.
    pub async fn hold(&self, upload: &UploadId) -> Result<Hold, Error> {
        loop {
            let other = match self.lock().entry(*upload) {
                Entry::Vacant(vacant) => {
                    let slot = Slot { is_abandoned: AtomicBool::new(false), released: Semaphore::new(0) };
                    let slot = Arc::clone(vacant.insert(Arc::new(slot)));
                    return Ok(Hold { slots: Arc::clone(&self.slots), upload: *upload, slot });
                }
                Entry::Occupied(occupied) => Arc::clone(occupied.get()),
            };
            if !other.is_abandoned.load(Ordering::Acquire) {
                return Err(Error::Busy);
            }
            // Without permits this ends only by closing, that is by release.
            let _closed = other.released.acquire().await;
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<UploadId, Arc<Slot>>> {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Hold {
    /// Splits off the caller's presence, so that the hold itself can travel to a blocking thread.
    pub(crate) fn presence(&self) -> Presence {
        Presence { slot: Arc::clone(&self.slot) }
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.upload);
        self.slot.released.close();
    }
}

impl Drop for Presence {
    fn drop(&mut self) {
        self.slot.is_abandoned.store(true, Ordering::Release);
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt as _;

    use super::*;

    #[tokio::test]
    async fn a_second_caller_is_refused_while_the_first_is_there() {
        let (holds, upload) = (Holds::default(), UploadId::new());
        let first = holds.hold(&upload).await.unwrap();
        let _presence = first.presence();
        assert!(matches!(holds.hold(&upload).await, Err(Error::Busy)));
        assert!(holds.hold(&UploadId::new()).await.is_ok());
    }

    #[tokio::test]
    async fn a_released_upload_can_be_held_again() {
        let (holds, upload) = (Holds::default(), UploadId::new());
        drop(holds.hold(&upload).await.unwrap());
        assert!(holds.hold(&upload).await.is_ok());
        assert!(holds.lock().is_empty());
    }

    #[tokio::test]
    async fn work_left_behind_is_waited_for() {
        let (holds, upload) = (Holds::default(), UploadId::new());
        let work = holds.hold(&upload).await.unwrap();
        drop(work.presence());
        let mut next = Box::pin(holds.hold(&upload));
        assert!(next.as_mut().now_or_never().is_none());
        drop(work);
        assert!(next.await.is_ok());
    }
}
