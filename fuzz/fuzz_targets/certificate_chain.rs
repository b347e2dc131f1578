//! See `bulla_fuzz::certificate_chain`.
#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| bulla_fuzz::certificate_chain(octets));
