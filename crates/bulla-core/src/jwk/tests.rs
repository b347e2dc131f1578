//! What is refused, member by member.

mod properties;
mod thumbprints;

use serde_json::{Value, json};

use super::*;
use crate::base64url;
use crate::jwa::{AlgName, MlDsaParameters, SignatureAlg};
use crate::limits::Limits;

/// RFC 7515 appendix A.3.1.
const EC: &str = r#"{"kty":"EC","crv":"P-256",
    "x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
    "y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
    "d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"}"#;
/// RFC 8037 appendix A.1.
const OKP: &str = r#"{"kty":"OKP","crv":"Ed25519",
    "d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
    "x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
const OCT: &str = r#"{"kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T"}"#;

fn rsa() -> Value {
    let number = |first: u8, len: usize| {
        let mut octets = vec![0xa5; len];
        octets[0] = first;
        base64url::encode(octets)
    };
    json!({
        "kty": "RSA", "n": number(0x80, 256), "e": "AQAB", "d": number(0x7f, 256),
        "p": number(0xc0, 128), "q": number(0xb0, 128),
        "dp": number(0x10, 128), "dq": number(0x20, 128), "qi": number(0x30, 128),
    })
}

fn akp() -> Value {
    json!({
        "kty": "AKP", "alg": "ML-DSA-44",
        "pub": base64url::encode(vec![7; 1312]), "priv": base64url::encode([9; 32]),
    })
}

