//! See `bulla_fuzz::claims`.
#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| bulla_fuzz::claims(octets));
