//! From the header of a token to its verified payload, through the core and a real policy.

use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use bulla_core::jwa::KeyManagementAlg;
use bulla_core::jwk::{EcCurve, Jwk, PrivateJwk, PublicJwk, pem};
use bulla_core::jws::{Builder, Jws, VerifyError};
use bulla_core::key::{KeySpec, Signer};
use bulla_core::trust::{HeaderKeys, InMemoryKeyStore, KeyName, KeyStore as _, Trust, Trusted};
use bulla_x509::PathPolicy;

use crate::support::{chain, file, policy};

/// Signed with the key of `leaf`, with these certificates in its header.
fn token(certificates: &[&str]) -> String {
    let backend = bulla_aws_lc::backend();
    let key = pem::read(&file("leaf.key.pem"), None, backend.as_ref()).unwrap();
    let Jwk::Private(key) = key else {
        panic!("not a private key")
    };
    let x5c: Vec<_> = chain(certificates).iter().map(|der| base64(der)).collect();
    Builder::new("payload")
        .header("x5c", x5c)
        .sign_compact(&Signer::bind(&backend, &key).unwrap())
        .unwrap()
}

/// The alphabet of `x5c` (RFC 7517 §4.7), which is not that of the rest.
fn base64(octets: &[u8]) -> String {
    let text = bulla_core::base64url::encode(octets);
    let padding = "=".repeat((4 - text.len() % 4) % 4);
    text.replace('-', "+").replace('_', "/") + &padding
}

/// The payload and why it is trusted, or the code of the refusal.
fn verify(policy: Option<PathPolicy>, token: &str) -> Result<(Vec<u8>, String), &'static str> {
    let mut keys = HeaderKeys::new(&bulla_aws_lc::backend());
    if let Some(policy) = policy {
        keys = keys.certificates(Arc::new(policy));
    }
    let jws = Jws::parse_compact(token).unwrap();
    let jws = ready(keys.verify_jws(jws)).map_err(|error: VerifyError| error.code())?;
    let trust = jws.verified()[0].key().trust();
    let Trust::CertificatePath { anchor } = trust else {
        panic!("{trust}")
    };
    Ok((jws.payload().to_vec(), anchor.clone()))
}

#[test]
fn a_token_is_verified_by_the_key_that_its_certificates_vouch_for() {
    let token = token(&["leaf", "intermediate"]);
    let (payload, anchor) = verify(Some(policy(&["root"])), &token).unwrap();
    assert_eq!(payload, b"payload");
    assert_eq!(anchor, "CN=root,O=Bulla");
}

/// The certificates are as good as they were; nobody said that they count, or another authority counts.
#[test]
fn certificates_count_for_nothing_unless_somebody_said_so() {
    let token = token(&["leaf", "intermediate"]);
    assert_eq!(verify(None, &token).unwrap_err(), "jwk.untrusted");
    let other = policy(&["other-root"]);
    assert_eq!(
        verify(Some(other), &token).unwrap_err(),
        "x509.untrusted-issuer"
    );
}

/// Good certificates of somebody else beside a signature of one's own.
#[test]
fn somebody_else_s_certificates_do_not_help() {
    let token = token(&["no-usage", "intermediate"]);
    let code = verify(Some(policy(&["root"])), &token).unwrap_err();
    assert_eq!(code, "jws.signature-invalid");
}

#[test]
fn a_key_that_its_certificate_keeps_for_encryption_verifies_nothing() {
    let token = token(&["ec-agreement", "intermediate"]);
    let code = verify(Some(policy(&["root"])), &token).unwrap_err();
    assert_eq!(code, "jwk.usage-mismatch");
}

#[test]
fn the_order_counts_in_tokens_too() {
    for certificates in [
        &["intermediate", "leaf"][..],
        &["leaf", "root", "intermediate"],
    ] {
        let code = verify(Some(policy(&["root"])), &token(certificates)).unwrap_err();
        assert_eq!(code, "x509.chain-order");
    }
}

/// The same of a key in a store: what its own certificate keeps it from, nobody's trust in it changes.
#[test]
fn a_stored_key_is_held_to_the_key_usage_of_its_certificate() {
    let backend = bulla_aws_lc::backend();
    let pair = backend.generate(KeySpec::Ec(EcCurve::P256)).unwrap();
    let mut pair = PrivateJwk::new(pair);
    pair.members_mut().kid = Some("a".into());
    let signer = Signer::bind(&backend, &pair).unwrap();
    let token = Builder::new("payload").sign_compact(&signer).unwrap();
    let tried = |certificate: &str| {
        let x5c = chain(&[certificate]);
        let mut key = PublicJwk::from_certificate(&x5c[0]).unwrap();
        key.members_mut().kid = Some("a".into());
        key.members_mut().x5c = Some(x5c);
        let store = InMemoryKeyStore::new(&backend);
        let stored = Trusted::new(Jwk::Public(key), Trust::Caller);
        store.insert(stored).unwrap();
        let keys = HeaderKeys::new(&backend).store(Arc::new(store));
        let jws = Jws::parse_compact(&token).unwrap();
        let refusal = ready(keys.verify_jws(jws)).unwrap_err().code();
        let alg = Some(KeyManagementAlg::EcdhEs);
        let encrypts = ready(keys.encrypter_for(KeyName::Kid("a"), alg));
        (refusal, encrypts.map(drop).map_err(|error| error.code()))
    };
    // A key that may be used for signatures is tried, and is not the one that signed.
    let (tries, forbidden) = ("jws.signature-invalid", "jwk.usage-mismatch");
    for (certificate, signs, encrypts) in [
        ("leaf", tries, Err(forbidden)),
        ("commitment", tries, Err(forbidden)),
        ("ec-both", tries, Ok(())),
        ("no-usage", tries, Ok(())),
        ("ec-agreement", forbidden, Ok(())),
        ("cert-sign-only", forbidden, Err(forbidden)),
    ] {
        assert_eq!(tried(certificate), (signs, encrypts), "{certificate}");
    }
}

fn ready<T>(future: impl Future<Output = T>) -> T {
    let Poll::Ready(outcome) = pin!(future).poll(&mut Context::from_waker(Waker::noop())) else {
        panic!("nothing is to be waited for")
    };
    outcome
}
