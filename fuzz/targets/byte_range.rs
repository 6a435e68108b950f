//! Fuzzes the `Range` header.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::run(fuzz::byte_range, data));
