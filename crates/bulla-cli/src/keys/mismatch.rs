//! Keys that cannot be bound, in words that say what would do.

use bulla::jwa::{KeyManagementAlg, Status};
use bulla::jwk::{Jwk, KeyError, UsageMismatch};
use bulla::key::Bindable as _;

use crate::algorithm::Algorithm;
use crate::error::Failure;
use crate::keyref::KeyRef;

/// Whether the key itself fixes an algorithm.
pub(super) fn own_alg(key: &Jwk) -> Result<(), KeyError> {
    match key {
        Jwk::Public(key) => key.own_alg().map(drop),
        Jwk::Private(key) => key.own_alg().map(drop),
        Jwk::Secret(key) => key.own_alg().map(drop),
        _ => Ok(()),
    }
}

/// A key that cannot be bound; where it only does not say to what, the command line must.
pub(super) fn unbound(error: KeyError, key: &Jwk, keyref: &KeyRef) -> Failure {
    if error == KeyError::Ambiguous {
        let fitting: Vec<&str> = Algorithm::all()
            .filter(|alg| match (key, alg) {
                (Jwk::Secret(key), Algorithm::Mac(alg)) => key.k().len() >= alg.facts().hash.len(),
                (Jwk::Public(key), Algorithm::Signature(alg)) => {
                    bulla::verifier_for(key, *alg).is_ok()
                }
                (Jwk::Private(key), Algorithm::Signature(alg)) => {
                    bulla::verifier_for(&key.public(), *alg).is_ok()
                }
                _ => false,
            })
            .map(Algorithm::name)
            .collect();
        if !fitting.is_empty() {
            return Failure::usage(
                format_args!("{keyref}: the key does not fix an algorithm"),
                format!("name it with --alg: one of {}", fitting.join(", ")),
            );
        }
        if let Jwk::Secret(key) = key {
            let error = KeyError::TooWeak {
                bits: key.k().len() * 8,
                required: 256,
            };
            return Failure::from(error).about(keyref);
        }
    }
    Failure::from(error).about(keyref)
}

/// A key pair where a secret is needed, or the other way round.
pub(super) fn kind_mismatch(key: &Jwk, alg: Algorithm) -> KeyError {
    let found = describe(key);
    let expected = match alg {
        Algorithm::Mac(_) => "oct (a symmetric key)",
        Algorithm::Signature(_) => "a key pair",
    };
    KeyError::UsageMismatch(UsageMismatch::Type { found, expected })
}

/// Type and curve: `EC P-256`.
fn describe(key: &Jwk) -> &'static str {
    match key {
        Jwk::Public(key) => key.key().describe(),
        Jwk::Private(key) => key.key().describe(),
        Jwk::Secret(_) => "oct (a symmetric key)",
        _ => "a key",
    }
}

/// A key that cannot be bound to a key management algorithm; where it only does not say to which, the command
/// line must.
pub(super) fn unbound_encryption(error: KeyError, key: &Jwk, keyref: &KeyRef) -> Failure {
    if error != KeyError::Ambiguous {
        return Failure::from(error).about(keyref);
    }
    let fitting: Vec<&str> = KeyManagementAlg::table()
        .iter()
        .filter(|row| row.status != Status::Legacy)
        .filter(|row| match key {
            Jwk::Public(key) => bulla::encrypter_for(key, row.alg).is_ok(),
            Jwk::Private(key) => bulla::encrypter_for(&key.public(), row.alg).is_ok(),
            Jwk::Secret(key) => bulla::encrypter_for(key, row.alg).is_ok(),
            _ => false,
        })
        .map(|row| row.name.as_str())
        .collect();
    if fitting.is_empty() {
        let found = describe(key);
        let error = KeyError::UsageMismatch(UsageMismatch::Type {
            found,
            expected: "a key that encrypts",
        });
        return Failure::from(error).about(keyref);
    }
    Failure::usage(
        format_args!("{keyref}: the key does not fix an algorithm"),
        format!("name it with --alg: one of {}", fitting.join(", ")),
    )
}
