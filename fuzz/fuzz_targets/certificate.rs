//! See `bulla_fuzz::certificate`.
#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| bulla_fuzz::certificate(octets));
