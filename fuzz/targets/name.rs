//! Fuzzes names of projects, repositories, users and tags.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::run(fuzz::name, data));
