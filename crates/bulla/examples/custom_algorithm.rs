//! An algorithm of your own, plugged in from outside: a composite of ES256 and Ed25519, of which both halves must hold.
//!
//! An algorithm is a name, a type that implements [`Sign`] and one that implements [`Verify`]; [`Signer`] and
//! [`Verifier`] bind them as they bind every other, and everything that takes those takes these. Tokens of other
//! algorithms are refused by the name alone, and tokens of this one by everybody who was not told of it.
#![allow(
    clippy::unwrap_used,
    reason = "an example that fails should fail loudly"
)]

use std::sync::Arc;

use bulla::jwa::{AlgName, SignatureAlg};
use bulla::jwk::{KeyError, PrivateJwk, PublicJwk};
use bulla::jwt::{self, Expectations};
use bulla::key::{CheckError, Sign, SignError, Signature, Signer, SigningInput, Verifier, Verify};

/// A private name: collision-resistant, as RFC 7515 §4.1.1 asks of names that are not registered.
const COMPOSITE: AlgName = AlgName::from_static("https://example.com/alg/ES256-Ed25519");

/// How long an ES256 signature is (RFC 7518 §3.4); the Ed25519 one follows it.
const ES256_LEN: usize = 64;

struct CompositeSign {
    alg: AlgName,
    es256: Arc<dyn Sign>,
    ed25519: Arc<dyn Sign>,
}

impl Sign for CompositeSign {
    fn alg(&self) -> &AlgName {
        &self.alg
    }

    fn sign(&self, input: &SigningInput<'_>) -> Result<Signature, SignError> {
        let first = self.es256.sign(input)?;
        let second = self.ed25519.sign(input)?;
        Ok([first.as_ref(), second.as_ref()].concat().into())
    }
}

struct CompositeVerify {
    alg: AlgName,
    es256: Arc<dyn Verify>,
    ed25519: Arc<dyn Verify>,
}

impl Verify for CompositeVerify {
    fn alg(&self) -> &AlgName {
        &self.alg
    }

    fn verify(&self, input: &SigningInput<'_>, signature: &[u8]) -> Result<(), CheckError> {
        let (first, second) = signature
            .split_at_checked(ES256_LEN)
            .ok_or(CheckError::SignatureInvalid)?;
        self.es256.verify(input, first)?;
        self.ed25519.verify(input, second)
    }
}

/// Binds a pair of keys; the backend refuses those that do not fit.
fn signer(p256: &PrivateJwk, ed25519: &PrivateJwk) -> Result<Signer, KeyError> {
    let backend = bulla::backend();
    let sign = CompositeSign {
        alg: COMPOSITE,
        es256: backend.signer(p256.key(), SignatureAlg::Es256)?,
        ed25519: backend.signer(ed25519.key(), SignatureAlg::Ed25519)?,
    };
    Ok(Signer::new(Arc::new(sign), Some("pair-1".into())))
}

fn verifier(p256: &PublicJwk, ed25519: &PublicJwk) -> Result<Verifier, KeyError> {
    let backend = bulla::backend();
    let verify = CompositeVerify {
        alg: COMPOSITE,
        es256: backend.verifier(p256.key(), SignatureAlg::Es256)?,
        ed25519: backend.verifier(ed25519.key(), SignatureAlg::Ed25519)?,
    };
    Ok(Verifier::new(Arc::new(verify), Some("pair-1".into())))
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let p256 = bulla::generate(SignatureAlg::Es256)?;
    let ed25519 = bulla::generate(SignatureAlg::Ed25519)?;
    let expect = Expectations::new("https://issuer.example", "api");
    let issue = jwt::issue("https://issuer.example").audience("api");

    let token = issue.sign(&signer(&p256, &ed25519)?)?;
    let keys = verifier(&p256.public(), &ed25519.public())?;
    let valid = expect.verify::<()>(&token, &keys)?;
    assert_eq!(*valid.key().alg(), COMPOSITE);
    println!("{} holds", valid.key().alg());

    // Half of it is not enough: the second key must be the right one, too.
    let other = bulla::generate(SignatureAlg::Ed25519)?;
    let half = expect.verify::<()>(&token, &verifier(&p256.public(), &other.public())?);
    assert_eq!(half.unwrap_err().code(), "jws.signature-invalid");

    // Nor does a key for ES256 alone accept the composite, or the other way round.
    let confused = expect.verify::<()>(&token, &bulla::verifier(&p256.public())?);
    assert_eq!(confused.unwrap_err().code(), "jws.algorithm-not-allowed");
    let plain = issue.sign(&bulla::signer(&p256)?)?;
    let confused = expect.verify::<()>(&plain, &keys);
    assert_eq!(confused.unwrap_err().code(), "jws.algorithm-not-allowed");
    Ok(())
}
