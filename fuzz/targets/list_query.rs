//! Fuzzes the `q` and `sort` of lists.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::run(fuzz::list_query, data));