fn value(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// Every kind of key there is.
fn kinds() -> Vec<Value> {
    vec![value(EC), value(OKP), value(OCT), rsa(), akp()]
}

fn with(mut key: Value, member: &str, to: impl Into<Value>) -> Value {
    key[member] = to.into();
    key
}

fn without(mut key: Value, member: &str) -> Value {
    key.as_object_mut().unwrap().remove(member).unwrap();
    key
}

fn parse(key: &Value) -> Result<Jwk, KeyError> {
    let parsed = Jwk::parse(key.to_string());
    assert_eq!(parsed, Jwk::from_value(key), "text and value read alike");
    parsed
}

#[track_caller]
fn refuses(key: &Value, what: &str) {
    match parse(key) {
        Err(KeyError::Malformed(malformed)) => assert_eq!(malformed.what, what, "{malformed:?}"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn each_kind_is_told_by_its_private_members() {
    assert!(matches!(Jwk::parse(EC), Ok(Jwk::Private(_))));
    assert!(matches!(
        parse(&without(value(EC), "d")),
        Ok(Jwk::Public(_))
    ));
    assert!(matches!(Jwk::parse(OKP), Ok(Jwk::Private(_))));
    assert!(matches!(Jwk::parse(OCT), Ok(Jwk::Secret(_))));
    assert!(matches!(parse(&rsa()), Ok(Jwk::Private(_))));
    assert!(matches!(parse(&akp()), Ok(Jwk::Private(_))));
    assert!(matches!(parse(&without(akp(), "priv")), Ok(Jwk::Public(_))));
}

#[test]
fn a_key_of_another_kind_is_named() {
    let error = PublicJwk::parse(OCT).unwrap_err();
    assert_eq!(
        error.to_string(),
        "found a symmetric key, expected a public key"
    );
    assert_eq!(error.code(), "jwk.usage-mismatch");
    assert!(SecretJwk::parse(EC).is_err());
    assert!(PrivateJwk::parse(without(value(EC), "d").to_string()).is_err());
    assert!(PrivateJwk::parse(EC).is_ok());
}

#[test]
fn each_required_member_is_required() {
    for (key, members) in [
        (value(EC), &["kty", "crv", "x", "y"][..]),
        (value(OKP), &["kty", "crv", "x"]),
        (value(OCT), &["kty", "k"]),
        (rsa(), &["kty", "n", "e"]),
        (akp(), &["kty", "alg", "pub"]),
    ] {
        for member in members {
            refuses(&without(key.clone(), member), member);
        }
    }
}

#[test]
fn unknown_types_curves_and_algorithms_are_unsupported_and_named() {
    for (key, member, unknown) in [
        (value(EC), "kty", "Telepathy"),
        (value(EC), "kty", "ec"),
        (value(EC), "crv", "P-192"),
        (value(EC), "crv", "Ed25519"),
        (value(OKP), "crv", "P-256"),
        (akp(), "alg", "ES256"),
        (akp(), "alg", "SLH-DSA-SHA2-128s"),
    ] {
        let error = parse(&with(key, member, unknown)).unwrap_err();
        assert_eq!(error.code(), "jwk.unsupported");
        assert_eq!(
            error.to_string(),
            format!("`{member}` \"{unknown}\" is not supported")
        );
    }
    let long = with(value(EC), "kty", "x".repeat(100_000));
    assert!(parse(&long).unwrap_err().to_string().len() < 200);
}

#[test]
fn every_registered_member_must_have_its_json_type() {
    let texts = [
        "use", "kid", "alg", "crv", "x", "y", "d", "n", "e", "p", "q", "dp", "dq", "qi", "k",
        "pub", "priv", "x5u", "x5t", "x5t#S256",
    ];
    let wrong = [
        json!(null),
        json!(1),
        json!(-1),
        json!(1.5),
        json!(true),
        json!([]),
        json!({}),
        json!(["x"]),
        json!({"a": [{}]}),
    ];
    for key in kinds() {
        for wrong in &wrong {
            // `kty` decides what the others mean, so it is told apart.
            refuses(&with(key.clone(), "kty", wrong.clone()), "kty");
            for member in texts {
                refuses(&with(key.clone(), member, wrong.clone()), member);
            }
        }
        for wrong in [
            json!(null),
            json!("sign"),
            json!({}),
            json!([1]),
            json!(["sign", null]),
        ] {
            refuses(&with(key.clone(), "key_ops", wrong.clone()), "key_ops");
            refuses(&with(key.clone(), "x5c", wrong.clone()), "x5c");
            refuses(&with(key.clone(), "oth", wrong.clone()), "oth");
        }
    }
}

#[test]
fn base64url_is_strict() {
    let x = value(OKP)["x"].as_str().unwrap().to_owned();
    for bad in [
        format!("{x}="),
        format!(" {x}"),
        format!("{x}\n"),
        x.replace('_', "/"),
        format!("{}p", &x[..x.len() - 1]), // stray bits
        format!("{x}A"),
        String::from("é"),
    ] {
        refuses(&with(value(OKP), "x", bad), "x");
    }
}

#[test]
fn lengths_are_exact() {
    for len in [0, 31, 33, 64] {
        let octets = base64url::encode(vec![1; len]);
        for member in ["x", "y", "d"] {
            refuses(&with(value(EC), member, octets.clone()), member);
        }
        for member in ["x", "d"] {
            refuses(&with(value(OKP), member, octets.clone()), member);
        }
        refuses(&with(akp(), "priv", octets), "priv");
    }
    refuses(&with(akp(), "alg", "ML-DSA-65"), "pub");
    refuses(&with(value(OCT), "k", ""), "k");
    // A leading zero is part of a coordinate.
    let mut x = [1; 32];
    x[0] = 0;
    assert!(parse(&with(value(EC), "x", base64url::encode(x))).is_ok());
}

#[test]
fn numbers_of_rsa_have_no_leading_zero() {
    for member in ["n", "e", "d", "p", "q", "dp", "dq", "qi"] {
        let text = rsa()[member].as_str().unwrap().to_owned();
        let mut octets = vec![0];
        octets.extend(base64url::decode(text).unwrap());
        refuses(&with(rsa(), member, base64url::encode(octets)), member);
        refuses(&with(rsa(), member, ""), member);
        refuses(&with(rsa(), member, "AA"), member);
    }
}

#[test]
fn no_number_of_rsa_is_longer_than_the_modulus() {
    for member in ["e", "d", "p", "q", "dp", "dq", "qi"] {
        let long = base64url::encode([1; 257]);
        refuses(&with(rsa(), member, long), member);
    }
    let prime = json!([{"r": base64url::encode([1; 257]), "d": "BQ", "t": "Bw"}]);
    refuses(&with(rsa(), "oth", prime), "oth.r");
}

#[test]
fn rsa_private_members_stand_together() {
    let crt = ["p", "q", "dp", "dq", "qi"];
    for missing in crt {
        refuses(&without(rsa(), missing), "p, q, dp, dq, qi");
    }
    let only_d = crt.iter().fold(rsa(), |key, member| without(key, member));
    let Jwk::Private(key) = parse(&only_d).unwrap() else {
        panic!("d makes it private")
    };
    let PrivateKey::Rsa(key) = key.key() else {
        panic!("RSA")
    };
    assert!(key.crt().is_none());

    refuses(&without(rsa(), "d"), "d");
    let prime = json!([{"r": "Aw", "d": "BQ", "t": "Bw"}]);
    refuses(
        &with(without(only_d.clone(), "d"), "oth", prime.clone()),
        "d",
    );
    refuses(&with(only_d, "oth", prime.clone()), "oth");
    refuses(&with(rsa(), "oth", json!([])), "oth");
    refuses(
        &with(rsa(), "oth", json!([{"r": "Aw", "d": "BQ"}])),
        "oth.t",
    );
    refuses(
        &with(rsa(), "oth", json!([{"r": "Aw", "d": "BQ", "t": 7}])),
        "oth",
    );
    let Jwk::Private(key) = parse(&with(rsa(), "oth", prime)).unwrap() else {
        panic!("private")
    };
    let PrivateKey::Rsa(rsa) = key.key() else {
        panic!("RSA")
    };
    assert_eq!(rsa.other_primes().len(), 1);
    assert!(
        key.to_json()
            .contains(r#""oth":[{"r":"Aw","d":"BQ","t":"Bw"}]"#)
    );
}

#[test]
fn strength_is_counted_in_bits() {
    let key = |n: Vec<u8>, e: &[u8]| RsaPublicKey::new(n, e).unwrap().check_strength();
    let modulus = |first: u8, len: usize, last: u8| {
        let mut n = vec![0x11; len];
        (n[0], n[len - 1]) = (first, last);
        n
    };
    let e = &[1, 0, 1][..];
    assert_eq!(key(modulus(0x80, 256, 1), e), Ok(()));
    assert_eq!(
        key(modulus(0x7f, 256, 1), e),
        Err(KeyError::TooWeak {
            bits: 2047,
            required: 2048
        }),
        "not rounded up to octets"
    );
    assert_eq!(key(modulus(0x80, 1024, 1), e), Ok(()));
    assert_eq!(
        key(modulus(1, 1025, 1), e).unwrap_err().code(),
        "jwk.unsupported"
    );
    assert_eq!(
        key(modulus(0x80, 256, 2), e).unwrap_err().code(),
        "jwk.malformed"
    );
    for bad in [&[1][..], &[2], &[4], &[1, 0, 0]] {
        assert_eq!(
            key(modulus(0x80, 256, 1), bad).unwrap_err().code(),
            "jwk.malformed"
        );
    }
    assert_eq!(key(modulus(0x80, 256, 1), &[3]), Ok(()));
    assert_eq!(
        key(modulus(0x80, 256, 1), &[1; 9]).unwrap_err().code(),
        "jwk.unsupported"
    );
}

#[test]
fn vaults_send_leading_zeros() {
    let key = RsaPublicKey::new(&[0, 0, 0x80, 0, 1][..], &[0, 1, 0, 1][..]).unwrap();
    assert_eq!((key.n(), key.e()), (&[0x80, 0, 1][..], &[1, 0, 1][..]));
    assert!(RsaPublicKey::new(&[0, 0][..], &[3][..]).is_err());
    let crt = RsaCrt::new(vec![0, 1], vec![2], vec![0, 0, 3], vec![4], vec![5]).unwrap();
    assert_eq!(crt.dp().expose(), [3]);
}

#[test]
fn use_and_key_ops_agree() {
    let with_both = |key_use: &str, key_ops: Value| {
        parse(&with(with(value(EC), "use", key_use), "key_ops", key_ops))
    };
    assert!(with_both("sig", json!(["sign", "verify"])).is_ok());
    assert!(with_both("enc", json!(["deriveKey", "deriveBits"])).is_ok());
    assert!(with_both("enc", json!(["wrapKey", "unwrapKey", "encrypt", "decrypt"])).is_ok());
    assert!(with_both("sig", json!(["sign", "somethingNew"])).is_ok());
    assert!(with_both("somethingNew", json!(["sign"])).is_ok());
    for (key_use, key_ops) in [
        ("sig", json!(["sign", "deriveKey"])),
        ("sig", json!(["wrapKey"])),
        ("enc", json!(["verify"])),
        ("enc", json!(["encrypt", "sign"])),
        ("somethingNew", json!(["sign", "sign"])),
    ] {
        let error = with_both(key_use, key_ops).unwrap_err();
        assert_eq!(error.code(), "jwk.malformed");
    }
    refuses(
        &with(value(EC), "key_ops", json!(["x", "sign", "x"])),
        "key_ops",
    );
}

#[test]
fn certificates_are_standard_base64() {
    assert!(parse(&with(value(EC), "x5c", json!(["MAA="]))).is_ok());
    for bad in [
        json!([]),
        json!([""]),
        json!(["MAA"]),
        json!(["MA\nA="]),
        json!(["-_8="]),
    ] {
        refuses(&with(value(EC), "x5c", bad), "x5c");
    }
    refuses(&with(value(EC), "x5t", base64url::encode([1; 32])), "x5t");
    refuses(
        &with(value(EC), "x5t#S256", base64url::encode([1; 20])),
        "x5t#S256",
    );
}

#[test]
fn limits_hold() {
    let long = with(value(EC), "kid", "k".repeat(257));
    assert_eq!(parse(&long).unwrap_err().code(), "jwk.limit-exceeded");
    assert!(parse(&with(value(EC), "kid", "k".repeat(256))).is_ok());
    let chain = with(value(EC), "x5c", vec!["MAA="; 9]);
    assert_eq!(parse(&chain).unwrap_err().code(), "jwk.limit-exceeded");
    assert!(parse(&with(value(EC), "x5c", vec!["MAA="; 8])).is_ok());

    let deep = format!(
        r#"{{"kty":"oct","k":"AA","z":{}{}}}"#,
        "[".repeat(40),
        "]".repeat(40)
    );
    assert_eq!(Jwk::parse(deep).unwrap_err().code(), "jwk.limit-exceeded");
    let limits = Limits {
        jwk_set: 64,
        ..Limits::DEFAULT
    };
    assert_eq!(
        Jwk::parse_with(EC, &limits).unwrap_err().code(),
        "jwk.limit-exceeded"
    );
}

#[test]
fn json_is_strict() {
    for text in [
        &br#"{"kty":"oct","k":"AQ","k":"AQ"}"#[..],
        br#"{"kty":"oct","k":"AQ","\u006bty":"oct"}"#,
        br#"{"kty":"oct","k":"AQ","note":1,"note":1}"#,
        br#"{"kty":"oct","k":"AQ","note":{"a":1,"a":1}}"#,
        br#"{"kty":"oct","k":"AQ","key_ops":{"a":1,"a":1}}"#,
        br#"{"kty":"RSA","oth":[{"r":"AQ","x":1,"x":2}]}"#,
        br#"{"kty":"oct","k":"AQ","note":"\ud800"}"#,
        b"\xef\xbb\xbf{\"kty\":\"oct\",\"k\":\"AQ\"}",
        b"{\"kty\":\"oct\",\"k\":\"AQ\",\"kid\":\"\xff\"}",
        br#"{"kty":"oct","k":"AQ"} {}"#,
        br#"{"kty":"oct","k":"AQ",}"#,
        b"",
    ] {
        let error = Jwk::parse(text).unwrap_err();
        assert!(matches!(error, KeyError::Json(_)), "{error:?}");
        assert_eq!(error.code(), "jwk.malformed");
    }
    for text in ["[]", "null", "\"oct\"", "7"] {
        assert!(matches!(Jwk::parse(text), Err(KeyError::Malformed(_))));
    }
}

#[test]
fn what_is_printed_says_no_member_twice() {
    let mut key = PublicJwk::parse(without(value(EC), "d").to_string()).unwrap();
    let other = &mut key.members_mut().other;
    other.insert("d".into(), json!("AA"));
    other.insert("note".into(), json!({"a": [1, null]}));
    let text = key.to_json();
    assert!(!text.contains("\"d\""));
    assert!(text.ends_with(r#","note":{"a":[1,null]}}"#));
    assert_eq!(value(&text), key.to_value());
    assert_eq!(serde_json::to_value(&key).unwrap(), key.to_value());

    // `alg` is part of an AKP key, whatever its members say.
    let mut key = PublicJwk::parse(without(akp(), "priv").to_string()).unwrap();
    key.members_mut().alg = Some(AlgName::new("ES256"));
    assert_eq!(key.to_json().matches("\"alg\"").count(), 1);
    assert!(key.to_json().contains(r#""alg":"ML-DSA-44""#));
}

#[test]
fn the_public_half_has_nothing_private() {
    for key in kinds() {
        let key = with(key, "somebodys", "secret");
        let Jwk::Private(key) = parse(&key).unwrap() else {
            continue;
        };
        let public = key.public().to_value();
        for member in [
            "d",
            "p",
            "q",
            "dp",
            "dq",
            "qi",
            "oth",
            "priv",
            "k",
            "somebodys",
        ] {
            assert!(public.get(member).is_none(), "{member}");
        }
        let debug = format!("{key:?}");
        assert!(!debug.contains("secret\""), "{debug}");
        for octets in ["157, 97, 177, 157", "9, 9, 9"] {
            assert!(!debug.contains(octets), "{debug}");
        }
    }
    let key = with(
        value(EC),
        "key_ops",
        json!(["sign", "verify", "unwrapKey", "deriveBits"]),
    );
    let Jwk::Private(key) = parse(&key).unwrap() else {
        panic!("private")
    };
    assert_eq!(
        key.public().to_value()["key_ops"],
        json!(["verify", "wrapKey", "deriveBits"])
    );
}

#[test]
fn akp_names_stand_in_the_table() {
    for parameters in [
        MlDsaParameters::MlDsa44,
        MlDsaParameters::MlDsa65,
        MlDsaParameters::MlDsa87,
    ] {
        let name = akp::alg_name(parameters);
        assert!(name.as_str().starts_with("ML-DSA-"));
        assert_eq!(akp::parameters_of(name.as_str()), Some(parameters));
        let key = AkpPublicKey::new(parameters, vec![0; parameters.public_key_len()]).unwrap();
        assert_eq!(
            PublicJwk::new(PublicKey::Akp(key)).members().alg.as_ref(),
            Some(name)
        );
    }
    assert_eq!(
        akp::parameters_of(SignatureAlg::Es256.name().as_str()),
        None
    );
}

#[test]
fn the_room_for_a_secret_text_is_reserved_at_once() {
    for key in kinds() {
        let key = with(key, "note", "\u{1}\u{2}\"\\ é".repeat(9));
        let key = with(
            with(key, "kid", "\u{1}".repeat(40)),
            "key_ops",
            json!(["\u{1f}", "sign"]),
        );
        let key = parse(&key).unwrap();
        let fields = key.fields();
        assert!(key.to_json().len() <= fields.text_len());
    }
}
