//! See `bulla_fuzz::header`.
#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| bulla_fuzz::header(octets));
