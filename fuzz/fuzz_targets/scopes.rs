//! See `bulla_fuzz::scopes`.
#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| bulla_fuzz::scopes(octets));
