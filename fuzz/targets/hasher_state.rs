//! Fuzzes stored states of a running hash.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::run(fuzz::hasher_state, data));
