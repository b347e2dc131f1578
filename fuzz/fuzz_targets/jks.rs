//! See `bulla_fuzz::jks`.
#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| bulla_fuzz::jks(octets));
