use std::sync::Arc;

use bulla_core::jwa::{SignatureAlg, SignatureScheme};
use bulla_core::jwk::{KeyError, PrivateKey, PublicKey};
use bulla_core::key::{Sign, Verify};

use super::rsa::Padding;
use super::{ecdsa, eddsa, mldsa, rsa};

/// The core has compared key and algorithm before; a caller of the trait may not have.
const MISFIT: KeyError = KeyError::Unsupported("a key of this type and curve with this algorithm");

pub(crate) fn signer(key: &PrivateKey, alg: SignatureAlg) -> Result<Arc<dyn Sign>, KeyError> {
    let facts = alg.facts();
    match (facts.scheme, key) {
        (SignatureScheme::Ecdsa(curve, hash), PrivateKey::Ec(key))
            if key.public().curve() == curve =>
        {
            ecdsa::signer(&facts.name, hash, key)
        }
        (SignatureScheme::EdDsa(curves), PrivateKey::Okp(key))
            if curves.contains(&key.public().curve()) =>
        {
            eddsa::signer(&facts.name, key)
        }
        (SignatureScheme::MlDsa(parameters), PrivateKey::Akp(key))
            if key.public().parameters() == parameters =>
        {
            mldsa::signer(&facts.name, key)
        }
        (SignatureScheme::RsaPkcs1(hash), PrivateKey::Rsa(key)) => {
            rsa::signer(&facts.name, Padding::Pkcs1, hash, key)
        }
        (SignatureScheme::RsaPss(hash), PrivateKey::Rsa(key)) => {
            rsa::signer(&facts.name, Padding::Pss, hash, key)
        }
        _ => Err(MISFIT),
    }
}

pub(crate) fn verifier(key: &PublicKey, alg: SignatureAlg) -> Result<Arc<dyn Verify>, KeyError> {
    let facts = alg.facts();
    match (facts.scheme, key) {
        (SignatureScheme::Ecdsa(curve, hash), PublicKey::Ec(key)) if key.curve() == curve => {
            ecdsa::verifier(&facts.name, hash, key)
        }
        (SignatureScheme::EdDsa(curves), PublicKey::Okp(key)) if curves.contains(&key.curve()) => {
            eddsa::verifier(&facts.name, key)
        }
        (SignatureScheme::MlDsa(parameters), PublicKey::Akp(key))
            if key.parameters() == parameters =>
        {
            mldsa::verifier(&facts.name, key)
        }
        (SignatureScheme::RsaPkcs1(hash), PublicKey::Rsa(key)) => {
            rsa::verifier(&facts.name, Padding::Pkcs1, hash, key)
        }
        (SignatureScheme::RsaPss(hash), PublicKey::Rsa(key)) => {
            rsa::verifier(&facts.name, Padding::Pss, hash, key)
        }
        _ => Err(MISFIT),
    }
}
