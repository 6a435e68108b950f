//! Ranges of downloads and of chunks.

use proptest::prelude::*;

use super::*;

fn resolve(header: &str, len: u64) -> Option<Result<(u64, u64), Unsatisfiable>> {
    ByteRange::parse(header).map(|range| range.resolve(len).map(|range| (range.start, range.end_inclusive)))
}

#[test]
fn ranges_are_laid_over_the_content() {
    let cases = [
        ("bytes=0-0", 10, (0, 0)),
        ("bytes=2-5", 10, (2, 5)),
        ("bytes=0-", 10, (0, 9)),
        ("bytes=9-", 10, (9, 9)),
        ("bytes=3-100", 10, (3, 9)),
        ("bytes=-3", 10, (7, 9)),
        ("bytes=-100", 10, (0, 9)),
        ("Bytes = 2 - 5 ", 10, (2, 5)),
        ("bytes=0-99999999999999999999999999", 10, (0, 9)),
        ("bytes=-99999999999999999999999999", 10, (0, 9)),
    ];
    for (header, len, expected) in cases {
        assert_eq!(resolve(header, len), Some(Ok(expected)), "{header}");
    }
}

#[test]
fn ranges_outside_the_content_cannot_be_satisfied() {
    let cases = [
        ("bytes=10-", 10),
        ("bytes=10-20", 10),
        ("bytes=500-0", 10),
        ("bytes=500-0", 1000),
        ("bytes=5-4", 10),
        ("bytes=-0", 10),
        ("bytes=0-", 0),
        ("bytes=-1", 0),
        ("bytes=99999999999999999999999999-", 10),
    ];
    for (header, len) in cases {
        assert_eq!(resolve(header, len), Some(Err(Unsatisfiable)), "{header}");
    }
}

#[test]
fn other_range_headers_are_ignored() {
    for header in [
        "",
        "bytes",
        "bytes=",
        "bytes=-",
        "bytes=a-b",
        "bytes=0-1,3-4",
        "bytes=0-1,",
        "items=0-1",
        "bytes 0-1",
        "bytes=+1-2",
        "bytes=1--2",
        "bytes=0x1-2",
        "0-1",
        "bytes=1",
        "bytes=١-٢",
    ] {
        assert_eq!(ByteRange::parse(header), None, "{header:?}");
    }
}

#[test]
fn answers_name_the_range_and_the_whole() {
    let range = ByteRange::parse("bytes=2-5").unwrap().resolve(10).unwrap();
    assert_eq!(range.content_range(10), "bytes 2-5/10");
    assert_eq!(range.len(), 4);
    assert_eq!(range.inclusive(), 2..=5);
}

#[test]
fn chunks_are_read_in_both_forms() {
    for (header, start, end) in [
        ("0-0", 0, 0),
        ("0-1023", 0, 1023),
        (" 5-9 ", 5, 9),
        ("bytes 5-9/10", 5, 9),
        ("bytes 5-9/*", 5, 9),
        ("bytes=5-9", 5, 9),
        ("5-9/10", 5, 9),
    ] {
        assert_eq!(ContentRange::parse(header), Ok(ContentRange { start, end }), "{header}");
    }
    assert_eq!(ContentRange::parse("5-9").unwrap().len(), 5);
}

#[test]
fn malformed_chunk_ranges_are_refused() {
    for header in [
        "",
        "-",
        "5",
        "5-",
        "-5",
        "9-5",
        "a-b",
        "0--1",
        "+0-1",
        "0-1-2",
        "items 0-1/2",
        "bytes 0-9/9",
        "bytes */10",
        "bytes 0-1/",
        "bytes 0-1/x",
        "0-18446744073709551615",
        "0-99999999999999999999999999",
    ] {
        assert_eq!(ContentRange::parse(header), Err(ContentRangeError), "{header:?}");
    }
}

proptest! {
    #[test]
    fn no_header_makes_the_parsers_panic(header in ".{0,80}", len: u64) {
        let _ = resolve(&header, len);
        let _ = ContentRange::parse(&header);
    }

    #[test]
    fn a_resolved_range_lies_within_the_content(start: u64, end: Option<u64>, last: u64, len: u64) {
        for range in [ByteRange::From { start, end }, ByteRange::Last(last)] {
            if let Ok(resolved) = range.resolve(len) {
                prop_assert!(resolved.start <= resolved.end_inclusive);
                prop_assert!(resolved.end_inclusive < len);
                prop_assert!(resolved.len() >= 1 && resolved.len() <= len);
            }
        }
    }

    #[test]
    fn chunk_ranges_come_back_as_they_were_written(start in 0..u64::MAX / 2, more in 0..u64::MAX / 2) {
        let end = start + more;
        prop_assert_eq!(ContentRange::parse(&format!("{start}-{end}")), Ok(ContentRange { start, end }));
    }
}
