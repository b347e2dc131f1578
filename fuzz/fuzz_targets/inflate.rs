//! See `bulla_fuzz::inflate`.
#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| bulla_fuzz::inflate(octets));
