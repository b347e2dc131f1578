//! What reading the source of Inverno's `security-jose` showed it to do: a test for each of its defects, of what is
//! done here instead. The numbers are those of our list. Here are those of signatures, claims and keys; the others are in
//! `inverno_jwe.rs` and `inverno_trust.rs`.

use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use bulla::base64url::encode;
use bulla::jwa::{MacAlg, SignatureAlg};
use bulla::jwk::{Jwk, JwkSet, PrivateKey, SecretJwk};
use bulla::jws::{Builder, Jws, Policy};
use bulla::jwt::Expectations;
use bulla::key::{KeySet, Signer, Verifier};
use serde::de::IgnoredAny;
use serde_json::{Value, json};

use crate::forge::{SECRET, flattened, hmac, key, refused, refused_flattened, token, verify};
use crate::support::{keys, private, public, signer, verifier};

#[test]
fn defect_02_alg_none_is_refused_also_when_keys_are_given() {
    let token = format!("{}.{}.", encode(br#"{"alg":"none"}"#), encode(b"x"));
    for key in [key(), verifier(keys::RSA, "RS256")] {
        let error = Jws::parse_compact(&token)
            .unwrap()
            .verify(&key)
            .unwrap_err();
        assert_eq!(error.code(), "jws.algorithm-not-allowed");
    }
}

/// A payload that is not what its `cty` says is no matter before the signature, nor after: the caller reads it.
#[test]
fn defect_05_the_payload_is_not_decoded_before_the_signature_is_checked() {
    let header = r#"{"alg":"HS256","cty":"application/json"}"#;
    assert_eq!(
        verify(&token(header, "not json")).unwrap().payload(),
        b"not json"
    );
    let forged = format!("{}.{}.AA", encode(header.as_bytes()), encode(b"not json"));
    assert_eq!(refused(&forged), "jws.signature-invalid");
}

#[test]
fn defect_06_json_headers_are_checked_as_compact_ones_are() {
    assert_eq!(
        refused_flattened(&flattened(
            r#"{"alg":"HS256","x":1}"#,
            r#"{"crit":["x"]}"#,
            "x"
        )),
        "jws.malformed"
    );
    assert_eq!(
        refused_flattened(&flattened("{}", "", "x")),
        "jws.malformed",
        "there is no alg"
    );
    assert_eq!(
        refused_flattened(&flattened(r#"{"alg":"HS256","crit":["x"],"x":1}"#, "", "x")),
        "jws.critical-unknown"
    );
}

#[test]
fn defect_07_understood_parameters_are_understood_in_json_too() {
    let json = flattened(r#"{"alg":"HS256","crit":["x"],"x":1}"#, "", "payload");
    let policy = || Policy::new().understood("x");
    let jws = Jws::parse_flattened_with(json.as_bytes(), policy())
        .unwrap()
        .verify(&key())
        .unwrap();
    assert_eq!(jws.payload(), b"payload");
    let value: Value = serde_json::from_str(&json).unwrap();
    let general = json!({"payload": value["payload"], "signatures": [
        {"protected": value["protected"], "signature": value["signature"]}]})
    .to_string();
    Jws::parse_general_with(general.as_bytes(), policy())
        .unwrap()
        .verify(&key())
        .unwrap();
}

#[test]
fn defect_11_an_hmac_key_is_as_long_as_its_hash() {
    for (alg, len) in [
        (MacAlg::Hs256, 32),
        (MacAlg::Hs384, 48),
        (MacAlg::Hs512, 64),
    ] {
        let key = |len| SecretJwk::new(vec![1; len]);
        assert_eq!(
            bulla::signer_for(&key(len - 1), alg).unwrap_err().code(),
            "jwk.too-weak"
        );
        assert_eq!(
            bulla::verifier_for(&key(len - 1), alg).unwrap_err().code(),
            "jwk.too-weak"
        );
        bulla::signer_for(&key(len), alg).unwrap();
    }
}

#[test]
fn defect_12_an_ecdsa_signature_of_any_other_length_is_only_invalid() {
    let verifier = verifier(keys::P256, "ES256");
    for len in [0, 1, 2, 31, 32, 33, 63, 65, 66, 70, 72, 128, 1000] {
        let token = format!(
            "{}.{}.{}",
            encode(br#"{"alg":"ES256"}"#),
            encode(b"x"),
            encode(vec![1; len])
        );
        let error = Jws::parse_compact(&token)
            .unwrap()
            .verify(&verifier)
            .unwrap_err();
        assert_eq!(error.code(), "jws.signature-invalid", "{len}");
    }
}

#[test]
fn defect_13_base64url_has_one_form() {
    let good = token(r#"{"alg":"HS256"}"#, "x");
    verify(&good).unwrap();
    let [header, payload, signature] = [0, 1, 2].map(|part| good.split('.').nth(part).unwrap());
    // The last character of 43 has two bits that mean nothing, which must be zero.
    let last = signature.len() - 1;
    let other = if signature.ends_with('A') { 'B' } else { '_' };
    let trailing = format!("{}{other}", &signature[..last]);
    for spoiled in [
        format!("{header}=.{payload}.{signature}"),
        format!("{header}.{payload}==.{signature}"),
        format!("{header}.{payload}.{signature}="),
        format!("{header}.{payload}.{signature}\n"),
        format!(" {good}"),
        format!(
            "{header}.{payload}.{}",
            signature.replacen('A', "A ", 1) + " "
        ),
        format!("{header}.{payload}.{trailing}"),
        format!("{header}.eB.{signature}"),
    ] {
        assert!(verify(&spoiled).is_err(), "{spoiled:?}");
    }
}

#[test]
fn defect_14_key_ops_are_looked_into() {
    let key = private(&keys::P256.replacen('{', r#"{"key_ops":["encrypt","decrypt"],"#, 1));
    assert_eq!(
        bulla::signer(&key).unwrap_err().code(),
        "jwk.usage-mismatch"
    );
}

/// There, as many octets were signed as the text had characters.
#[test]
fn defect_15_an_unencoded_payload_is_signed_to_its_end() {
    let signer = signer(MAC, "HS256");
    let payload = "\u{e9}\u{e9}\u{e9} and then this";
    let json = Builder::new(payload)
        .unencoded()
        .sign_flattened(&signer)
        .unwrap();
    let verified = Jws::parse_flattened(json.as_bytes())
        .unwrap()
        .verify(&verifier(MAC, "HS256"))
        .unwrap();
    assert_eq!(verified.payload(), payload.as_bytes());
    for other in [
        "\u{e9}\u{e9}\u{e9} and then that",
        "\u{e9}\u{e9}\u{e9} and then thi",
        "\u{e9}\u{e9}\u{e9}",
    ] {
        let changed = json.replace(payload, other);
        assert_ne!(changed, json);
        let error = Jws::parse_flattened(changed.as_bytes())
            .unwrap()
            .verify(&verifier(MAC, "HS256"))
            .unwrap_err();
        assert_eq!(error.code(), "jws.signature-invalid", "{other}");
    }
    let input = [
        encode(br#"{"alg":"HS256","b64":false,"crit":["b64"]}"#).as_bytes(),
        b".",
        payload.as_bytes(),
    ]
    .concat();
    let value: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(value["signature"], encode(hmac(&SECRET, &input)));
}

#[test]
fn defect_16_what_is_unencoded_or_detached_can_be_read_again() {
    let (signer, key) = (signer(MAC, "HS256"), verifier(MAC, "HS256"));
    let unencoded = Builder::new("plain")
        .unencoded()
        .sign_compact(&signer)
        .unwrap();
    assert_eq!(
        Jws::parse_compact(&unencoded)
            .unwrap()
            .verify(&key)
            .unwrap()
            .payload(),
        b"plain"
    );
    let detached = Builder::new("plain")
        .detached()
        .sign_compact(&signer)
        .unwrap();
    Jws::parse_compact(&detached)
        .unwrap()
        .verify_detached(b"plain", &key)
        .unwrap();
    let both = Builder::new("a.b\n")
        .unencoded()
        .detached()
        .sign_compact(&signer)
        .unwrap();
    Jws::parse_compact(&both)
        .unwrap()
        .verify_detached(b"a.b\n", &key)
        .unwrap();
    for sign in [Builder::sign_flattened, Builder::sign_compact] {
        sign(Builder::new("x").detached(), &signer).unwrap();
    }
}

#[test]
fn defect_17_an_empty_payload_is_a_payload() {
    let (signer, key) = (signer(MAC, "HS256"), verifier(MAC, "HS256"));
    let compact = Builder::new("").sign_compact(&signer).unwrap();
    assert_eq!(
        Jws::parse_compact(&compact)
            .unwrap()
            .verify(&key)
            .unwrap()
            .payload(),
        b""
    );
    let json = Builder::new("").sign_flattened(&signer).unwrap();
    assert_eq!(
        Jws::parse_flattened(json.as_bytes())
            .unwrap()
            .verify(&key)
            .unwrap()
            .payload(),
        b""
    );
}

#[test]
fn defect_18_a_payload_is_octets() {
    let payload: Vec<u8> = (0..=255).collect();
    let compact = Builder::new(&payload)
        .sign_compact(&signer(MAC, "HS256"))
        .unwrap();
    assert_eq!(
        Jws::parse_compact(&compact)
            .unwrap()
            .verify(&verifier(MAC, "HS256"))
            .unwrap()
            .payload(),
        payload
    );
}

#[test]
fn defect_22_typ_aud_and_sub_are_what_the_standard_says() {
    let claims = r#"{"iss":"i","aud":["a","b"],"sub":"urn:x:1","exp":2000000000}"#;
    let expect = |typ: &str| {
        Expectations::new("i", "b")
            .typ(typ)
            .subject("urn:x:1")
            .at(at(1_999_999_999))
    };
    for (header, expected) in [
        (r#"{"alg":"HS256","typ":"JWT"}"#, "jwt"),
        (r#"{"alg":"HS256","typ":"application/jwt"}"#, "JWT"),
        (r#"{"alg":"HS256","typ":"at+jwt"}"#, "application/at+jwt"),
    ] {
        let token = token(header, claims);
        let valid = expect(expected)
            .verify::<IgnoredAny>(&token, &key())
            .unwrap();
        assert_eq!(valid.subject(), Some("urn:x:1"));
        assert_eq!(valid.audience().collect::<Vec<_>>(), ["a", "b"]);
    }
    let at_expiry = Expectations::new("i", "b").at(at(2_000_000_000));
    let token = token(r#"{"alg":"HS256"}"#, claims);
    assert_eq!(
        at_expiry
            .verify::<IgnoredAny>(&token, &key())
            .unwrap_err()
            .code(),
        "jwt.expired"
    );
}

#[test]
fn defect_27_one_unknown_key_does_not_spoil_a_set() {
    let set = JwkSet::parse(format!(
        r#"{{"keys":[{{"kty":"new"}},{}]}}"#,
        public(keys::P256).to_json()
    ))
    .unwrap();
    assert_eq!((set.keys().len(), set.rejected().len()), (1, 1));
    assert_eq!(set.rejected()[0].error.code(), "jwk.unsupported");
}

#[test]
fn defect_28_keys_are_shared_between_threads_and_change_nothing_in_one_another() {
    fn shared<T: Send + Sync + 'static>() {}
    shared::<Verifier>();
    shared::<Signer>();
    shared::<KeySet>();
    shared::<Jwk>();
    shared::<Expectations>();

    let key = Arc::new(key());
    let threads: Vec<_> = (0..4)
        .map(|thread: usize| {
            let key = Arc::clone(&key);
            std::thread::spawn(move || {
                for round in 0..200 {
                    let kid = (thread * 7 + round) % 9;
                    let good = token(
                        &format!(r#"{{"alg":"HS256","kid":"{kid}"}}"#),
                        format!("{thread} {round}"),
                    );
                    let jws = Jws::parse_compact(&good).unwrap().verify(&*key).unwrap();
                    assert_eq!(jws.payload(), format!("{thread} {round}").as_bytes());
                    assert_eq!(
                        jws.verified()[0].header().kid(),
                        Some(kid.to_string().as_str())
                    );
                }
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
}

#[test]
fn defect_29_a_secret_has_no_public_half() {
    // `SecretJwk` has no such method; a set to publish leaves secrets out.
    let set = JwkSet::new([Jwk::from(bulla::generate_secret(MacAlg::Hs256).unwrap())]);
    assert!(set.public().keys().is_empty());
    assert!(!set.public().to_json().contains("\"k\""));
}

#[test]
fn defect_30_a_generated_rsa_key_has_its_primes() {
    let PrivateKey::Rsa(key) = bulla::generate(SignatureAlg::Ps256).unwrap().key().clone() else {
        panic!("an RSA key")
    };
    assert!(key.crt().is_some());
}

#[test]
fn defect_32_a_parameter_of_ones_own_needs_no_unprotected_header() {
    let json = flattened(r#"{"alg":"HS256","own":1}"#, "", "x");
    Jws::parse_flattened(json.as_bytes())
        .unwrap()
        .verify(&key())
        .unwrap();
    let made = Builder::new("x")
        .header("own", 1)
        .sign_flattened(&signer(MAC, "HS256"))
        .unwrap();
    Jws::parse_flattened(made.as_bytes())
        .unwrap()
        .verify(&verifier(MAC, "HS256"))
        .unwrap();
}

fn at(seconds: u64) -> std::time::SystemTime {
    UNIX_EPOCH + Duration::from_secs(seconds)
}

/// [`SECRET`] as a JWK.
const MAC: &str = r#"{"kty":"oct","k":"QkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkI"}"#;
