//! When a schedule is due: expressions of six fields, seconds first, in UTC. Source: Harbor, `harbor.md` §1.12.

use chrono::{DateTime, Utc};
use croner::{
    Cron,
    parser::{CronParser, Seconds, Year},
};

use crate::Error;

/// Reads an expression. Errors: `Invalid`.
pub(crate) fn parse(text: &str) -> Result<Cron, Error> {
    CronParser::builder().seconds(Seconds::Required).year(Year::Disallowed).build().parse(text).map_err(
        |error| Error::Invalid {
            field: "cron",
            reason: format!("must have six fields such as \"0 0 0 * * *\": {error}"),
        },
    )
}

/// The first time after `now` that an expression means, both in milliseconds since the epoch; None when there is none.
pub(crate) fn next_after(cron: &Cron, now: i64) -> Option<i64> {
    let now: DateTime<Utc> = DateTime::from_timestamp_millis(now)?;
    cron.find_next_occurrence(&now, false).ok().map(|next| next.timestamp_millis())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn six_fields_with_seconds_first() {
        let midnight = DateTime::parse_from_rfc3339("2026-01-01T00:00:00Z").unwrap().timestamp_millis();
        for (text, secs) in [
            ("0 0 0 * * *", 86_400),
            ("30 * * * * *", 30),
            ("0 */5 * * * *", 300),
            ("0 0 1 * * *", 3_600),
            ("0 0 0 * * 0", 3 * 86_400),
        ] {
            let cron = parse(text).unwrap();
            assert_eq!(next_after(&cron, midnight), Some(midnight + secs * 1000), "{text}");
        }
    }

    #[test]
    fn the_time_itself_is_not_after_itself() {
        let cron = parse("0 0 * * * *").unwrap();
        assert_eq!(next_after(&cron, 3_600_000), Some(7_200_000));
        assert_eq!(next_after(&cron, 3_599_999), Some(3_600_000));
    }

    #[test]
    fn other_numbers_of_fields_are_refused() {
        for text in ["", "* * * * *", "0 0 0 * * * 2026", "0 0 25 * * *", "soon"] {
            assert!(matches!(parse(text), Err(Error::Invalid { field: "cron", .. })), "{text}");
        }
    }
}
