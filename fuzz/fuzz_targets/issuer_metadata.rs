//! See `bulla_fuzz::issuer_metadata`.
#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| bulla_fuzz::issuer_metadata(octets));
