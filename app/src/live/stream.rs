//! When a stream of changes is to be trusted.

/// How many failures in a row end the hope that the browser connects again by itself.
const PATIENCE: u32 = 3;

/// How a page catches up once its stream is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CatchUp {
    /// By asking whether something happened since the page was read.
    Ask,
    /// By reading everything again: something may have been missed.
    Read,
}

/// What became of a stream so far.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Health {
    failures: u32,
    was_open: bool,
}

impl Health {
    /// Notes that the stream is open.
    pub(super) fn opened(&mut self) -> CatchUp {
        self.failures = 0;
        if std::mem::replace(&mut self.was_open, true) { CatchUp::Read } else { CatchUp::Ask }
    }

    /// Notes a failure, after which the browser connects again unless the stream is closed for good; answers whether to
    /// do without it.
    pub(super) fn failed(&mut self, is_closed: bool) -> bool {
        self.failures = self.failures.saturating_add(1);
        is_closed || self.failures >= PATIENCE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_first_opening_has_missed_nothing_that_asking_does_not_tell() {
        let mut health = Health::default();
        assert_eq!(health.opened(), CatchUp::Ask);
        assert_eq!(health.opened(), CatchUp::Read);
    }

    #[test]
    fn three_failures_in_a_row_are_enough_and_an_opening_starts_anew() {
        let mut health = Health::default();
        assert!(!health.failed(false) && !health.failed(false));
        health.opened();
        assert!(!health.failed(false) && !health.failed(false));
        assert!(health.failed(false) && health.failed(false));
    }

    #[test]
    fn a_refusal_is_enough_by_itself() {
        assert!(Health::default().failed(true));
    }
}
