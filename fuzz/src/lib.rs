//! What the fuzz targets try: the promises of every parser, for any bytes, within a time.
//!
//! The promises of the vocabulary are those of its property tests, one file for both. Each function here takes the bytes
//! of one try and panics when a promise is broken. Bytes that are no UTF-8 never reach a parser of text.
#![forbid(unsafe_code)]

use storage::Hasher;
use types::digest::Algorithm;

#[path = "../../crates/types/tests/vocabulary/promise/mod.rs"]
mod promise;

/// Tries one input, and under a fuzzer measures how long it takes.
pub fn run(tried: fn(&[u8]), data: &[u8]) {
    #[cfg(fuzzing)]
    let begun = clock::used();
    tried(data);
    #[cfg(fuzzing)]
    clock::is_in_time(begun);
}

#[cfg(fuzzing)]
mod clock {
    //! The processor's time of this thread, which does not run while something else does.

    use std::time::Duration;

    use rustix::time::{ClockId, clock_gettime};

    /// No input may take longer.
    const LONGEST: Duration = Duration::from_millis(100);

    pub(super) fn used() -> Duration {
        Duration::try_from(clock_gettime(ClockId::ThreadCPUTime))
            .expect("a time that is used is not negative")
    }

    pub(super) fn is_in_time(begun: Duration) {
        let took = used().saturating_sub(begun);
        assert!(took <= LONGEST, "the input took {took:?}");
    }
}

fn text(data: &[u8], promise: fn(&str)) {
    if let Ok(text) = std::str::from_utf8(data) {
        promise(text);
    }
}

/// A tag or a digest.
pub fn reference(data: &[u8]) {
    text(data, promise::reference);
}

/// A digest.
pub fn digest(data: &[u8]) {
    text(data, promise::digest);
}

/// A name of any kind.
pub fn name(data: &[u8]) {
    text(data, promise::name);
}

/// The scopes of a token request, with `&` between repeated parameters; and the same text as one scope.
pub fn scope(data: &[u8]) {
    text(data, promise::scope);
    text(data, promise::scopes);
}

/// A `Range` header.
pub fn byte_range(data: &[u8]) {
    text(data, promise::byte_range);
}

/// The `Content-Range` header of a chunk.
pub fn content_range(data: &[u8]) {
    text(data, promise::content_range);
}

/// A media type with its parameters.
pub fn media_type(data: &[u8]) {
    text(data, promise::media_type);
}

/// The `q` or `sort` of a list.
pub fn list_query(data: &[u8]) {
    text(data, promise::list_query);
}

/// An address below `/v2`.
pub fn oci_route(data: &[u8]) {
    text(data, promise::oci_route);
}

/// A manifest: the first line is the media type it is sent with, or empty; the rest is the body.
pub fn manifest(data: &[u8]) {
    let end = data.iter().position(|byte| *byte == b'\n');
    let (sent, body) = end.map_or((&[][..], data), |end| (&data[..end], &data[end + 1..]));
    let sent = std::str::from_utf8(sent).ok().filter(|sent| !sent.is_empty());
    promise::manifest(sent, body);
}

/// A stored state of a running hash: the first byte says how many of the bytes are hashed after it.
///
/// What is accepted is kept to the byte and goes on: in one piece or two the digest is
/// the same, and so it is from the state in between.
pub fn hasher_state(data: &[u8]) {
    let Some((&count, rest)) = data.split_first() else { return };
    let (state, more) = rest.split_at(rest.len().saturating_sub(usize::from(count)));
    let Ok(mut whole) = Hasher::from_state(state) else { return };
    let written = whole.to_state();
    let mut parts = Hasher::from_state(&written).expect("a state that was written is read");
    assert_eq!(parts.algorithm(), whole.algorithm());
    assert_eq!(written, state);
    let (head, tail) = more.split_at(more.len() / 2);
    whole.update(more);
    parts.update(head);
    let between = parts.to_state();
    let Ok(mut parts) = Hasher::from_state(&between) else {
        let count = if parts.algorithm() == Algorithm::Sha256 { 34 } else { 66 };
        assert_ne!(between[count + 6], 0, "only a count that went beyond 2^48 is refused");
        return;
    };
    parts.update(tail);
    assert_eq!(parts.finalize(), whole.finalize());
}
