//! How numbers, sizes and parts of addresses are written. Moments are in [`time`].

pub mod json;
pub mod problem;
pub mod time;
pub mod validation;

use std::fmt::Write as _;

/// A count, in groups of three digits as both languages of the portal write it.
pub fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// A count that cannot be negative but has a signed type on the wire.
pub fn signed_count(number: i64) -> String {
    count(u64::try_from(number).unwrap_or_default())
}

/// A size with three significant digits, in binary units.
pub fn size(size_bytes: i64) -> String {
    const UNITS: [&str; 5] = ["KiB", "MiB", "GiB", "TiB", "PiB"];
    let bytes = u64::try_from(size_bytes).unwrap_or_default();
    if bytes < 1024 {
        return format!("{bytes} B");
    }
    // tenths of the unit, rounded down, so that 1023.99 KiB never reads as 1024.0
    let mut tenths = u128::from(bytes) * 10 / 1024;
    let mut units = UNITS.iter().peekable();
    let mut unit = units.next().copied().unwrap_or_default();
    while tenths >= 10 * 1024 && units.peek().is_some() {
        tenths /= 1024;
        unit = units.next().copied().unwrap_or_default();
    }
    if tenths < 1000 {
        format!("{}.{} {unit}", tenths / 10, tenths % 10)
    } else {
        format!("{} {unit}", tenths / 10)
    }
}

/// One segment of a path or one value of a query, percent-encoded.
///
/// Source: RFC 3986, section 2.3: only unreserved characters stay.
pub fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // writing to a String cannot fail
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

/// A path of several segments, each percent-encoded.
pub fn encode_path(path: &str) -> String {
    path.split('/').map(encode).collect::<Vec<_>>().join("/")
}

/// A digest short enough for a table: its algorithm, its first eight digits and its last four.
pub fn short_digest(digest: &str) -> String {
    let Some((algorithm, hex)) = digest.split_once(':') else { return digest.to_owned() };
    match (hex.get(..8), hex.len().checked_sub(4).and_then(|start| hex.get(start..))) {
        (Some(first), Some(last)) if hex.len() > 14 => format!("{algorithm}:{first}…{last}"),
        _ => digest.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_grouped_by_three() {
        for (number, text) in [(0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(count(number), text);
        }
        assert_eq!(signed_count(-1), "0");
    }

    #[test]
    fn sizes_have_three_digits() {
        for (bytes, text) in [
            (-1, "0 B"),
            (0, "0 B"),
            (1023, "1023 B"),
            (1024, "1.0 KiB"),
            (64_277_708, "61.2 MiB"),
            (103_809_024, "99.0 MiB"),
            (1_073_741_823, "1023 MiB"),
            (1_073_741_824, "1.0 GiB"),
            (i64::MAX, "8191 PiB"),
        ] {
            assert_eq!(size(bytes), text, "{bytes}");
        }
    }

    #[test]
    fn only_unreserved_characters_stay_in_an_address() {
        assert_eq!(encode("a-Z_0.~"), "a-Z_0.~");
        assert_eq!(encode("a b/ü\""), "a%20b%2F%C3%BC%22");
        assert_eq!(encode_path("team/web api"), "team/web%20api");
    }

    #[test]
    fn a_digest_keeps_both_ends() {
        let digest = format!("sha256:{}", "0123456789abcdef".repeat(4));
        assert_eq!(short_digest(&digest), "sha256:01234567…cdef");
        assert_eq!(short_digest("odd"), "odd");
        assert_eq!(short_digest("sha256:xüüüüüüüü"), "sha256:xüüüüüüüü");
    }
}
