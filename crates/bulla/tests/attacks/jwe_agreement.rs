//! ECDH-ES: invalid curves (CVE-2016-9121, CVE-2017-16007), small orders, foreign and private `epk`.

use bulla::SecretBytes;
use bulla::base64url::encode;
use bulla::jwk::PublicKey;
use serde_json::{Value, json};

use crate::jwe_forge::{Token, X448, X25519, refused, seal};
use crate::jwe_support::{decrypt, decrypter, encrypter};
use crate::support::keys::P256;
use crate::support::{private, public};

const ALGS: [&str; 4] = [
    "ECDH-ES",
    "ECDH-ES+A128KW",
    "ECDH-ES+A192KW",
    "ECDH-ES+A256KW",
];

fn header(alg: &str, epk: &Value) -> String {
    format!(r#"{{"alg":"{alg}","enc":"A128GCM","epk":{epk}}}"#)
}

/// What RFC 7518 §4.6.2 derives from a secret that the attacker knows.
fn derived(z: &[u8], purpose: &str, len: usize) -> Vec<u8> {
    let mut info = (purpose.len() as u32).to_be_bytes().to_vec();
    info.extend_from_slice(purpose.as_bytes());
    info.extend_from_slice(&[0; 8]);
    info.extend_from_slice(&(len as u32 * 8).to_be_bytes());
    let mut key = vec![0; len];
    bulla::backend()
        .concat_kdf(&SecretBytes::from(z), &info, &mut key)
        .unwrap();
    key
}

/// A token that opens if the recipient agrees on `z` with `epk`.
fn forged(alg: &str, epk: &Value, z: &[u8]) -> Token {
    let header = header(alg, epk);
    let Some(bits) = alg.strip_prefix("ECDH-ES+A") else {
        return seal(&header, [], &derived(z, "A128GCM", 16), b"forged");
    };
    let len = bits[..3].parse::<usize>().unwrap() / 8;
    let cek = [0x55; 16];
    let wrapped = bulla::backend()
        .aes_key_wrap(&SecretBytes::from(derived(z, alg, len)))
        .unwrap()
        .wrap(&SecretBytes::from(cek.as_slice()))
        .unwrap();
    seal(&header, wrapped, &cek, b"forged")
}

/// With a point that is right the forgery opens: the forger knows the derivation.
#[test]
fn the_forger_can_agree() {
    for key in [P256, X25519, X448] {
        for alg in ALGS {
            let ephemeral = bulla::backend().generate(spec(key)).unwrap();
            let agree = bulla::backend().agree(&ephemeral).unwrap();
            let z = agree.agree(public(key).key()).unwrap();
            let epk = bulla::jwk::PublicJwk::new(ephemeral.public()).to_json();
            let epk = serde_json::from_str(&epk).unwrap();
            let token = forged(alg, &epk, z.expose()).compact();
            assert_eq!(
                decrypt(&token, &decrypter(key, alg)).unwrap(),
                b"forged",
                "{alg}"
            );
        }
    }
}

fn spec(key: &str) -> bulla::key::KeySpec {
    match public(key).key() {
        PublicKey::Ec(key) => bulla::key::KeySpec::Ec(key.curve()),
        PublicKey::Okp(key) => bulla::key::KeySpec::Okp(key.curve()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn points_of_small_order_are_refused() {
    let x25519 = [
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    ];
    for alg in ALGS {
        for x in &x25519[..8] {
            let epk = json!({"kty": "OKP", "crv": "X25519", "x": encode(hex(x))});
            let token = forged(alg, &epk, &[0; 32]).compact();
            assert_eq!(
                refused(&token, &decrypter(X25519, alg)),
                "jwe.decryption-failed",
                "{x}"
            );
        }
        let one = |first: u8| [&[first][..], &[0; 55]].concat();
        let below = |last: u8| [&[last][..], &[0xff; 27], &[0xfe], &[0xff; 27]].concat();
        for x in [
            one(0),
            one(1),
            below(0xfe),
            below(0xff),
            [&[0][..], &[0; 27], &[0xff; 28]].concat(),
        ] {
            let epk = json!({"kty": "OKP", "crv": "X448", "x": encode(&x)});
            let token = forged(alg, &epk, &[0; 56]).compact();
            assert_eq!(
                refused(&token, &decrypter(X448, alg)),
                "jwe.decryption-failed",
                "{x:?}"
            );
        }
    }
}

/// Nor is anything encrypted to a key of small order, or off its curve.
#[test]
fn who_encrypts_refuses_such_keys_too() {
    for key in [
        json!({"kty": "OKP", "crv": "X25519", "x": encode([0; 32])}),
        json!({"kty": "OKP", "crv": "X448", "x": encode([0; 56])}),
        json!({"kty": "EC", "crv": "P-256", "x": encode([1; 32]), "y": encode([1; 32])}),
    ] {
        let key = public(&key.to_string());
        let alg = bulla::jwa::KeyManagementAlg::EcdhEs;
        let error = bulla::key::Encrypter::bind_to(&bulla::backend(), &key, alg).unwrap_err();
        assert_eq!(error.code(), "jwk.malformed");
    }
}

#[test]
fn points_off_the_curve_are_refused() {
    let PublicKey::Ec(own) = public(P256).key().clone() else {
        panic!("not EC")
    };
    let mut beside = own.y().to_vec();
    beside[31] ^= 1;
    let p = hex("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff");
    for (x, y) in [
        (own.x().to_vec(), beside),
        (own.y().to_vec(), own.x().to_vec()),
        (vec![0; 32], vec![0; 32]),
        (vec![0; 32], vec![1; 32]),
        (p.clone(), p.clone()),
        (vec![0xff; 32], vec![0xff; 32]),
    ] {
        let epk = json!({"kty": "EC", "crv": "P-256", "x": encode(&x), "y": encode(&y)});
        for alg in ALGS {
            let token = forged(alg, &epk, &[0; 32]).compact();
            assert_eq!(
                refused(&token, &decrypter(P256, alg)),
                "jwe.decryption-failed"
            );
        }
    }
}

#[test]
fn keys_of_other_curves_and_types_are_refused() {
    let epk = |json: &str| serde_json::from_str::<Value>(&public(json).to_json()).unwrap();
    let secp256k1 = json!({"kty": "EC", "crv": "secp256k1",
        "x": encode(hex("79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798")),
        "y": encode(hex("483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8"))});
    let generated = |spec| {
        let key = bulla::backend().generate(spec).unwrap().public();
        epk(&bulla::jwk::PublicJwk::new(key).to_json())
    };
    let p384 = generated(bulla::key::KeySpec::Ec(bulla::jwk::EcCurve::P384));
    let p521 = generated(bulla::key::KeySpec::Ec(bulla::jwk::EcCurve::P521));
    let ed25519 = generated(bulla::key::KeySpec::Okp(bulla::jwk::OkpCurve::Ed25519));
    let rsa = epk(crate::support::keys::RSA);
    let all = [
        epk(P256),
        epk(X25519),
        epk(X448),
        p384,
        p521,
        ed25519,
        rsa,
        secp256k1,
    ];
    for key in [P256, X25519, X448] {
        let own = epk(key)["crv"].clone();
        for alg in ALGS {
            let foreign = all.iter().filter(|epk| epk["crv"] != own);
            for epk in foreign {
                let token = forged(alg, epk, &[0; 32]).compact();
                assert_eq!(
                    refused(&token, &decrypter(key, alg)),
                    "jwe.decryption-failed",
                    "{epk}"
                );
            }
        }
    }
}

#[test]
fn an_epk_that_is_no_public_key_is_refused() {
    let d: Value = serde_json::from_str(P256).unwrap();
    let point = |change: &dyn Fn(&mut Value)| {
        let mut epk: Value = serde_json::from_str(&public(P256).to_json()).unwrap();
        change(&mut epk);
        epk
    };
    for epk in [
        d,
        json!({"kty": "oct", "k": "QkJCQkJCQkJCQkJCQkJCQg"}),
        json!({}),
        json!(null),
        json!("key"),
        json!([]),
        json!(1),
        point(&|epk| epk["d"] = json!(null)),
        point(&|epk| epk["d"] = json!("")),
        point(&|epk| epk["crv"] = json!("P-257")),
        point(&|epk| epk["crv"] = json!(null)),
        point(&|epk| epk["kty"] = json!("ec")),
        point(&|epk| epk["x"] = json!("AA")),
        point(&|epk| epk["x"] = json!(7)),
        point(&|epk| epk["y"] = json!(null)),
        point(&|epk| epk["x"] = json!(encode([0; 33]))),
        point(&|epk| {
            epk.as_object_mut().unwrap().remove("y");
        }),
    ] {
        let token = forged("ECDH-ES", &epk, &[0; 32]).compact();
        assert_eq!(
            refused(&token, &decrypter(P256, "ECDH-ES")),
            "jwe.malformed",
            "{epk}"
        );
    }
    let none = seal(r#"{"alg":"ECDH-ES","enc":"A128GCM"}"#, [], &[1; 16], b"");
    assert_eq!(
        refused(&none.compact(), &decrypter(P256, "ECDH-ES")),
        "jwe.malformed"
    );
}

#[test]
fn apu_and_apv_are_bounded_and_strict() {
    let token = |apu: Value| {
        let epk: Value = serde_json::from_str(&public(P256).to_json()).unwrap();
        let header = format!(r#"{{"alg":"ECDH-ES","enc":"A128GCM","apu":{apu},"epk":{epk}}}"#);
        seal(&header, [], &[1; 16], b"").compact()
    };
    let key = decrypter(P256, "ECDH-ES");
    let huge = encode(vec![0; 100_000]);
    assert_eq!(refused(&token(huge.into()), &key), "jwe.limit-exceeded");
    for apu in [
        json!(1),
        json!(null),
        json!("QQ=="),
        json!("Q"),
        json!(["QQ"]),
        json!("A B"),
    ] {
        assert_eq!(refused(&token(apu.clone()), &key), "jwe.malformed", "{apu}");
    }
    // As much as a header holds is fine, and both sides derive the same from it.
    let bob = encrypter(&public(P256).to_json(), "ECDH-ES");
    let token = bulla::jwe::Builder::new("content", bulla::jwa::ContentEncryptionAlg::A128Gcm)
        .apu(vec![1; 5_000])
        .apv(vec![2; 5_000])
        .encrypt_compact(&bob)
        .unwrap();
    assert_eq!(decrypt(&token, &key).unwrap(), b"content");
    // apu and apv are not one string cut anywhere.
    let moved = |apu: &str, apv: &str| {
        let epk: Value = serde_json::from_str(&public(P256).to_json()).unwrap();
        let header = format!(
            r#"{{"alg":"ECDH-ES","enc":"A128GCM","apu":"{apu}","apv":"{apv}","epk":{epk}}}"#
        );
        let z = bulla::backend()
            .agree(private(P256).key())
            .unwrap()
            .agree(public(P256).key())
            .unwrap();
        let mut info = Vec::new();
        for field in [b"A128GCM".as_slice(), b"A", b""] {
            info.extend_from_slice(&(field.len() as u32).to_be_bytes());
            info.extend_from_slice(field);
        }
        info.extend_from_slice(&128_u32.to_be_bytes());
        let mut cek = [0; 16];
        bulla::backend().concat_kdf(&z, &info, &mut cek).unwrap();
        seal(&header, [], &cek, b"content").compact()
    };
    assert_eq!(decrypt(&moved("QQ", ""), &key).unwrap(), b"content");
    assert_eq!(refused(&moved("", "QQ"), &key), "jwe.decryption-failed");
}

fn hex(text: &str) -> Vec<u8> {
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap())
        .collect()
}
