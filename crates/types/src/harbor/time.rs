//! Points in time as Harbor writes them: RFC 3339 in UTC with exactly three digits of a second's fraction.
//!
//! `#[serde(with = "…::time")]` serves a plain [`DateTime`]; the submodules serve the optional ones. Reading takes any
//! RFC 3339 time, whatever its offset and precision.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Deserializer, Serializer};

/// The time Go calls zero: "this never happened".
pub const ZERO: &str = "0001-01-01T00:00:00.000Z";

/// The text Harbor would write for `time`, for example `2026-11-24T03:50:45.123Z`.
pub fn format(time: &DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// Writes a time in Harbor's form.
///
/// # Errors
/// Only what the serializer itself reports.
pub fn serialize<S: Serializer>(time: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&format(time))
}

/// Reads any RFC 3339 time.
///
/// # Errors
/// When the value is no text or the text is no RFC 3339 time.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<DateTime<Utc>, D::Error> {
    DateTime::<Utc>::deserialize(deserializer)
}

/// Times that may never have come: `None` is written as [`ZERO`].
pub mod never_zero {
    use super::{DateTime, Deserialize, Deserializer, Serializer, Utc, ZERO, format};

    /// Writes a time, or [`ZERO`] for `None`.
    ///
    /// # Errors
    /// Only what the serializer itself reports.
    pub fn serialize<S: Serializer>(time: &Option<DateTime<Utc>>, serializer: S) -> Result<S::Ok, S::Error> {
        match time {
            Some(time) => serializer.serialize_str(&format(time)),
            None => serializer.serialize_str(ZERO),
        }
    }

    /// Reads a time; [`ZERO`] and `null` are `None`.
    ///
    /// # Errors
    /// When the value is neither `null` nor an RFC 3339 time.
    pub fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<DateTime<Utc>>, D::Error> {
        let time = Option::<DateTime<Utc>>::deserialize(deserializer)?;
        Ok(time.filter(|time| format(time) != ZERO))
    }
}

/// Times that may be left out: `None` is written as `null`; put `skip_serializing_if = "Option::is_none"` beside it.
pub mod optional {
    use super::{DateTime, Deserialize, Deserializer, Serializer, Utc, format};

    /// Writes a time, or `null` for `None`.
    ///
    /// # Errors
    /// Only what the serializer itself reports.
    pub fn serialize<S: Serializer>(time: &Option<DateTime<Utc>>, serializer: S) -> Result<S::Ok, S::Error> {
        match time {
            Some(time) => serializer.serialize_str(&format(time)),
            None => serializer.serialize_none(),
        }
    }

    /// Reads a time or `null`.
    ///
    /// # Errors
    /// When the value is neither `null` nor an RFC 3339 time.
    pub fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<DateTime<Utc>>, D::Error> {
        Option::<DateTime<Utc>>::deserialize(deserializer)
    }
}
