//! Fuzzes addresses below `/v2`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::run(fuzz::oci_route, data));
