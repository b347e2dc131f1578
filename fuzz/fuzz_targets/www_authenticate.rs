//! See `bulla_fuzz::www_authenticate`.
#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| bulla_fuzz::www_authenticate(octets));
