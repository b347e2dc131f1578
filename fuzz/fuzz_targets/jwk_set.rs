//! See `bulla_fuzz::jwk_set`.
#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| bulla_fuzz::jwk_set(octets));
