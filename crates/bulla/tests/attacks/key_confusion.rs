//! A key used for what it is not: public keys as secrets, secrets as nothing, keys of other types, curves and uses.

use bulla::base64url::encode;
use bulla::jwa::{MacAlg, SignatureAlg};
use bulla::jwk::{Jwk, JwkSet, KeyError, SecretJwk};
use bulla::jws::{Builder, Jws};

use crate::forge::hmac;
use crate::pem::{RSA_PKCS1, RSA_SPKI};
use crate::support::{keys, private, public, secret};

/// Every text in which an attacker may have seen the public key.
fn texts_of_the_public_key() -> Vec<Vec<u8>> {
    let key = public(keys::RSA);
    let json = key.to_json();
    let mut texts = vec![
        json.clone().into_bytes(),
        format!(r#"{{"keys":[{json}]}}"#).into_bytes(),
    ];
    for pem in [RSA_SPKI, RSA_PKCS1] {
        texts.push(pem.trim_end().as_bytes().to_vec());
        texts.push(format!(" {pem}").into_bytes());
        texts.push(format!("\n{pem}").into_bytes());
        texts.push(pem.replace('\n', "\r\n").into_bytes());
        texts.push(pem.as_bytes().to_vec());
    }
    let bulla::jwk::PublicKey::Rsa(rsa) = key.key() else {
        panic!("an RSA key")
    };
    texts.push(rsa.n().to_vec());
    texts.push(encode(rsa.n()).into_bytes());
    texts.push(b"ssh-rsa AAAAB3NzaC1yc2E".to_vec());
    texts.push(b"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5".to_vec());
    texts.push(b"ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTY".to_vec());
    texts.push(Vec::new());
    texts
}

fn hs256(secret: &[u8], header: &str) -> String {
    let input = format!("{}.{}", encode(header.as_bytes()), encode(b"forged"));
    format!("{input}.{}", encode(hmac(secret, input.as_bytes())))
}

#[test]
fn hmac_keyed_with_a_text_of_the_public_key() {
    let verifiers = ["RS256", "PS256"].map(|alg| {
        bulla::verifier_for(&public(keys::RSA), SignatureAlg::from_name(alg).unwrap()).unwrap()
    });
    for text in texts_of_the_public_key() {
        let token = hs256(&text, r#"{"alg":"HS256"}"#);
        for verifier in &verifiers {
            let error = Jws::parse_compact(&token)
                .unwrap()
                .verify(verifier)
                .unwrap_err();
            assert_eq!(error.code(), "jws.algorithm-not-allowed");
        }
    }
}

#[test]
fn hmac_keyed_with_a_public_key_against_a_set_of_keys_without_alg() {
    let (rsa, ec) = (public(keys::RSA).to_json(), public(keys::P256).to_json());
    let set = JwkSet::parse(format!(r#"{{"keys":[{rsa},{ec}]}}"#).as_bytes()).unwrap();
    let keys = bulla::key_set(&set);
    for text in texts_of_the_public_key() {
        for header in [
            r#"{"alg":"HS256"}"#,
            r#"{"alg":"HS512"}"#,
            r#"{"alg":"hs256"}"#,
        ] {
            let error = Jws::parse_compact(&hs256(&text, header))
                .unwrap()
                .verify(&keys)
                .unwrap_err();
            assert_eq!(error.code(), "jws.algorithm-not-allowed");
        }
    }
}

#[test]
fn an_empty_or_short_secret_is_bound_to_nothing() {
    for len in [0, 1, 16, 31] {
        let error = bulla::verifier_for(&SecretJwk::new(vec![7; len]), MacAlg::Hs256).unwrap_err();
        assert_eq!(
            error,
            KeyError::TooWeak {
                bits: len * 8,
                required: 256
            }
        );
        assert!(bulla::signer_for(&SecretJwk::new(vec![7; len]), MacAlg::Hs256).is_err());
    }
    assert!(bulla::signer_for(&SecretJwk::new(vec![7; 47]), MacAlg::Hs384).is_err());
    assert!(bulla::signer_for(&SecretJwk::new(vec![7; 63]), MacAlg::Hs512).is_err());
    bulla::signer_for(&SecretJwk::new(vec![7; 64]), MacAlg::Hs512).unwrap();
}

#[test]
fn an_empty_secret_in_a_set_is_rejected_alone() {
    let ec = public(keys::P256).to_json();
    let json = format!(r#"{{"keys":[{{"kty":"oct","k":"","alg":"HS256"}},{ec}]}}"#);
    let keys = bulla::key_set(&JwkSet::parse(json.as_bytes()).unwrap());
    let error = Jws::parse_compact(&hs256(b"", r#"{"alg":"HS256"}"#))
        .unwrap()
        .verify(&keys)
        .unwrap_err();
    assert_eq!(error.code(), "jws.algorithm-not-allowed");
}

#[test]
fn the_header_does_not_choose_for_a_key_that_does_not_say() {
    assert_eq!(
        bulla::verifier(&public(keys::RSA)).unwrap_err(),
        KeyError::Ambiguous
    );
    assert_eq!(
        bulla::verifier(&SecretJwk::new(vec![7; 64])).unwrap_err(),
        KeyError::Ambiguous
    );
    let verifier = bulla::verifier_for(&public(keys::RSA), SignatureAlg::Ps256).unwrap();
    let signer = bulla::signer_for(&private(keys::RSA), SignatureAlg::Rs256).unwrap();
    let token = Builder::new("x").sign_compact(&signer).unwrap();
    let error = Jws::parse_compact(&token)
        .unwrap()
        .verify(&verifier)
        .unwrap_err();
    assert_eq!(error.code(), "jws.algorithm-not-allowed");
}

#[test]
fn algorithm_and_curve_that_do_not_belong_together() {
    let p384 = bulla::generate(SignatureAlg::Es384).unwrap();
    let ed448 = bulla::generate(SignatureAlg::Ed448).unwrap();
    let mut keys = [private(keys::RSA), private(keys::P256), p384, ed448];
    for key in &mut keys {
        key.members_mut().alg = None;
    }
    let [rsa, p256, p384, ed448] = keys;
    for (key, alg) in [
        (&p384, "ES256"),
        (&p256, "ES384"),
        (&p256, "ES512"),
        (&p256, "ES256K"),
        (&p256, "RS256"),
        (&p256, "EdDSA"),
        (&rsa, "ES256"),
        (&rsa, "EdDSA"),
        (&rsa, "ML-DSA-44"),
        (&ed448, "Ed25519"),
        (&ed448, "ES256"),
        (&ed448, "PS256"),
    ] {
        let alg = SignatureAlg::from_name(alg).unwrap();
        assert_eq!(
            bulla::signer_for(key, alg).unwrap_err().code(),
            "jwk.usage-mismatch",
            "{alg}"
        );
        assert_eq!(
            bulla::verifier_for(&key.public(), alg).unwrap_err().code(),
            "jwk.usage-mismatch",
            "{alg}"
        );
    }
}

#[test]
fn a_key_for_agreement_signs_nothing() {
    let x25519 =
        public(r#"{"kty":"OKP","crv":"X25519","x":"3p7bfXt9wbTTW2HC7OQ1Nz-DQ8hbeGdNrfx-FG-IK08"}"#);
    for alg in [SignatureAlg::EdDsa, SignatureAlg::Ed25519] {
        assert_eq!(
            bulla::verifier_for(&x25519, alg).unwrap_err().code(),
            "jwk.usage-mismatch"
        );
    }
    assert_eq!(
        bulla::verifier(&x25519).unwrap_err().code(),
        "jwk.usage-mismatch"
    );
}

#[test]
fn an_algorithm_key_pair_of_another_parameter_set() {
    let key = bulla::generate(SignatureAlg::MlDsa44).unwrap();
    let error = bulla::verifier_for(&key.public(), SignatureAlg::MlDsa65).unwrap_err();
    assert_eq!(error.code(), "jwk.usage-mismatch");
    let renamed = key.public().to_json().replace("ML-DSA-44", "ML-DSA-65");
    assert_eq!(
        Jwk::parse(renamed.as_bytes()).unwrap_err().code(),
        "jwk.malformed",
        "the length is another"
    );
    let unnamed = key.public().to_json().replace("\"alg\"", "\"alg_\"");
    assert_eq!(
        Jwk::parse(unnamed.as_bytes()).unwrap_err().code(),
        "jwk.malformed",
        "alg is required"
    );
}

#[test]
fn use_and_key_ops_are_obeyed() {
    let with = |members: &str| private(&keys::P256.replacen('{', &format!("{{{members},"), 1));
    for members in [
        r#""use":"enc""#,
        r#""use":"other""#,
        r#""key_ops":["deriveKey"]"#,
        r#""key_ops":[]"#,
    ] {
        assert_eq!(
            bulla::signer(&with(members)).unwrap_err().code(),
            "jwk.usage-mismatch",
            "{members}"
        );
        assert_eq!(
            bulla::verifier(&with(members).public()).unwrap_err().code(),
            "jwk.usage-mismatch",
            "{members}"
        );
    }
    // The public half of a key that signs is one that verifies.
    let signs = with(r#""key_ops":["sign"]"#);
    bulla::signer(&signs).unwrap();
    bulla::verifier(&signs.public()).unwrap();
    let only_signs = public(
        &keys::P256
            .replacen('{', r#"{"key_ops":["sign"],"#, 1)
            .replace(r#""d":"#, r#""x_":"#),
    );
    assert_eq!(
        bulla::verifier(&only_signs).unwrap_err().code(),
        "jwk.usage-mismatch"
    );
    let only_verifies = with(r#""key_ops":["verify"]"#);
    assert_eq!(
        bulla::signer(&only_verifies).unwrap_err().code(),
        "jwk.usage-mismatch"
    );
}

#[test]
fn the_alg_of_a_key_is_obeyed() {
    let key = private(&keys::RSA.replacen('{', r#"{"alg":"PS256","#, 1));
    for alg in ["RS256", "PS384"] {
        let alg = SignatureAlg::from_name(alg).unwrap();
        assert_eq!(
            bulla::signer_for(&key, alg).unwrap_err().code(),
            "jwk.usage-mismatch"
        );
    }
    let hs512 = secret(&format!(
        r#"{{"kty":"oct","alg":"HS512","k":"{}"}}"#,
        encode([7; 64])
    ));
    assert_eq!(
        bulla::signer_for(&hs512, MacAlg::Hs256).unwrap_err().code(),
        "jwk.usage-mismatch"
    );
    for alg in ["RSA-OAEP", "none", "dir", "made up"] {
        let key = private(&keys::RSA.replacen('{', &format!(r#"{{"alg":"{alg}","#), 1));
        assert_eq!(
            bulla::signer(&key).unwrap_err().code(),
            "jwk.usage-mismatch",
            "{alg}"
        );
    }
}

#[test]
fn one_bad_key_does_not_spoil_a_set_and_is_listed() {
    let good = public(&keys::P256.replacen('{', r#"{"kid":"good","alg":"ES256","#, 1)).to_json();
    let bad = [
        r#"{"kty":"unknown"}"#,
        r#"{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}"#,
        r#"{"kty":"RSA","n":"AQAB","e":"AQAB"}"#,
        "null",
        "7",
        "{}",
        r#"{"kty":"EC","crv":"P-999","x":"AA","y":"AA"}"#,
    ];
    let json = format!(r#"{{"keys":[{},{good}]}}"#, bad.join(","));
    let set = JwkSet::parse(json.as_bytes()).unwrap();
    let keys = bulla::key_set(&set);
    assert_eq!(set.rejected().len() + set.keys().len(), bad.len() + 1);
    let signer =
        bulla::signer(&private(&keys::P256.replacen('{', r#"{"kid":"good","#, 1))).unwrap();
    let token = Builder::new("x").sign_compact(&signer).unwrap();
    let jws = Jws::parse_compact(&token).unwrap().verify(&keys).unwrap();
    assert_eq!(jws.verified()[0].key().kid(), Some("good"));
}
