//! How moments are written.

use crate::i18n::{Locale, td_string};
use chrono::{DateTime, Datelike, Utc};

/// How far a moment lies back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Age {
    /// Less than a minute, or in the future by a clock that differs.
    Now,
    /// Whole minutes, below an hour.
    Minutes(i64),
    /// Whole hours, below a day.
    Hours(i64),
    /// Whole days, up to 30.
    Days(i64),
    /// Longer: the date itself says more.
    Date(DateTime<Utc>),
}

impl Age {
    /// The age of `at` at the moment `as_of`.
    pub fn between(at: DateTime<Utc>, as_of: DateTime<Utc>) -> Self {
        let age = as_of.signed_duration_since(at);
        match (age.num_minutes(), age.num_hours(), age.num_days()) {
            (..1, _, _) => Self::Now,
            (minutes, ..1, _) => Self::Minutes(minutes),
            (_, hours, ..1) => Self::Hours(hours),
            (_, _, days @ ..=30) => Self::Days(days),
            _ => Self::Date(at),
        }
    }
}

/// An age in words.
pub fn relative(locale: Locale, age: Age) -> String {
    match age {
        Age::Now => td_string!(locale, time.now).to_owned(),
        Age::Minutes(count) => td_string!(locale, time.minutes, count = count).clone(),
        Age::Hours(count) => td_string!(locale, time.hours, count = count).clone(),
        Age::Days(count) => td_string!(locale, time.days, count = count).clone(),
        Age::Date(at) => date(locale, at),
    }
}

/// The day of a moment, in UTC.
pub fn date(locale: Locale, at: DateTime<Utc>) -> String {
    td_string!(locale, time.date, day = at.day(), month = month(locale, at), year = at.year()).clone()
}

/// A moment to the minute, in UTC.
pub fn instant(locale: Locale, at: DateTime<Utc>) -> String {
    let clock = at.format("%H:%M").to_string();
    td_string!(
        locale,
        time.instant,
        day = at.day(),
        month = month(locale, at),
        year = at.year(),
        clock = clock
    )
    .clone()
}

fn month(locale: Locale, at: DateTime<Utc>) -> &'static str {
    match at.month() {
        1 => td_string!(locale, time.january),
        2 => td_string!(locale, time.february),
        3 => td_string!(locale, time.march),
        4 => td_string!(locale, time.april),
        5 => td_string!(locale, time.may),
        6 => td_string!(locale, time.june),
        7 => td_string!(locale, time.july),
        8 => td_string!(locale, time.august),
        9 => td_string!(locale, time.september),
        10 => td_string!(locale, time.october),
        11 => td_string!(locale, time.november),
        _ => td_string!(locale, time.december),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;

    fn moment() -> DateTime<Utc> {
        "2026-11-24T03:50:45Z".parse().unwrap()
    }

    #[test]
    fn an_age_is_told_in_its_largest_unit() {
        let day = 24 * 60 * 60;
        for (seconds, age) in [
            (-3600, Age::Now),
            (59, Age::Now),
            (60, Age::Minutes(1)),
            (3599, Age::Minutes(59)),
            (3600, Age::Hours(1)),
            (day - 1, Age::Hours(23)),
            (day, Age::Days(1)),
            (30 * day, Age::Days(30)),
            (31 * day, Age::Date(moment())),
        ] {
            assert_eq!(Age::between(moment(), moment() + TimeDelta::seconds(seconds)), age, "{seconds}");
        }
    }

    #[test]
    fn each_language_has_its_own_words() {
        assert_eq!(relative(Locale::en_us, Age::Minutes(1)), "1 minute ago");
        assert_eq!(relative(Locale::en_us, Age::Minutes(2)), "2 minutes ago");
        assert_eq!(relative(Locale::zh_cn, Age::Hours(3)), "3 小时前");
        assert_eq!(relative(Locale::en_us, Age::Date(moment())), "24 November 2026");
        assert_eq!(relative(Locale::zh_cn, Age::Date(moment())), "2026年11月24日");
        assert_eq!(instant(Locale::en_us, moment()), "24 November 2026, 03:50 UTC");
        assert_eq!(instant(Locale::zh_cn, moment()), "2026年11月24日 03:50 UTC");
    }
}
