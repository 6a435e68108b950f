//! Fuzzes media types.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::run(fuzz::media_type, data));
