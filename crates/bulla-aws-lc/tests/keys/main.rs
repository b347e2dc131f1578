//! Which key material becomes usable, and which never does. One module a key type.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test"
)]

mod akp;
mod ec;
mod okp;
mod rsa;

use bulla_core::jwa::SignatureAlg;
use bulla_core::jwk::{KeyError, PrivateKey, PublicKey};

/// The code of the refusal, if there is one.
fn signer_refusal(key: &PrivateKey, alg: SignatureAlg) -> Option<&'static str> {
    let bound = bulla_aws_lc::backend().signer(key, alg);
    bound.err().map(|error| error.code())
}

/// The code of the refusal, if there is one.
fn verifier_refusal(key: &PublicKey, alg: SignatureAlg) -> Option<&'static str> {
    let bound = bulla_aws_lc::backend().verifier(key, alg);
    bound.err().map(|error| error.code())
}

fn code<T>(result: Result<T, KeyError>) -> Option<&'static str> {
    result.err().map(|error| error.code())
}

const MALFORMED: Option<&str> = Some("jwk.malformed");
const UNSUPPORTED: Option<&str> = Some("jwk.unsupported");
const TOO_WEAK: Option<&str> = Some("jwk.too-weak");

/// Octets of a hexadecimal text.
fn hex(text: &str) -> Vec<u8> {
    (0..text.len())
        .step_by(2)
        .map(|index| u8::from_str_radix(&text[index..index + 2], 16).unwrap())
        .collect()
}

/// One more, as big-endian numbers go.
fn successor(octets: &[u8]) -> Vec<u8> {
    let mut octets = octets.to_vec();
    for octet in octets.iter_mut().rev() {
        let (sum, carry) = octet.overflowing_add(1);
        *octet = sum;
        if !carry {
            return octets;
        }
    }
    panic!("no room for one more");
}
