use bulla::Fault;
use bulla::jwa::SignatureAlg;
use bulla::jwk::{Jwk, KeyError};
use bulla::key::{AsyncSigner, Signer};
use bulla::oauth::dpop::DpopKey;

use crate::algorithm::Algorithm;
use crate::error::Failure;
use crate::keyref::KeyRef;
use crate::keys::{self, Password};

/// The key that a client authenticates by: one of a pair, since the server has the other half.
pub(super) fn signer(
    keyref: &KeyRef,
    password: Option<&Password>,
    alg: Option<Algorithm>,
) -> Result<AsyncSigner, Failure> {
    let signer: AsyncSigner = keys::signer(keyref, password, alg)?.into();
    let mut asymmetric = SignatureAlg::table().iter();
    if asymmetric.any(|row| row.alg.name() == signer.alg()) {
        return Ok(signer);
    }
    Err(shared(keyref))
}

/// The key that tokens are to be bound to; a new one where none is named.
pub(super) fn dpop(
    keyref: Option<&KeyRef>,
    password: Option<&Password>,
) -> Result<DpopKey<Signer>, Failure> {
    let backend = bulla::backend();
    let Some(keyref) = keyref else {
        return Ok(DpopKey::generate(&backend, SignatureAlg::Es256)?);
    };
    let key = match keys::load_one(keyref, password)? {
        Jwk::Private(key) => key,
        Jwk::Secret(_) => return Err(shared(keyref)),
        _ => {
            return Err(
                unfit(format_args!("{keyref}: a public key makes no proofs"))
                    .help("name the private key"),
            );
        }
    };
    let signer = bulla::signer(&key).map_err(|error| match error {
        // There is no flag that would say which.
        KeyError::Ambiguous => unfit(format_args!("{keyref}: {error}"))
            .help("give the JWK a member `alg`, or take a key on P-256"),
        error => Failure::from(error).about(keyref),
    })?;
    Ok(DpopKey::new(signer, &key.public(), &backend))
}

fn shared(keyref: &KeyRef) -> Failure {
    unfit(format_args!("{keyref}: a symmetric key is a shared secret"))
        .help("make a key pair with `bulla jwk generate --alg ES256`, and register its public half")
}

fn unfit(what: impl std::fmt::Display) -> Failure {
    Failure::new("jwk.usage-mismatch", Fault::Key, what)
}
