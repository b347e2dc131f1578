//! Signatures that are not what the algorithm makes.

use bulla::base64url::{decode, encode};
use bulla::jwa::SignatureAlg;
use bulla::jwk::{Jwk, PrivateJwk};
use bulla::jws::{Builder, Jws};
use bulla::key::Verifier;

use crate::support::{keys, private, public};

/// Every algorithm with a key of its own; RSA keys are published ones, since making them takes long.
fn pairs() -> Vec<(SignatureAlg, PrivateJwk)> {
    SignatureAlg::table()
        .iter()
        .map(|row| match row.name.as_str() {
            name if name.starts_with("RS") || name.starts_with("PS") => {
                (row.alg, private(keys::RSA))
            }
            _ => (row.alg, bulla::generate(row.alg).unwrap()),
        })
        .collect()
}

fn signed(alg: SignatureAlg, key: &PrivateJwk) -> (String, Vec<u8>, Verifier) {
    let token = Builder::new("payload")
        .sign_compact(&bulla::signer_for(key, alg).unwrap())
        .unwrap();
    let (input, signature) = token.rsplit_once('.').unwrap();
    let verifier = bulla::verifier_for(&key.public(), alg).unwrap();
    (input.to_owned(), decode(signature).unwrap(), verifier)
}

fn check(input: &str, signature: &[u8], verifier: &Verifier) -> Result<(), &'static str> {
    let token = format!("{input}.{}", encode(signature));
    Jws::parse_compact(&token)
        .unwrap()
        .verify(verifier)
        .map(drop)
        .map_err(|error| error.code())
}

#[test]
fn shorter_longer_and_empty_ones_for_every_algorithm() {
    for (alg, key) in pairs() {
        let (input, signature, verifier) = signed(alg, &key);
        check(&input, &signature, &verifier).unwrap();
        let shorter = &signature[..signature.len() - 1];
        let longer = [&signature[..], &[0]].concat();
        let padded = [&[0], &signature[..]].concat();
        let twice = [&signature[..], &signature[..]].concat();
        for (what, wrong) in [
            ("shorter", shorter),
            ("longer", &longer),
            ("padded", &padded),
            ("twice", &twice),
            ("empty", &[]),
        ] {
            assert_eq!(
                check(&input, wrong, &verifier),
                Err("jws.signature-invalid"),
                "{alg} {what}"
            );
        }
    }
}

#[test]
fn a_flipped_bit_for_every_algorithm() {
    for (alg, key) in pairs() {
        let (input, signature, verifier) = signed(alg, &key);
        for at in [0, signature.len() / 2, signature.len() - 1] {
            let mut flipped = signature.clone();
            flipped[at] ^= 1;
            assert_eq!(
                check(&input, &flipped, &verifier),
                Err("jws.signature-invalid"),
                "{alg} at {at}"
            );
        }
        let other = input.replace("cGF5bG9hZA", "cGF5bG9hZB");
        if other != input {
            let token = format!("{other}.{}", encode(&signature));
            assert!(
                Jws::parse_compact(&token)
                    .unwrap()
                    .verify(&verifier)
                    .is_err(),
                "{alg}"
            );
        }
    }
}

#[test]
fn zeros_and_ones_for_every_algorithm() {
    for (alg, key) in pairs() {
        let (input, signature, verifier) = signed(alg, &key);
        for octet in [0, 0xff] {
            let wrong = vec![octet; signature.len()];
            assert_eq!(
                check(&input, &wrong, &verifier),
                Err("jws.signature-invalid"),
                "{alg}"
            );
        }
    }
}

/// CVE-2022-21449: r = s = 0 held for every message. Also r or s of one, of n, and above n.
#[test]
fn psychic_signatures() {
    for (alg, order) in ORDERS {
        let alg = SignatureAlg::from_name(alg).unwrap();
        let (input, good, verifier) = signed(alg, &bulla::generate(alg).unwrap());
        let n = hex(order);
        let len = n.len();
        assert_eq!(good.len(), 2 * len);
        let zero = vec![0; len];
        let mut one = zero.clone();
        one[len - 1] = 1;
        let mut above = n.clone();
        above[len - 1] += 1;
        let (r, s) = good.split_at(len);
        let values = [&zero[..], &one, &n, &above];
        let forged = values
            .iter()
            .flat_map(|r| values.iter().map(move |s| [*r, *s].concat()))
            .chain(values.iter().map(|value| [r, value].concat()))
            .chain(values.iter().map(|value| [value, s].concat()));
        for signature in forged {
            assert_eq!(
                check(&input, &signature, &verifier),
                Err("jws.signature-invalid"),
                "{alg}"
            );
        }
    }
}

/// s and s + n are the same number to the curve; only one of them is a signature.
#[test]
fn an_ed25519_signature_with_a_non_canonical_s() {
    for name in ["EdDSA", "Ed25519"] {
        let alg = SignatureAlg::from_name(name).unwrap();
        let key = private(
            r#"{"kty":"OKP","crv":"Ed25519","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#,
        );
        let (input, signature, verifier) = signed(alg, &key);
        let mut order = hex("1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3ed");
        order.reverse();
        let mut forged = signature;
        let mut carry = 0;
        for (octet, add) in forged[32..].iter_mut().zip(order) {
            let sum = u16::from(*octet) + u16::from(add) + carry;
            *octet = sum as u8;
            carry = sum >> 8;
        }
        assert_eq!(carry, 0);
        assert_eq!(
            check(&input, &forged, &verifier),
            Err("jws.signature-invalid"),
            "{name}"
        );
    }
}

