//! Byte ranges: the `Range` header of a download and the `Content-Range` header of an upload's chunk.
//!
//! All positions are bytes counted from 0 and all ends are inclusive, as on the wire.

use std::ops::RangeInclusive;

use thiserror::Error;

/// The one range a `Range` header asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ByteRange {
    /// From a position to an end, or to the end of everything.
    From {
        /// The first byte.
        start: u64,
        /// The last byte, if given.
        end: Option<u64>,
    },
    /// The last so many bytes.
    Last(u64),
}

/// A range as it lies in content of a known length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resolved {
    /// The first byte.
    pub start: u64,
    /// The last byte, never before `start` and always within the content.
    pub end_inclusive: u64,
}

/// The range lies outside the content: the answer is 416.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the range lies outside the content")]
pub struct Unsatisfiable;

impl ByteRange {
    /// Reads a `Range` header.
    ///
    /// `None` means that the header is to be ignored: another unit, several ranges, or no range at all. A range that
    /// ends before it starts is kept, as it shall be answered with 416 and not with the whole content. Numbers too big
    /// for this machine are taken as the biggest there is, which lies outside everything just as well.
    pub fn parse(header: &str) -> Option<Self> {
        let (unit, range) = header.split_once('=')?;
        if !unit.trim().eq_ignore_ascii_case("bytes") {
            return None;
        }
        let (start, end) = range.trim().split_once('-')?;
        match (start.trim(), end.trim()) {
            ("", last) => position(last).map(Self::Last),
            (start, "") => Some(Self::From { start: position(start)?, end: None }),
            (start, end) => Some(Self::From { start: position(start)?, end: Some(position(end)?) }),
        }
    }

    /// Lays the range over content of `len` bytes.
    ///
    /// # Errors
    /// When no byte of the content is in the range; for empty content, always.
    pub fn resolve(self, len: u64) -> Result<Resolved, Unsatisfiable> {
        let last = len.checked_sub(1).ok_or(Unsatisfiable)?;
        let (start, end_inclusive) = match self {
            Self::From { start, end } => (start, end.unwrap_or(last).min(last)),
            Self::Last(0) => return Err(Unsatisfiable),
            Self::Last(count) => (len.saturating_sub(count), last),
        };
        if start > end_inclusive {
            return Err(Unsatisfiable);
        }
        Ok(Resolved { start, end_inclusive })
    }
}

impl Resolved {
    /// How many bytes the range has: at least one.
    #[expect(clippy::len_without_is_empty, reason = "a resolved range is never empty")]
    pub const fn len(&self) -> u64 {
        self.end_inclusive.saturating_sub(self.start).saturating_add(1)
    }

    /// The range in the form the standard library iterates.
    pub const fn inclusive(&self) -> RangeInclusive<u64> {
        self.start..=self.end_inclusive
    }

    /// The `Content-Range` header of the answer, for content of `len` bytes.
    pub fn content_range(&self, len: u64) -> String {
        format!("bytes {}-{}/{len}", self.start, self.end_inclusive)
    }
}

/// Where a chunk belongs, as its `Content-Range` header says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ContentRange {
    /// The first byte.
    pub start: u64,
    /// The last byte, never before `start`.
    pub end: u64,
}

/// The text is no `Content-Range` of a chunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("Content-Range must be <first byte>-<last byte>")]
pub struct ContentRangeError;

impl ContentRange {
    /// Reads `a-b`, as the distribution specification writes it, or `bytes a-b/len`, as HTTP does.
    ///
    /// # Errors
    /// When the text has neither form, ends before it starts, or does not fit the length it names.
    pub fn parse(header: &str) -> Result<Self, ContentRangeError> {
        let header = header.trim();
        let range = match header.split_once([' ', '=']) {
            Some((unit, range)) if unit.eq_ignore_ascii_case("bytes") => range.trim(),
            Some(_) => return Err(ContentRangeError),
            None => header,
        };
        let (range, total) = match range.split_once('/') {
            Some((range, "*")) => (range, None),
            Some((range, total)) => (range, Some(exact(total)?)),
            None => (range, None),
        };
        let (start, end) = range.split_once('-').ok_or(ContentRangeError)?;
        let parsed = Self { start: exact(start)?, end: exact(end)? };
        if parsed.start > parsed.end
            || parsed.end == u64::MAX
            || total.is_some_and(|total| parsed.end >= total)
        {
            return Err(ContentRangeError);
        }
        Ok(parsed)
    }

    /// How many bytes the chunk has: at least one.
    #[expect(clippy::len_without_is_empty, reason = "a chunk's range is never empty")]
    pub const fn len(&self) -> u64 {
        self.end.saturating_sub(self.start).saturating_add(1)
    }
}

fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn position(text: &str) -> Option<u64> {
    digits(text).then(|| text.parse().unwrap_or(u64::MAX))
}

fn exact(text: &str) -> Result<u64, ContentRangeError> {
    if digits(text) { text.parse().map_err(|_| ContentRangeError) } else { Err(ContentRangeError) }
}

#[cfg(test)]
#[path = "range_tests.rs"]
mod tests;
