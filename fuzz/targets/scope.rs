//! Fuzzes scopes of token requests; `&` separates repeated parameters.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::run(fuzz::scope, data));
