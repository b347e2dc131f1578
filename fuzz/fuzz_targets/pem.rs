//! See `bulla_fuzz::pem`.
#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| bulla_fuzz::pem(octets));
