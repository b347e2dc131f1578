use bulla::Fault;
use bulla::jwk::{Jwk, KeyError};
use bulla::key::Signer;

use super::mismatch::{kind_mismatch, unbound};
use super::{Password, load_one, vault};
use crate::algorithm::Algorithm;
use crate::error::Failure;
use crate::keyref::KeyRef;

/// Reads a key, or opens it in its vault, and binds it for signing.
pub(crate) fn signer(
    keyref: &KeyRef,
    password: Option<&Password>,
    alg: Option<Algorithm>,
) -> Result<Signer, Failure> {
    if let Some(uri) = keyref.vault() {
        return vault::signer(uri, keyref, alg);
    }
    let key = load_one(keyref, password)?;
    let bound = match (&key, alg) {
        (Jwk::Private(key), None) => bulla::signer(key),
        (Jwk::Private(key), Some(Algorithm::Signature(alg))) => bulla::signer_for(key, alg),
        (Jwk::Secret(key), None) => bulla::signer(key),
        (Jwk::Secret(key), Some(Algorithm::Mac(alg))) => bulla::signer_for(key, alg),
        (Jwk::Public(_), _) => {
            return Err(Failure::new(
                "jwk.usage-mismatch",
                Fault::Key,
                format_args!("{keyref}: a public key cannot sign"),
            )
            .help("sign with the private key; `bulla jwk inspect` tells which one a file holds"));
        }
        (_, Some(alg)) => Err(kind_mismatch(&key, alg)),
        (_, None) => Err(KeyError::Unsupported("this kind of key")),
    };
    bound.map_err(|error| unbound(error, &key, keyref))
}