#[test]
fn ecdsa_in_der() {
    for (alg, _) in ORDERS {
        let alg = SignatureAlg::from_name(alg).unwrap();
        let (input, good, verifier) = signed(alg, &bulla::generate(alg).unwrap());
        let (r, s) = good.split_at(good.len() / 2);
        let der = der_sequence(&[der_integer(r), der_integer(s)].concat());
        assert_eq!(
            check(&input, &der, &verifier),
            Err("jws.signature-invalid"),
            "{alg}"
        );
    }
}

#[test]
fn ecdsa_whose_leading_zero_was_dropped() {
    let alg = SignatureAlg::Es256;
    let key = private(keys::P256);
    let signer = bulla::signer_for(&key, alg).unwrap();
    let verifier = bulla::verifier_for(&key.public(), alg).unwrap();
    // One signature in 256 has an r that starts with zero. It must verify at its full length, and only so.
    let found = (0..20_000).find_map(|count: u32| {
        let token = Builder::new(&count.to_be_bytes())
            .sign_compact(&signer)
            .unwrap();
        let (input, signature) = token.rsplit_once('.').unwrap();
        let signature = decode(signature).unwrap();
        (signature[0] == 0).then(|| (input.to_owned(), signature))
    });
    let (input, signature) = found.unwrap();
    check(&input, &signature, &verifier).unwrap();
    assert_eq!(
        check(&input, &signature[1..], &verifier),
        Err("jws.signature-invalid")
    );
}

/// High s: other libraries make them, RFC 8812 does not forbid them. Ours are low.
#[test]
fn es256k_with_a_high_s_holds_and_is_never_made() {
    let alg = SignatureAlg::Es256k;
    let n = hex(ORDERS[3].1);
    for _ in 0..8 {
        let (input, mut signature, verifier) = signed(alg, &bulla::generate(alg).unwrap());
        let low = signature[32..].to_vec();
        let high = subtract(&n, &low);
        assert!(low < high, "the s that we make is the lower one");
        signature[32..].copy_from_slice(&high);
        check(&input, &signature, &verifier).unwrap();
    }
}

#[test]
fn a_signature_of_one_rsa_scheme_under_the_name_of_another() {
    let key = private(keys::RSA);
    for (made, claimed) in [
        ("RS256", "PS256"),
        ("PS256", "RS256"),
        ("RS256", "RS384"),
        ("PS512", "PS256"),
    ] {
        let alg = |name| SignatureAlg::from_name(name).unwrap();
        let (_, signature, _) = signed(alg(made), &key);
        let (input, _, verifier) = signed(alg(claimed), &key);
        assert_eq!(
            check(&input, &signature, &verifier),
            Err("jws.signature-invalid"),
            "{made} as {claimed}"
        );
    }
}

#[test]
fn a_token_renamed_to_another_algorithm_of_the_same_key() {
    let key = private(keys::RSA);
    let (input, signature, _) = signed(SignatureAlg::Rs256, &key);
    let verifier = bulla::verifier_for(&key.public(), SignatureAlg::Ps256).unwrap();
    assert_eq!(
        check(&input, &signature, &verifier),
        Err("jws.algorithm-not-allowed")
    );
}

/// With a key of small order some signatures hold for many messages.
#[test]
fn edwards_keys_of_small_order() {
    let p25519_minus_one = "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f";
    let ed25519 = [
        "0100000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000080",
        p25519_minus_one,
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    ];
    for x in ed25519 {
        refused_key("Ed25519", &hex(x));
    }
    let mut identity = vec![0; 57];
    identity[0] = 1;
    let mut minus_one = vec![0xff; 57];
    (minus_one[0], minus_one[28], minus_one[56]) = (0xfe, 0xfe, 0);
    for x in [identity, vec![0; 57], minus_one] {
        refused_key("Ed448", &x);
    }
}

#[track_caller]
fn refused_key(crv: &str, x: &[u8]) {
    let json = format!(r#"{{"kty":"OKP","crv":"{crv}","x":"{}"}}"#, encode(x));
    let refused = match Jwk::parse(json.as_bytes()) {
        Err(error) => error,
        Ok(_) => bulla::verifier(&public(&json))
            .expect_err(&format!("bound although of small order: {x:02x?}")),
    };
    assert_eq!(refused.code(), "jwk.malformed", "{crv} {x:02x?}");
}

fn hex(text: &str) -> Vec<u8> {
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap())
        .collect()
}

fn subtract(from: &[u8], what: &[u8]) -> Vec<u8> {
    let mut result = from.to_vec();
    let mut borrow = 0;
    for (octet, take) in result.iter_mut().zip(what).rev() {
        let difference = i16::from(*octet) - i16::from(*take) - borrow;
        borrow = i16::from(difference < 0);
        *octet = difference.rem_euclid(256) as u8;
    }
    result
}

fn der_integer(value: &[u8]) -> Vec<u8> {
    let first = value
        .iter()
        .position(|octet| *octet != 0)
        .unwrap_or(value.len() - 1);
    let value = &value[first..];
    let zero = if value[0] & 0x80 == 0 { &[][..] } else { &[0] };
    [&[2, (value.len() + zero.len()) as u8], zero, value].concat()
}

fn der_sequence(content: &[u8]) -> Vec<u8> {
    match content.len() {
        len @ ..128 => [&[0x30, len as u8], content].concat(),
        len => [&[0x30, 0x81, len as u8], content].concat(),
    }
}

/// The order n of each curve (SEC 2).
const ORDERS: [(&str, &str); 4] = [
    (
        "ES256",
        "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
    ),
    (
        "ES384",
        "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973",
    ),
    (
        "ES512",
        "01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409",
    ),
    (
        "ES256K",
        "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141",
    ),
];
