//! See `bulla_fuzz::general`.
#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| bulla_fuzz::general(octets));
