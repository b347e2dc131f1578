//! From the header of a token to its verified payload, through the core and a real policy.

use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use bulla_core::jwk::{Jwk, pem};
use bulla_core::jws::{Builder, Jws, VerifyError};
use bulla_core::key::Signer;
use bulla_core::trust::{HeaderKeys, Trust};
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
    let verifying = pin!(keys.verify_jws(jws));
    let Poll::Ready(outcome) = verifying.poll(&mut Context::from_waker(Waker::noop())) else {
        panic!("nothing is to be waited for")
    };
    let jws = outcome.map_err(|error: VerifyError| error.code())?;
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
