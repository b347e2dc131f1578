//! See `bulla_fuzz::pkcs12`.
#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| bulla_fuzz::pkcs12(octets));
