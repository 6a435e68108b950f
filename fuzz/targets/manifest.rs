//! Fuzzes manifests: the first line is the media type it is sent with, the rest the body.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::run(fuzz::manifest, data));
