//! Fuzzes the `Content-Range` header of a chunk.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::run(fuzz::content_range, data));
