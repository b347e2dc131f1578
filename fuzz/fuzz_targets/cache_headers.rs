//! See `bulla_fuzz::cache_headers`.
#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| bulla_fuzz::cache_headers(octets));
