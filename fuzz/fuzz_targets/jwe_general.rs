//! See `bulla_fuzz::jwe_general`.
#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| bulla_fuzz::jwe_general(octets));
