//! What reading the source of Inverno's `security-jose` showed it to do. The numbers are those of our list of its
//! defects; those that concern encryption have their tests with encryption.

use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use bulla::base64url::encode;
use bulla::jwa::{HashAlg, MacAlg, SignatureAlg};
use bulla::jwk::{Jwk, JwkSet, PrivateKey, SecretJwk};
use bulla::jws::{Builder, Jws, Policy};
use bulla::jwt::Expectations;
use bulla::key::{KeySet, Signer, Verifier};
use serde::de::IgnoredAny;
use serde_json::{Value, json};

use crate::forge::{SECRET, flattened, hmac, key, refused, refused_flattened, token, verify};
use crate::support::{keys, private, public, signer, verifier};

/// A token whose header carries the certificate of the very key that signed it verifies with nothing but that key.
#[test]
fn defect_01_a_certificate_in_the_header_makes_no_key_trusted() {
    let attacker = bulla::generate(SignatureAlg::Es256).unwrap();
    let certificate = public(EC_WITH_CERTIFICATE).members().x5c.clone().unwrap();
    let x5c = json!([base64(&certificate[0])]);
    let token = Builder::new("forged")
        .header("x5c", x5c)
        .sign_compact(&bulla::signer(&attacker).unwrap())
        .unwrap();
    let set = JwkSet::parse(format!(r#"{{"keys":[{}]}}"#, public(keys::P256).to_json())).unwrap();
    assert!(
        Jws::parse_compact(&token)
            .unwrap()
            .verify(&bulla::key_set(&set))
            .is_err()
    );
    assert!(
        Jws::parse_compact(&token)
            .unwrap()
            .verify(&bulla::key_set(&JwkSet::new(Vec::<Jwk>::new())))
            .is_err()
    );
    let jws = Jws::parse_compact(&token).unwrap();
    assert_eq!(
        jws.signatures()[0].header().x5c().unwrap().peek(),
        &&certificate[..]
    );
}

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

#[test]
fn defect_04_the_header_key_does_not_win_over_the_kid() {
    let attacker = bulla::generate(SignatureAlg::Es256).unwrap();
    let jwk: Value = serde_json::from_str(&attacker.public().to_json()).unwrap();
    let signer = bulla::signer(&attacker).unwrap();
    let token = Builder::new("forged")
        .kid("victim")
        .header("jwk", jwk)
        .sign_compact(&signer)
        .unwrap();
    let victim = public(&keys::P256.replacen('{', r#"{"kid":"victim","#, 1));
    let set = JwkSet::parse(format!(r#"{{"keys":[{}]}}"#, victim.to_json())).unwrap();
    let error = Jws::parse_compact(&token)
        .unwrap()
        .verify(&bulla::key_set(&set))
        .unwrap_err();
    assert_eq!(error.code(), "jws.signature-invalid");
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

/// There, `x5t` was looked at where `x5t#S256` was meant.
#[test]
fn defect_20_the_sha_256_thumbprint_of_a_certificate_finds_its_key() {
    let certified = public(EC_WITH_CERTIFICATE);
    let digest = HashAlg::Sha256.digest(&certified.members().x5c.as_ref().unwrap()[0]);
    let good = EC_WITH_CERTIFICATE.replacen(
        '{',
        &format!(r#"{{"x5t#S256":"{}","#, encode(digest.as_ref())),
        1,
    );
    bulla::verifier(&public(&good)).unwrap();
    let bad =
        EC_WITH_CERTIFICATE.replacen('{', &format!(r#"{{"x5t#S256":"{}","#, encode([7; 32])), 1);
    assert_eq!(
        bulla::verifier(&public(&bad)).unwrap_err().code(),
        "jwk.malformed"
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

/// There, the algorithm of the issuer's signature had to be the key's.
#[test]
fn defect_24_an_ec_key_may_be_certified_by_an_rsa_authority() {
    let key = public(&EC_WITH_CERTIFICATE.replacen('{', r#"{"alg":"ES256","#, 1));
    bulla::verifier(&key).unwrap();
}

/// There, a curve was named after the size of its field.
#[test]
fn defect_25_a_certificate_of_secp256k1_is_not_one_of_p_256() {
    bulla::verifier(&public(K1_WITH_CERTIFICATE)).unwrap();
    let renamed = K1_WITH_CERTIFICATE.replace("secp256k1", "P-256");
    let refused =
        Jwk::parse(renamed.as_bytes()).is_err() || bulla::verifier(&public(&renamed)).is_err();
    assert!(refused);
    // The same coordinates cannot lie on both curves, so the certificate of one beside the key of the other:
    let mut other = public(EC_WITH_CERTIFICATE);
    other
        .members_mut()
        .x5c
        .clone_from(&public(K1_WITH_CERTIFICATE).members().x5c);
    assert_eq!(bulla::verifier(&other).unwrap_err().code(), "jwk.malformed");
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

/// The alphabet of `x5c` (RFC 7517 §4.7), which is not that of the rest.
fn base64(octets: &[u8]) -> String {
    let text = encode(octets).replace('-', "+").replace('_', "/");
    let padding = "=".repeat((4 - text.len() % 4) % 4);
    text + &padding
}

/// [`SECRET`] as a JWK.
const MAC: &str = r#"{"kty":"oct","k":"QkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkI"}"#;
/// Made with openssl: a P-256 key in a certificate that an RSA authority signed.
const EC_WITH_CERTIFICATE: &str = concat!(
    r#"{"kty":"EC","crv":"P-256","x":"aL_j2qCQxeg3jLRI4HkxKTXiJ5v8lzPkoxW1qtjXwZg","y":"c_0unWK3K5Ylma5"#,
    r#"Z6sJZQ8ut6hkgB9X5raU18ZweQlQ","x5c":["MIIB2zCBxAIUNzqDVArdomJy0BOazbXike95Al8wDQYJKoZIhvcNAQELBQ"#,
    r#"AwETEPMA0GA1UEAwwGUlNBIENBMCAXDTI2MTEyMTE5NDEyOFoYDzIxMjYxMDI4MTk0MTI4WjANMQswCQYDVQQDDAJlYzBZMB"#,
    r#"MGByqGSM49AgEGCCqGSM49AwEHA0IABGi/49qgkMXoN4y0SOB5MSk14ieb/Jcz5KMVtarY18GYc/0unWK3K5Ylma5Z6sJZQ8"#,
    r#"ut6hkgB9X5raU18ZweQlQwDQYJKoZIhvcNAQELBQADggEBAG+eIri0uUkhVzg/7jSvYmGTxXWZ0s2B+KhBxFy4V70kP1eTrm"#,
    r#"CdO7/2y2GPwxVpNEGImGdyzhtAbs8eS6RhZ/CzqNv5tQrN8AcSyaJ68u/P2VVAZ0Iph017p8E6WrGuQ2PvIBhIRCnF2oKLoQ"#,
    r#"Nu362Hb/ID3kLxuMECOe2xOMzuhKFnyjHczEYWhyOsgZdVnVFPHy9qJs9wL5p85n5CY7PKjRlk0ZrnPTo4f+LQnvUSl1m73u"#,
    r#"GbTJOeDE6PSOj6fx46YnPRLzoaR1X4yZia/TNvhQKrSO9cNBcSRMwSLN3W2Tv4bDP71UOtNdB2KOM1BxRBxWKLf4AzmP64/V"#,
    r#"haRFA="]}"#
);
/// Made with openssl: a secp256k1 key in a certificate of its own.
const K1_WITH_CERTIFICATE: &str = concat!(
    r#"{"kty":"EC","crv":"secp256k1","x":"W93GeytaDWdd-Oc5wn0hXqa9tila8cCuXxZ61XBtnvI","y":"WJpLh7-QmMl"#,
    r#"EyvrGQobp1pPb3NVqXlj28A7k0uoKYpQ","x5c":["MIIBbjCCARSgAwIBAgIUHYmUxc6Mj8JkQX0CAOgqFv1MPnAwCgYIKo"#,
    r#"ZIzj0EAwIwDTELMAkGA1UEAwwCazEwIBcNMjYxMTIxMTk0MTI4WhgPMjEyNjEwMjgxOTQxMjhaMA0xCzAJBgNVBAMMAmsxMF"#,
    r#"YwEAYHKoZIzj0CAQYFK4EEAAoDQgAEW93GeytaDWdd+Oc5wn0hXqa9tila8cCuXxZ61XBtnvJYmkuHv5CYyUTK+sZChunWk9"#,
    r#"vc1WpeWPbwDuTS6gpilKNTMFEwHQYDVR0OBBYEFG0GWFG+qz4sWvsKUZQ6pgzCi+N2MB8GA1UdIwQYMBaAFG0GWFG+qz4sWv"#,
    r#"sKUZQ6pgzCi+N2MA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIhANjRy3eCQflbeNV9CpwIp7Sm+km2JdrE0m"#,
    r#"ylq/NkT5bNAiA+JR7seXAlqp9woBW9qkQiJ2jhyJ44H/aeRL7koVYnsg=="]}"#
);
