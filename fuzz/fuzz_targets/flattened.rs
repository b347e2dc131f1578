//! See `bulla_fuzz::flattened`.
#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| bulla_fuzz::flattened(octets));
