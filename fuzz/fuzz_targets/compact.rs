//! See `bulla_fuzz::compact`.
#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| bulla_fuzz::compact(octets));
