//! How much is measured.

use std::time::Duration;

pub const KIB: u64 = 1024;
pub const MIB: u64 = 1024 * KIB;
pub const GIB: u64 = 1024 * MIB;

/// The sizes of one call of the command.
#[derive(Clone, Debug)]
pub struct Plan {
    pub is_quick: bool,
    /// Runs of each row; the table shows their median.
    pub runs: usize,
    /// How long a run takes that isn't over when its work is done.
    pub run_time: Duration,
    /// How long a crowd pushes: longer, because a disk takes its time.
    pub push_time: Duration,
    /// A large layer.
    pub blob: u64,
    /// What memory is watched with.
    pub huge: u64,
    /// Tags in a repository, ascending.
    pub tags: Vec<u64>,
    /// Repositories that a cold start meets.
    pub repositories: u64,
}

impl Plan {
    /// What the published figures come from.
    pub fn full() -> Self {
        Self {
            is_quick: false,
            runs: 5,
            run_time: Duration::from_secs(3),
            push_time: Duration::from_secs(8),
            blob: GIB,
            huge: 10 * GIB,
            tags: vec![10, 1_000, 50_000],
            repositories: 10_000,
        }
    }

    /// What is enough to see whether a change did anything.
    pub fn quick() -> Self {
        Self {
            is_quick: true,
            runs: 1,
            run_time: Duration::from_secs(1),
            push_time: Duration::from_secs(4),
            blob: 64 * MIB,
            huge: 640 * MIB,
            tags: vec![10, 1_000],
            repositories: 200,
        }
    }
}

/// A number of bytes as a person writes it.
pub fn size(bytes: u64) -> String {
    match bytes {
        _ if bytes >= GIB && bytes.is_multiple_of(GIB) => format!("{} GiB", bytes / GIB),
        _ if bytes >= MIB && bytes.is_multiple_of(MIB) => format!("{} MiB", bytes / MIB),
        _ => format!("{} KiB", bytes / KIB),
    }
}

/// A whole number with a comma before every three digits.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_written_in_the_largest_unit_that_fits() {
        let cases = [(KIB, "1 KiB"), (64 * MIB, "64 MiB"), (10 * GIB, "10 GiB"), (GIB + MIB, "1025 MiB")];
        for (bytes, text) in cases {
            assert_eq!(size(bytes), text);
        }
    }

    #[test]
    fn thousands_are_set_apart() {
        for (number, text) in [(7, "7"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(grouped(number), text);
        }
    }
}
