//! Byte ranges of downloads and of chunks.

use types::oci::range::{ByteRange, ContentRange};

use super::grammar::{self, Asked};

/// Lengths a range is laid over: none, few bytes, and as many as there can be.
const LENGTHS: [u64; 6] = [0, 1, 2, 1000, u64::MAX - 1, u64::MAX];

/// `Range`: read as the grammar says, and never outside the content.
pub fn byte_range(header: &str) {
    let parsed = ByteRange::parse(header);
    let asked = parsed.map(|range| match range {
        ByteRange::From { start, end } => Asked::From(start, end),
        ByteRange::Last(count) => Asked::Last(count),
    });
    assert_eq!(asked, grammar::byte_range(header), "{header:?}");
    let Some(range) = parsed else { return };
    assert_eq!(ByteRange::parse(&written(range)), Some(range), "{header:?}");
    for len in LENGTHS {
        laid_over(range, len);
    }
}

fn written(range: ByteRange) -> String {
    match range {
        ByteRange::From { start, end: Some(end) } => format!("bytes={start}-{end}"),
        ByteRange::From { start, end: None } => format!("bytes={start}-"),
        ByteRange::Last(count) => format!("bytes=-{count}"),
    }
}

/// Compares with the definition: a byte is in the answer when its position is in the range.
fn laid_over(range: ByteRange, len: u64) {
    let (first, last) = match range {
        ByteRange::From { start, end } => (i128::from(start), end.map_or(i128::MAX, i128::from)),
        ByteRange::Last(count) => (i128::from(len) - i128::from(count), i128::MAX),
    };
    let (first, last) = (first.max(0), last.min(i128::from(len) - 1));
    let resolved = range.resolve(len);
    assert_eq!(resolved.is_ok(), first <= last, "{range:?} over {len}");
    if let Ok(resolved) = resolved {
        assert_eq!((i128::from(resolved.start), i128::from(resolved.end_inclusive)), (first, last));
        assert_eq!(i128::from(resolved.len()), last - first + 1);
        let answer = ContentRange::parse(&resolved.content_range(len));
        assert_eq!(answer, Ok(ContentRange { start: resolved.start, end: resolved.end_inclusive }));
    }
}

/// `Content-Range` of a chunk: read as the grammar says, in either form.
pub fn content_range(header: &str) {
    let parsed = ContentRange::parse(header);
    let pair = parsed.ok().map(|range| (range.start, range.end));
    assert_eq!(pair, grammar::content_range(header), "{header:?}");
    if let Ok(range) = parsed {
        let ContentRange { start, end } = range;
        assert_eq!(u128::from(range.len()), u128::from(end - start) + 1);
        for form in [format!("{start}-{end}"), format!("bytes {start}-{end}/{}", u64::MAX)] {
            assert_eq!(ContentRange::parse(&form), Ok(range));
        }
    }
}
