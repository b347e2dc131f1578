//! Kinds of keys: of leaves, and of those who sign their certificates. They need not be the same.

use std::sync::Arc;

use bulla_core::Fault;
use bulla_core::jwa::SignatureAlg;
use bulla_core::jwk::{EcCurve, PublicKey};
use bulla_core::key::Verifier;
use bulla_core::trust::ValidatePath;
use bulla_x509::PathError;

use crate::support::{certificate, chain, policy, validate};

/// An elliptic curve key certified by an RSA authority: the authority's algorithm says nothing of the key's.
#[test]
fn an_rsa_authority_certifies_an_ec_key() {
    let path = policy(&["rsa-root"])
        .validate(&chain(&["rsa-root-ec-leaf"]))
        .unwrap();
    assert_eq!(path.jwk().key().describe(), "EC P-256");
    let backend = bulla_aws_lc::backend();
    Verifier::bind_to(&backend, path.jwk(), SignatureAlg::Es256).unwrap();
}

/// Its field has 256 bits like that of P-256, and it is another curve.
#[test]
fn a_secp256k1_leaf_is_one() {
    let path = validate(&["secp256k1", "intermediate"]).unwrap();
    let PublicKey::Ec(key) = path.jwk().key() else {
        panic!("not on a curve")
    };
    assert_eq!(key.curve(), EcCurve::Secp256k1);
    let backend = bulla_aws_lc::backend();
    Verifier::bind_to(&backend, path.jwk(), SignatureAlg::Es256k).unwrap();
    let wrong = Verifier::bind_to(&backend, path.jwk(), SignatureAlg::Es256).unwrap_err();
    assert_eq!(wrong.code(), "jwk.usage-mismatch");
}

#[test]
fn a_curve_that_jose_does_not_know_is_named_as_such() {
    let error = validate(&["brainpool", "intermediate"]).unwrap_err();
    assert_eq!(error.code(), "jwk.unsupported", "{error}");
}

#[test]
fn a_secp256k1_authority_certifies() {
    let policy = policy(&["secp256k1-root"]);
    assert!(policy.validate(&chain(&["secp256k1-root-leaf"])).is_ok());
    let mut changed = chain(&["secp256k1-root-leaf"]);
    *changed[0].last_mut().unwrap() ^= 1;
    let error = policy.validate(&changed).unwrap_err();
    assert_eq!(error, PathError::SignatureInvalid);
}

#[test]
fn edwards_montgomery_and_pss_leaves() {
    for (leaf, kind, alg) in [
        ("ed25519", "OKP Ed25519", Some(SignatureAlg::EdDsa)),
        ("ed448", "OKP Ed448", Some(SignatureAlg::EdDsa)),
        ("x25519", "OKP X25519", None),
        ("rsa-pss", "RSA", Some(SignatureAlg::Ps256)),
    ] {
        let path = validate(&[leaf, "intermediate"]).unwrap();
        assert_eq!(path.jwk().key().describe(), kind);
        if let Some(alg) = alg {
            Verifier::bind_to(&bulla_aws_lc::backend(), path.jwk(), alg).unwrap();
        }
    }
    // The identifier of its key restricts it to the one algorithm.
    let path = validate(&["rsa-pss", "intermediate"]).unwrap();
    assert_eq!(path.jwk().members().alg.as_ref().unwrap().as_str(), "PS256");
    // So it does where the certificate only stands beside the key, which says nothing or something else itself.
    let mut jwk = path.into_jwk();
    let backend = bulla_aws_lc::backend();
    for own in [None, Some(SignatureAlg::Rs256), Some(SignatureAlg::Ps512)] {
        jwk.members_mut().alg = own.map(|alg| alg.name().clone());
        let asked = own.unwrap_or(SignatureAlg::Rs256);
        let error = Verifier::bind_to(&backend, &jwk, asked).unwrap_err();
        assert_eq!(error.code(), "jwk.usage-mismatch", "{own:?}");
    }
    jwk.members_mut().alg = None;
    assert!(Verifier::bind_to(&backend, &jwk, SignatureAlg::Ps256).is_ok());
}

#[test]
fn an_ed25519_authority_certifies_and_an_ed448_one_says_that_it_cannot() {
    assert!(
        policy(&["ed25519-root"])
            .validate(&chain(&["ed25519-root-leaf"]))
            .is_ok()
    );
    let error = policy(&["ed448-root"])
        .validate(&chain(&["ed448-root-leaf"]))
        .unwrap_err();
    assert_eq!(error, PathError::SignatureUnsupported);
    assert_eq!(error.code(), "x509.signature-unsupported");
}

#[test]
fn sha_1_is_refused() {
    let error = validate(&["sha1-leaf", "intermediate"]).unwrap_err();
    assert_eq!(error, PathError::SignatureUnsupported);
}

/// What a validated path gives is a key like any other, whose certificates are its own.
#[test]
fn the_key_has_its_certificates_and_their_digests() {
    let names = ["leaf", "intermediate"];
    let path = validate(&names).unwrap();
    let members = path.jwk().members();
    assert_eq!(members.x5c, Some(chain(&names)));
    assert_eq!(members.x5t, Some(certificate("leaf").x5t()));
    assert_eq!(members.x5t_s256, Some(certificate("leaf").x5t_s256()));
    assert_eq!(members.kid, None);
    assert_eq!(members.alg, None);
    // The core compares the three with each other and with the key when it is bound.
    let backend = bulla_aws_lc::backend();
    Verifier::bind_to(&backend, path.jwk(), SignatureAlg::Es256).unwrap();
    let mut other = path.into_jwk();
    other.members_mut().x5t = Some([0; 20]);
    let error = Verifier::bind_to(&backend, &other, SignatureAlg::Es256).unwrap_err();
    assert_eq!(error.code(), "jwk.malformed");
}

/// The core asks through its trait, and gets the same.
#[test]
fn the_core_s_trait_gives_the_key_and_the_anchor_or_the_reason() {
    let validate: Arc<dyn ValidatePath> = Arc::new(policy(&["root"]));
    let path = validate
        .validate(&chain(&["leaf", "intermediate"]))
        .unwrap();
    assert_eq!(path.anchor, "CN=root,O=Bulla");
    assert_eq!(path.key.members().x5t, Some(certificate("leaf").x5t()));
    let refused = validate.validate(&chain(&["leaf"])).unwrap_err();
    assert_eq!(refused.code(), "x509.untrusted-issuer");
    assert_eq!(refused.fault(), Fault::Policy);
    let reason = std::error::Error::source(&refused).unwrap();
    let reason = reason.downcast_ref::<PathError>().unwrap();
    assert_eq!(reason, &PathError::UntrustedIssuer);
}
