//! See `bulla_fuzz::target_uri`.
#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| bulla_fuzz::target_uri(octets));
