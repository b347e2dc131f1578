//! See `bulla_fuzz::revocation_list`.
#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| bulla_fuzz::revocation_list(octets));
