//! See `bulla_fuzz::base64url`.
#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| bulla_fuzz::base64url(octets));
