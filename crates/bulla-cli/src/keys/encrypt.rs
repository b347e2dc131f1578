use bulla::jwa::KeyManagementAlg;
use bulla::jwk::{Jwk, KeyError};
use bulla::key::Encrypter;

use super::mismatch::unbound_encryption;
use super::{Password, load_one};
use crate::algorithm::{KeyManagement, LegacyArgs};
use crate::error::Failure;
use crate::keyref::KeyRef;

/// Reads a key and binds it for encrypting; of a key pair, the public half.
pub(crate) fn encrypter(
    keyref: &KeyRef,
    password: Option<&Password>,
    alg: Option<KeyManagement>,
    legacy: &LegacyArgs,
) -> Result<Encrypter, Failure> {
    let key = load_one(keyref, password)?;
    let bound = own_or(&key, alg).map_err(|error| unbound_encryption(error, &key, keyref))?;
    legacy.check(bound)?;
    match &key {
        Jwk::Public(key) => bulla::encrypter_for(key, bound),
        Jwk::Private(key) => bulla::encrypter_for(&key.public(), bound),
        Jwk::Secret(key) => bulla::encrypter_for(key, bound),
        _ => Err(KeyError::Unsupported("this kind of key")),
    }
    .map_err(|error| Failure::from(error).about(keyref))
}

/// The algorithm asked for, or the one that the key names.
pub(super) fn own_or(key: &Jwk, alg: Option<KeyManagement>) -> Result<KeyManagementAlg, KeyError> {
    use bulla::key::KeyManagementKey as _;
    match (alg, key) {
        (Some(KeyManagement(alg)), _) => Ok(alg),
        (None, Jwk::Public(key)) => key.own_key_management(),
        (None, Jwk::Private(key)) => key.own_key_management(),
        (None, Jwk::Secret(key)) => key.own_key_management(),
        (None, _) => Err(KeyError::Unsupported("this kind of key")),
    }
}
