//! What many figures come down to.

use std::time::Duration;

/// The value that `share` of all are at or below (nearest rank), in milliseconds. None of nothing.
pub fn percentile_ms(latencies: &mut [Duration], share: f64) -> Option<f64> {
    latencies.sort_unstable();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a rank is small and positive"
    )]
    let rank = (share * latencies.len() as f64).ceil() as usize;
    latencies.get(rank.saturating_sub(1)).map(|latency| latency.as_secs_f64() * 1000.0)
}

/// The runs of one row: the one in the middle, and how far they went apart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    pub median: f64,
    pub min: f64,
    pub max: f64,
}

impl Spread {
    /// None of nothing. With an even number of runs the median is the mean of the middle two.
    pub fn of(runs: &[f64]) -> Option<Self> {
        let mut sorted = runs.to_vec();
        sorted.sort_unstable_by(f64::total_cmp);
        let middle = |at: usize| sorted.get(at).copied();
        let upper = middle(sorted.len() / 2)?;
        let lower = if sorted.len().is_multiple_of(2) { middle(sorted.len() / 2 - 1)? } else { upper };
        Some(Self { median: f64::midpoint(lower, upper), min: *sorted.first()?, max: *sorted.last()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_the_nearest_rank() {
        let mut latencies: Vec<Duration> = (1..=200).rev().map(Duration::from_millis).collect();
        assert_eq!(percentile_ms(&mut latencies, 0.99), Some(198.0));
        assert_eq!(percentile_ms(&mut latencies, 0.5), Some(100.0));
        assert_eq!(percentile_ms(&mut latencies, 1.0), Some(200.0));
    }

    #[test]
    fn a_percentile_of_few_is_one_of_them() {
        assert_eq!(percentile_ms(&mut [Duration::from_millis(7)], 0.99), Some(7.0));
        assert_eq!(percentile_ms(&mut [], 0.99), None);
    }

    #[test]
    fn a_spread_takes_runs_in_any_order() {
        assert_eq!(Spread::of(&[3.0, 1.0, 2.0]), Some(Spread { median: 2.0, min: 1.0, max: 3.0 }));
        assert_eq!(Spread::of(&[4.0, 1.0]), Some(Spread { median: 2.5, min: 1.0, max: 4.0 }));
        assert_eq!(Spread::of(&[]), None);
    }
}
