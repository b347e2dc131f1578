//! See `bulla_fuzz::media_type`.
#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| bulla_fuzz::media_type(octets));
