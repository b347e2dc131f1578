//! See `bulla_fuzz::oauth_form`.
#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| bulla_fuzz::oauth_form(octets));
