//! See `bulla_fuzz::json`.
#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| bulla_fuzz::json(octets));
