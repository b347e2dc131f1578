//! `keyUsage`, and what it leaves to the key.

use bulla_core::jwk::PublicKeyUse;
use bulla_x509::{PathError, Position};

use crate::support::{chain, policy, validate};

const SIG: Option<PublicKeyUse> = Some(PublicKeyUse::Signature);
const ENC: Option<PublicKeyUse> = Some(PublicKeyUse::Encryption);

#[test]
fn the_key_is_for_what_its_certificate_allows() {
    for (leaf, key_use) in [
        ("leaf", SIG),
        ("commitment", SIG),
        ("ec-agreement", ENC),
        ("ec-both", None),
        ("rsa-encipherment", ENC),
        ("rsa-both", None),
        ("x25519", ENC),
        ("ed25519", SIG),
        ("no-usage", None),
        ("rsa-plain", None),
    ] {
        let path = validate(&[leaf, "intermediate"]).unwrap();
        assert_eq!(path.jwk().members().key_use, key_use, "{leaf}");
    }
}

#[test]
fn a_certificate_that_allows_nothing_its_key_can_do_is_refused() {
    for leaf in [
        "ec-encipherment",
        "cert-sign-only",
        "rsa-data",
        "ec-decipher-only",
    ] {
        let error = validate(&[leaf, "intermediate"]).unwrap_err();
        assert_eq!(
            error,
            PathError::KeyUsage {
                position: Position::Chain(0),
                asked: None
            },
            "{leaf}"
        );
        assert_eq!(error.code(), "x509.key-usage");
    }
}

#[test]
fn a_use_that_was_asked_for_must_be_allowed() {
    let signatures = policy(&["root"]).key_use(PublicKeyUse::Signature);
    let encryption = policy(&["root"]).key_use(PublicKeyUse::Encryption);
    let other = policy(&["root"]).key_use(PublicKeyUse::Other("tls".into()));
    for (leaf, signs, encrypts) in [
        ("leaf", true, false),
        ("commitment", true, false),
        ("ec-agreement", false, true),
        ("ec-both", true, true),
        ("rsa-encipherment", false, true),
        ("rsa-both", true, true),
        ("x25519", false, true),
        ("ed25519", true, false),
        // Without the extension the type of the key decides.
        ("no-usage", true, true),
        ("rsa-plain", true, true),
    ] {
        let chain = chain(&[leaf, "intermediate"]);
        for (policy, allowed, key_use) in [(&signatures, signs, SIG), (&encryption, encrypts, ENC)]
        {
            match policy.validate(&chain) {
                Ok(path) => {
                    assert!(allowed, "{leaf}");
                    assert_eq!(path.jwk().members().key_use, key_use);
                }
                Err(error) => {
                    assert!(!allowed, "{leaf}: {error}");
                    assert_eq!(error.code(), "x509.key-usage");
                }
            }
        }
        assert_eq!(other.validate(&chain).unwrap_err().code(), "x509.key-usage");
    }
}
