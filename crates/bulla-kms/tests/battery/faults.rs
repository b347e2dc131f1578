//! A vault that answers wrongly is found out here, before anybody gets a token.

use std::sync::Arc;

use bulla_core::jwa::{HashAlg, KeyManagementAlg, MacAlg, SignatureAlg};
use bulla_core::jwk::EcCurve;
use bulla_core::jws;
use bulla_kms::{KeyHandle, Opener, Permitted};

use crate::soft::{decrypting, signing};
use crate::suite::{self, Fault, SoftSpec, SoftVault};

async fn open_with(
    fault: Fault,
    spec: SoftSpec,
    permitted: Permitted,
) -> Result<KeyHandle, bulla_kms::OpenError> {
    let mut vault = SoftVault::new(spec);
    vault.fault = fault;
    let description = vault.description(permitted);
    KeyHandle::open(description, Arc::new(vault), &Opener::new()).await
}

#[tokio::test]
async fn a_wrong_signature_is_found_when_the_key_is_opened() {
    let faults: [Fault; 4] = [
        |answer| {
            answer.map(|mut signature| {
                signature[0] ^= 1;
                signature
            })
        },
        |answer| answer.map(|signature| signature[1..].to_vec()),
        |_| Ok(Vec::new()),
        |_| Ok(vec![0; 64]),
    ];
    for fault in faults {
        let spec = SoftSpec::Ec(EcCurve::P256);
        let error = open_with(fault, spec, signing(&[SignatureAlg::Es256])).await;
        assert_eq!(error.unwrap_err().code(), "remote.integrity");
    }
}

#[tokio::test]
async fn the_signature_of_another_key_is_found() {
    let vault = SoftVault::new(SoftSpec::Ec(EcCurve::P256));
    let mut description = vault.description(signing(&[SignatureAlg::Es256]));
    description.public = SoftVault::new(SoftSpec::Ec(EcCurve::P256)).public();
    let error = KeyHandle::open(description, Arc::new(vault), &Opener::new()).await;
    assert_eq!(error.unwrap_err().code(), "remote.integrity");
}

#[tokio::test]
async fn a_signature_that_goes_wrong_later_is_found_too() {
    let mut vault = SoftVault::new(SoftSpec::Ec(EcCurve::P384));
    vault.fault = |_| Ok(vec![1; 96]);
    let description = vault.description(signing(&[SignatureAlg::Es384]));
    let opener = Opener::new().probe(false);
    let key = KeyHandle::open(description, Arc::new(vault), &opener).await;
    let signer = key.unwrap().signer(SignatureAlg::Es384).unwrap();
    let error = jws::Builder::new("x").sign_compact_async(&signer).await;
    assert_eq!(error.unwrap_err().code(), "remote.integrity");
}

#[tokio::test]
async fn the_wrong_secret_is_found_when_the_key_is_opened() {
    let wrong: Fault = |_| Ok(vec![7; 32]);
    for (spec, alg) in [
        (SoftSpec::Rsa(2048), KeyManagementAlg::RsaOaep256),
        (
            SoftSpec::EcAgreement(EcCurve::P256),
            KeyManagementAlg::EcdhEs,
        ),
    ] {
        let error = open_with(wrong, spec, decrypting(&[alg])).await;
        assert_eq!(error.unwrap_err().code(), "remote.integrity");
    }
}

#[tokio::test]
async fn a_code_of_another_length_is_refused() {
    let permitted = Permitted {
        macs: vec![MacAlg::Hs256],
        ..Permitted::default()
    };
    let short: Fault = |_| Ok(vec![1; 31]);
    let key = open_with(short, SoftSpec::Hmac(HashAlg::Sha256), permitted).await;
    let signer = key.unwrap().mac_signer(MacAlg::Hs256).unwrap();
    let error = jws::Builder::new("x").sign_compact_async(&signer).await;
    assert_eq!(error.unwrap_err().code(), "remote.integrity");
}

#[test]
fn the_search_of_the_wire_finds_what_is_there() {
    let content = br#"{"sub":"alice"}"#;
    let token = format!(
        "eyJhbGciOiJFUzI1NiJ9.{}",
        bulla_core::base64url::encode(content)
    );
    let twice = bulla_core::base64url::encode(&token);
    for wire in [
        &content[..],
        token.as_bytes(),
        twice.as_bytes(),
        format!("POST / {twice}").as_bytes(),
    ] {
        assert!(suite::trace(wire, content).is_some());
    }
    assert_eq!(suite::trace(b"POST / nothing of the kind", content), None);
}
