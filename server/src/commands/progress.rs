//! How far long work is: one line that changes on a terminal, now and then a line otherwise. On standard error.

use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

/// How often a terminal is told.
const OFTEN: Duration = Duration::from_millis(200);
/// How often anything else is told, beside the beginning of each part.
const SELDOM: Duration = Duration::from_secs(10);

/// Tells how far work is.
#[derive(Debug)]
pub(super) struct Progress {
    is_quiet: bool,
    is_terminal: bool,
    part: &'static str,
    told_at: Option<Instant>,
}

impl Progress {
    /// A quiet one tells nothing: its reader is a program.
    pub(super) fn new(is_quiet: bool) -> Self {
        Self { is_quiet, is_terminal: io::stderr().is_terminal(), part: "", told_at: None }
    }

    /// Tells that so many of so many are done of a part, when it is time to.
    pub(super) fn tell(&mut self, part: &'static str, done: u64, of: Option<u64>) {
        let every = if self.is_terminal { OFTEN } else { SELDOM };
        let is_due = self.part != part || self.told_at.is_none_or(|at| at.elapsed() >= every);
        if self.is_quiet || !is_due {
            return;
        }
        self.part = part;
        self.told_at = Some(Instant::now());
        let number = match of {
            Some(of) if of > 0 => format!(": {done} of {of}"),
            None if done > 0 => format!(": {done}"),
            _ => String::new(),
        };
        // There is nobody left to tell when standard error is gone.
        let _ = if self.is_terminal {
            write!(io::stderr(), "\r\x1b[K{part}{number}")
        } else {
            writeln!(io::stderr(), "{part}{number}")
        };
    }

    /// Makes room for other lines.
    pub(super) fn clear(&mut self) {
        if self.is_terminal && self.told_at.take().is_some() {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }
}
