//! See `bulla_fuzz::jwe_flattened`.
#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| bulla_fuzz::jwe_flattened(octets));
