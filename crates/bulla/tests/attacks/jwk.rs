//! Keys that are wrong by themselves.

use bulla::base64url::{decode, encode};
use bulla::jwa::SignatureAlg;
use bulla::jwk::{Jwk, JwkSet, KeyError, PublicKey};

use crate::support::{keys, private, public};

/// Where such a key is refused: when it is read or when it is bound, with this code.
#[track_caller]
fn refused_public(json: &str, alg: SignatureAlg, code: &str) {
    let error = match Jwk::parse(json.as_bytes()) {
        Err(error) => error,
        Ok(_) => bulla::verifier_for(&public(json), alg).expect_err("the key was bound"),
    };
    assert_eq!(error.code(), code, "{json}");
}

#[track_caller]
fn refused_private(json: &str, alg: SignatureAlg) {
    let error = match Jwk::parse(json.as_bytes()) {
        Err(error) => error,
        Ok(_) => bulla::signer_for(&private(json), alg).expect_err("the key was bound"),
    };
    assert_eq!(error.code(), "jwk.malformed", "{json}");
}

fn rsa(n: &[u8], e: &[u8]) -> String {
    format!(r#"{{"kty":"RSA","n":"{}","e":"{}"}}"#, encode(n), encode(e))
}

fn good_modulus() -> Vec<u8> {
    let PublicKey::Rsa(key) = public(keys::RSA).key().clone() else {
        panic!("an RSA key")
    };
    key.n().to_vec()
}

#[test]
fn an_rsa_modulus_that_is_even() {
    let mut n = good_modulus();
    *n.last_mut().unwrap() &= 0xfe;
    refused_public(&rsa(&n, &[1, 0, 1]), SignatureAlg::Rs256, "jwk.malformed");
}

/// 2047 bits round to 256 octets as 2048 do.
#[test]
fn an_rsa_modulus_one_bit_too_short() {
    let mut n = good_modulus();
    n[0] = 0x7f;
    let json = rsa(&n, &[1, 0, 1]);
    for alg in [SignatureAlg::Rs256, SignatureAlg::Ps512] {
        let error = bulla::verifier_for(&public(&json), alg).unwrap_err();
        assert_eq!(
            error,
            KeyError::TooWeak {
                bits: 2047,
                required: 2048
            }
        );
    }
    refused_public(
        &rsa(&n[..128], &[1, 0, 1]),
        SignatureAlg::Rs256,
        "jwk.too-weak",
    );
    // Before anyone asks how strong it is: an exponent above its modulus is none.
    refused_public(&rsa(&[1], &[1, 0, 1]), SignatureAlg::Rs256, "jwk.malformed");
}

#[test]
fn an_rsa_exponent_that_is_one_or_even() {
    let n = good_modulus();
    for e in [&[1][..], &[2], &[4], &[1, 0, 0]] {
        refused_public(&rsa(&n, e), SignatureAlg::Rs256, "jwk.malformed");
    }
    for e in [&[][..], &[0]] {
        refused_public(&rsa(&n, e), SignatureAlg::Rs256, "jwk.malformed");
    }
}

#[test]
fn an_rsa_key_that_takes_long_to_use() {
    let n = good_modulus();
    let mut huge_e = vec![0xff; 256];
    huge_e[0] = 0x7f;
    let started = std::time::Instant::now();
    for json in [
        rsa(&n, &huge_e),
        rsa(&n.repeat(16), &[1, 0, 1]),
        rsa(&vec![0xff; 500_000], &[1, 0, 1]),
    ] {
        let refused = match Jwk::parse(json.as_bytes()) {
            Err(error) => error,
            Ok(_) => bulla::verifier_for(&public(&json), SignatureAlg::Rs256)
                .expect_err("the key was bound"),
        };
        assert!(
            matches!(
                refused.code(),
                "jwk.malformed" | "jwk.unsupported" | "jwk.limit-exceeded"
            ),
            "{refused}"
        );
    }
    assert!(started.elapsed() < std::time::Duration::from_secs(2));
}

#[test]
fn numbers_with_leading_zero_octets() {
    let padded = [&[0], &good_modulus()[..]].concat();
    refused_public(
        &rsa(&padded, &[1, 0, 1]),
        SignatureAlg::Rs256,
        "jwk.malformed",
    );
    refused_public(
        &rsa(&good_modulus(), &[0, 1, 0, 1]),
        SignatureAlg::Rs256,
        "jwk.malformed",
    );
}

/// RFC 7518 §6.2.1.2: the full length of a coordinate, leading zeros included.
#[test]
fn coordinates_of_the_wrong_length() {
    let good = public(keys::P256);
    let PublicKey::Ec(point) = good.key() else {
        panic!("an EC key")
    };
    let (x, y) = (point.x(), point.y());
    let long = [&[0], x].concat();
    for (x, y) in [(&x[1..], y), (x, &y[..31]), (&long, y), (x, &[]), (&[], y)] {
        let json = format!(
            r#"{{"kty":"EC","crv":"P-256","x":"{}","y":"{}"}}"#,
            encode(x),
            encode(y)
        );
        assert_eq!(
            Jwk::parse(json.as_bytes()).unwrap_err().code(),
            "jwk.malformed",
            "{json}"
        );
    }
}

/// CVE-2017-16007 and others, on the side of signatures.
#[test]
fn a_point_that_is_not_on_its_curve() {
    for (crv, alg, len) in [
        ("P-256", "ES256", 32),
        ("P-384", "ES384", 48),
        ("P-521", "ES512", 66),
        ("secp256k1", "ES256K", 32),
    ] {
        let alg = SignatureAlg::from_name(alg).unwrap();
        let (zero, mut one) = (vec![0; len], vec![0; len]);
        one[len - 1] = 1;
        for (x, y) in [
            (&zero, &zero),
            (&one, &one),
            (&vec![0xff; len], &vec![0xff; len]),
        ] {
            let json = format!(
                r#"{{"kty":"EC","crv":"{crv}","x":"{}","y":"{}"}}"#,
                encode(x),
                encode(y)
            );
            refused_public(&json, alg, "jwk.malformed");
        }
    }
    // The point of one curve under the name of another of the same size.
    refused_public(
        &keys::P256
            .replace("P-256", "secp256k1")
            .replace(r#""d":"#, r#""d_":"#),
        SignatureAlg::Es256k,
        "jwk.malformed",
    );
}

#[test]
fn an_okp_key_of_the_wrong_length() {
    for (crv, len) in [
        ("Ed25519", 31),
        ("Ed25519", 33),
        ("Ed448", 56),
        ("Ed448", 32),
        ("Ed25519", 0),
    ] {
        let json = format!(
            r#"{{"kty":"OKP","crv":"{crv}","x":"{}"}}"#,
            encode(vec![7; len])
        );
        assert_eq!(
            Jwk::parse(json.as_bytes()).unwrap_err().code(),
            "jwk.malformed",
            "{crv} {len}"
        );
    }
}

#[test]
fn a_private_member_that_belongs_to_another_key() {
    for alg in ["ES256", "ES384", "ES512", "ES256K", "Ed25519", "Ed448"] {
        let alg = SignatureAlg::from_name(alg).unwrap();
        let (one, other) = (bulla::generate(alg).unwrap(), bulla::generate(alg).unwrap());
        let d = |key: &bulla::jwk::PrivateJwk| {
            let json: serde_json::Value = serde_json::from_str(&key.to_json()).unwrap();
            json["d"].as_str().unwrap().to_owned()
        };
        refused_private(&one.to_json().replace(&d(&one), &d(&other)), alg);
    }
}

#[test]
fn a_private_scalar_of_zero_or_of_the_order() {
    for d in [
        [0; 32].to_vec(),
        decode("_____wAAAAD__________7zm-q2nF56E87nKwvxjJVE").unwrap(),
        vec![0xff; 32],
    ] {
        let at = keys::P256.find(r#""d":""#).unwrap() + 5;
        let mut json = keys::P256.to_owned();
        json.replace_range(at..at + 43, &encode(&d));
        refused_private(&json, SignatureAlg::Es256);
    }
}

#[test]
fn rsa_private_members_that_do_not_belong_together() {
    let value: serde_json::Value = serde_json::from_str(keys::RSA).unwrap();
    for member in ["d", "p", "q", "dp", "dq", "qi"] {
        let mut changed = value.clone();
        let mut octets = decode(changed[member].as_str().unwrap()).unwrap();
        octets[40] ^= 0x10;
        changed[member] = encode(&octets).into();
        refused_private(&changed.to_string(), SignatureAlg::Rs256);
    }
    for member in ["p", "q", "dp", "dq", "qi"] {
        let mut partial = value.clone();
        partial.as_object_mut().unwrap().remove(member);
        refused_private(&partial.to_string(), SignatureAlg::Rs256);
    }
}

#[test]
fn an_rsa_key_of_n_e_and_d_alone_still_signs() {
    let mut value: serde_json::Value = serde_json::from_str(keys::RSA).unwrap();
    for member in ["p", "q", "dp", "dq", "qi"] {
        value.as_object_mut().unwrap().remove(member);
    }
    let signer = bulla::signer_for(&private(&value.to_string()), SignatureAlg::Rs256).unwrap();
    let one = bulla::jws::Builder::new("x").sign_compact(&signer).unwrap();
    let whole = bulla::signer_for(&private(keys::RSA), SignatureAlg::Rs256).unwrap();
    assert_eq!(
        one,
        bulla::jws::Builder::new("x").sign_compact(&whole).unwrap()
    );
}

#[test]
fn unknown_types_and_curves_are_unsupported_and_not_guessed() {
    for json in [
        r#"{"kty":"Telepathy"}"#,
        r#"{"kty":"EC","crv":"P-999","x":"AA","y":"AA"}"#,
        r#"{"kty":"OKP","crv":"Ed25520","x":"AA"}"#,
        r#"{"kty":"oct ","k":"AAAA"}"#,
        r#"{"kty":"rsa","n":"AQAB","e":"AQAB"}"#,
    ] {
        assert_eq!(
            Jwk::parse(json.as_bytes()).unwrap_err().code(),
            "jwk.unsupported",
            "{json}"
        );
    }
}

#[test]
fn members_of_two_types_do_not_make_two_keys() {
    // Unknown members are kept and mean nothing: `kty` alone says what the key is.
    let json = keys::P256.replacen('{', r#"{"k":"AAAA","n":"AQAB","e":"AQAB","#, 1);
    assert!(matches!(Jwk::parse(json.as_bytes()), Ok(Jwk::Private(_))));
}

#[test]
fn a_public_key_is_never_the_text_of_a_secret() {
    let secret = Jwk::parse(br#"{"kty":"oct","k":"AAAA"}"#).unwrap();
    assert!(matches!(secret, Jwk::Secret(_)));
    assert!(
        JwkSet::new([secret]).public().keys().is_empty(),
        "a set to publish holds no secret"
    );
}
