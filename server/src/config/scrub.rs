//! The verification of stored bytes.

use std::time::Duration;

use service::{ScrubOptions, scrub::Budget};

use super::reader::Reader;

/// How stored bytes are read again, to see whether they are whole.
#[derive(Clone, Copy, Debug)]
pub struct Scrub {
    /// How often a run begins by itself; zero for never.
    pub interval: Duration,
    /// Bytes that a run reads; zero for no runs.
    pub bytes: u64,
    /// Bytes that a run reads in a second, on average; zero for no limit.
    pub bytes_per_sec: u64,
}

impl Scrub {
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        let ScrubOptions { interval, budget } = ScrubOptions::default();
        Self {
            interval: reader.get("scrub.interval", interval),
            bytes: reader.get("scrub.bytes", budget.bytes),
            bytes_per_sec: reader.get("scrub.bytes_per_sec", budget.bytes_per_sec.unwrap_or_default()),
        }
    }

    pub(super) fn options(self) -> ScrubOptions {
        let bytes_per_sec = (self.bytes_per_sec > 0).then_some(self.bytes_per_sec);
        ScrubOptions { interval: self.interval, budget: Budget { bytes: self.bytes, bytes_per_sec } }
    }
}
