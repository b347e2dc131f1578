//! What a header says about keys: `jwk`, `x5c`, `jku`, `x5u`, `kid`.

use bulla::jwa::SignatureAlg;
use bulla::jwk::{Jwk, JwkSet, PrivateJwk};
use bulla::jws::{Builder, Jws};
use bulla::key::{KeySet, Verifier};
use serde_json::{Value, json};

use crate::forge::{key, token, verify};
use crate::support::{keys, private, public};

/// The attacker's own good key, and the victim's verifier and set.
fn scene() -> (PrivateJwk, Verifier, KeySet) {
    let attacker = bulla::generate(SignatureAlg::Es256).unwrap();
    let victim = public(&keys::P256.replacen('{', r#"{"kid":"victim","#, 1));
    let set = JwkSet::parse(format!(r#"{{"keys":[{}]}}"#, victim.to_json()).as_bytes()).unwrap();
    (
        attacker,
        bulla::verifier(&victim).unwrap(),
        bulla::key_set(&set),
    )
}

fn signed_with(attacker: &PrivateJwk, parameter: &str, value: Value) -> String {
    Builder::new("forged")
        .header(parameter, value)
        .sign_compact(&bulla::signer(attacker).unwrap())
        .unwrap()
}

fn public_value(key: &PrivateJwk) -> Value {
    serde_json::from_str(&key.public().to_json()).unwrap()
}

#[test]
fn a_jwk_in_the_header_is_not_trusted() {
    let (attacker, verifier, set) = scene();
    let token = signed_with(&attacker, "jwk", public_value(&attacker));
    let error = Jws::parse_compact(&token)
        .unwrap()
        .verify(&verifier)
        .unwrap_err();
    assert_eq!(error.code(), "jws.signature-invalid");
    assert!(Jws::parse_compact(&token).unwrap().verify(&set).is_err());
    assert!(
        Jws::parse_compact(&token)
            .unwrap()
            .verify(&Vec::<Verifier>::new())
            .is_err(),
        "no keys at all"
    );
}

/// The signature does hold under the key of the header; that is what makes the attack, and what `trust` decides.
#[test]
fn a_jwk_in_the_header_serves_only_whoever_trusts_it() {
    let (attacker, _, _) = scene();
    let token = signed_with(&attacker, "jwk", public_value(&attacker));
    let jws = Jws::parse_compact(&token).unwrap();
    let brought = jws.signatures()[0].header().jwk().unwrap().unwrap();
    assert_eq!(brought.peek().key(), attacker.public().key());
    let trusted = bulla::verifier_for(&brought.trust(), SignatureAlg::Es256).unwrap();
    jws.verify(&trusted).unwrap();
}

#[test]
fn a_private_or_secret_key_in_the_header_is_no_key_to_offer() {
    let (attacker, _, _) = scene();
    let with_d: Value = serde_json::from_str(&Jwk::Private(attacker.clone()).to_json()).unwrap();
    for jwk in [with_d, json!({"kty":"oct","k":"AAAA"})] {
        // Signing may refuse to make it; a stranger would not.
        let token = token(&json!({"alg":"HS256","jwk":jwk}).to_string(), "x");
        if let Ok(jws) = Jws::parse_compact(&token) {
            assert!(jws.signatures()[0].header().jwk().unwrap().is_err());
        }
    }
}

#[test]
fn a_self_signed_certificate_in_the_header_is_not_trusted() {
    let (attacker, verifier, set) = scene();
    let token = signed_with(&attacker, "x5c", json!(["MIIB"]));
    assert!(
        Jws::parse_compact(&token)
            .and_then(|jws| jws.verify(&verifier))
            .is_err()
    );
    assert!(
        Jws::parse_compact(&token)
            .and_then(|jws| jws.verify(&set))
            .is_err()
    );
    assert!(
        Jws::parse_compact(&token)
            .and_then(|jws| jws.verify(&Vec::<Verifier>::new()))
            .is_err()
    );
}

/// Nothing here fetches, so a URL is a text: it changes neither which key is used nor how long verifying takes.
#[test]
fn urls_in_the_header_are_texts() {
    let (attacker, verifier, set) = scene();
    for parameter in ["jku", "x5u"] {
        for url in [
            "http://169.254.169.254/latest/meta-data/",
            "file:///etc/passwd",
            "https://good.example@evil.example/",
            "https://good.example.evil.example/",
            "gopher://x",
            "//evil.example",
            "",
        ] {
            let token = signed_with(&attacker, parameter, json!(url));
            let error = Jws::parse_compact(&token)
                .unwrap()
                .verify(&verifier)
                .unwrap_err();
            assert_eq!(error.code(), "jws.signature-invalid", "{parameter} {url}");
            assert!(
                Jws::parse_compact(&token).unwrap().verify(&set).is_err(),
                "{parameter} {url}"
            );
        }
    }
    let header = r#"{"alg":"HS256","jku":"https://evil.example/keys"}"#;
    assert_eq!(verify(&token(header, "x")).unwrap().payload(), b"x");
}

#[test]
fn a_kid_is_compared_and_nothing_else() {
    let (attacker, _, set) = scene();
    for kid in [
        "../../../../dev/null",
        "/etc/passwd",
        "' OR '1'='1",
        "victim' --",
        "victim\0",
        "Victim",
        "victim ",
        "vic",
        "*",
        "victim\n",
        "https://evil.example/key",
        "$(id)",
        "%s%s%s",
        "",
    ] {
        let signer = bulla::signer(&attacker).unwrap();
        let token = Builder::new("forged")
            .kid(kid)
            .sign_compact(&signer)
            .unwrap();
        let error = Jws::parse_compact(&token)
            .unwrap()
            .verify(&set)
            .unwrap_err();
        assert_eq!(error.code(), "jwk.not-found", "{kid:?}");
    }
}

#[test]
fn the_kid_of_a_victim_does_not_lend_the_victims_key() {
    let (attacker, _, set) = scene();
    let token = Builder::new("forged")
        .kid("victim")
        .sign_compact(&bulla::signer(&attacker).unwrap())
        .unwrap();
    let error = Jws::parse_compact(&token)
        .unwrap()
        .verify(&set)
        .unwrap_err();
    assert_eq!(error.code(), "jws.signature-invalid");
}

#[test]
fn a_key_without_kid_does_not_answer_to_a_token_with_one() {
    let set = JwkSet::parse(format!(r#"{{"keys":[{}]}}"#, public(keys::P256).to_json()).as_bytes())
        .unwrap();
    let set = bulla::key_set(&set);
    let signer = bulla::signer(&private(keys::P256)).unwrap();
    let with = Builder::new("x").kid("some").sign_compact(&signer).unwrap();
    assert_eq!(
        Jws::parse_compact(&with)
            .unwrap()
            .verify(&set)
            .unwrap_err()
            .code(),
        "jwk.not-found"
    );
    let without = Builder::new("x").sign_compact(&signer).unwrap();
    Jws::parse_compact(&without).unwrap().verify(&set).unwrap();
}

#[test]
fn equal_kids_cost_four_tries_and_no_more() {
    let pairs: Vec<_> = (0..6)
        .map(|_| bulla::generate(SignatureAlg::Es256).unwrap())
        .collect();
    let named: Vec<_> = pairs
        .iter()
        .map(|pair| {
            let mut public = pair.public();
            public.members_mut().kid = Some("same".into());
            public.to_json()
        })
        .collect();
    let set = JwkSet::parse(format!(r#"{{"keys":[{}]}}"#, named.join(",")).as_bytes()).unwrap();
    let set = bulla::key_set(&set);
    for (index, pair) in pairs.iter().enumerate() {
        let token = Builder::new("x")
            .kid("same")
            .sign_compact(&bulla::signer(pair).unwrap())
            .unwrap();
        assert_eq!(
            Jws::parse_compact(&token).unwrap().verify(&set).is_ok(),
            index < 4,
            "{index}"
        );
    }
}

#[test]
fn the_header_that_verified_once_is_not_a_pass_for_another_signature() {
    // Headers are remembered after a valid signature; only the parsing is saved, never the check.
    let (key, header) = (key(), r#"{"alg":"HS256","kid":"k"}"#);
    let good = token(header, "good");
    for _ in 0..3 {
        Jws::parse_compact(&good).unwrap().verify(&key).unwrap();
    }
    let (input, signature) = good.rsplit_once('.').unwrap();
    let (segment, _) = input.split_once('.').unwrap();
    let forged = format!(
        "{segment}.{}.{signature}",
        bulla::base64url::encode(b"evil")
    );
    assert_eq!(
        Jws::parse_compact(&forged)
            .unwrap()
            .verify(&key)
            .unwrap_err()
            .code(),
        "jws.signature-invalid"
    );
}
