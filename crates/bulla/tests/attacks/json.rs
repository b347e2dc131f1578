//! JSON in which two parsers would see two things. The authentication code is right over the text as it is.

use bulla::base64url::encode;
use bulla::jwk::{Jwk, JwkSet};
use bulla::jws::Jws;

use crate::forge::{flattened, key, refused, refused_flattened, segments, token, verify};

#[test]
fn a_header_parameter_twice() {
    for header in [
        r#"{"alg":"HS256","alg":"none"}"#,
        r#"{"alg":"none","alg":"HS256"}"#,
        r#"{"alg":"HS256","alg":"HS256"}"#,
        r#"{"alg":"HS256","\u0061lg":"HS256"}"#,
        r#"{"alg":"HS256","x":{"y":1,"y":2}}"#,
        r#"{"alg":"HS256","x":[{"y":[{"z":1,"z":1}]}]}"#,
        r#"{"alg":"HS256","kid":"a","kid":"b"}"#,
    ] {
        assert_eq!(refused(&token(header, "x")), "jws.malformed", "{header}");
    }
}

#[test]
fn a_member_of_the_serialization_twice() {
    let json = flattened(r#"{"alg":"HS256"}"#, r#"{"kid":"k"}"#, "x");
    let twice = |member: &str| json.replacen('{', &format!("{{{member},"), 1);
    for member in [
        r#""payload":"eQ""#,
        r#""protected":"e30""#,
        r#""signature":"AA""#,
        r#""header":{}"#,
    ] {
        assert_eq!(
            refused_flattened(&twice(member)),
            "jws.malformed",
            "{member}"
        );
    }
    let unknown = json.replacen('{', r#"{"x":1,"x":2,"#, 1);
    assert_eq!(refused_flattened(&unknown), "jws.malformed");
    let header = flattened(r#"{"alg":"HS256"}"#, r#"{"kid":"k","kid":"l"}"#, "x");
    assert_eq!(refused_flattened(&header), "jws.malformed");
}

#[test]
fn a_parameter_in_both_headers() {
    for (protected, header) in [
        (r#"{"alg":"HS256"}"#, r#"{"alg":"HS256"}"#),
        (r#"{"alg":"HS256"}"#, r#"{"alg":"none"}"#),
        (r#"{"alg":"HS256","kid":"k"}"#, r#"{"kid":"k"}"#),
        (r#"{"alg":"HS256","x":1}"#, r#"{"x":2}"#),
    ] {
        assert_eq!(
            refused_flattened(&flattened(protected, header, "x")),
            "jws.malformed",
            "{protected} {header}"
        );
    }
}

#[test]
fn a_jwk_member_twice() {
    for jwk in [
        r#"{"kty":"oct","k":"AAAA","k":"BBBB"}"#,
        r#"{"kty":"oct","kty":"RSA","k":"AAAA"}"#,
        r#"{"kty":"oct","k":"AAAA","x":{"y":1,"y":1}}"#,
        r#"{"kty":"oct","k":"AAAA","\u006b":"BBBB"}"#,
    ] {
        assert_eq!(
            Jwk::parse(jwk.as_bytes()).unwrap_err().code(),
            "jwk.malformed",
            "{jwk}"
        );
    }
    let set = br#"{"keys":[],"keys":[{"kty":"oct","k":"AAAA"}]}"#;
    assert_eq!(JwkSet::parse(set).unwrap_err().code(), "jwk.malformed");
}

#[test]
fn names_that_differ_in_case_are_other_names() {
    assert_eq!(
        refused(&token(r#"{"ALG":"HS256"}"#, "x")),
        "jws.malformed",
        "there is no alg"
    );
    let jws = token(r#"{"alg":"HS256","ALG":"none","Crit":["x"]}"#, "x");
    assert_eq!(verify(&jws).unwrap().payload(), b"x");
    assert!(Jwk::parse(br#"{"KTY":"oct","k":"AAAA"}"#).is_err());
}

#[test]
fn names_that_mean_something_elsewhere_mean_nothing_here() {
    let token = token(
        r#"{"alg":"HS256","__proto__":{"alg":"none"},"constructor":1,"":2}"#,
        "x",
    );
    let jws = verify(&token).unwrap();
    assert_eq!(jws.verified()[0].header().alg().unwrap().as_str(), "HS256");
}

#[test]
fn a_header_that_is_no_object() {
    for header in [
        "",
        "null",
        "[]",
        "[\"alg\"]",
        "1",
        "true",
        "\"alg\"",
        " ",
        "{",
        "}",
        "{}{}",
        "{\"alg\":\"HS256\"}x",
    ] {
        assert_eq!(refused(&token(header, "x")), "jws.malformed", "{header:?}");
    }
}

#[test]
fn json_that_is_none() {
    for header in [
        r#"{"alg":"HS256",}"#,
        r#"{alg:"HS256"}"#,
        r#"{'alg':'HS256'}"#,
        r#"{"alg":"HS256"/**/}"#,
        r#"{"alg":"HS256","x":NaN}"#,
        r#"{"alg":"HS256","x":Infinity}"#,
        r#"{"alg":"HS256","x":01}"#,
        r#"{"alg":"HS256","x":.5}"#,
        r#"{"alg":"HS256","x":+1}"#,
        r#"{"alg":"HS256","x":"\x41"}"#,
        "{\"alg\":\"HS256\",\"x\":\"\u{1}\"}",
    ] {
        assert_eq!(refused(&token(header, "x")), "jws.malformed", "{header}");
    }
}

#[test]
fn a_byte_order_mark() {
    assert_eq!(
        refused(&token("\u{feff}{\"alg\":\"HS256\"}", "x")),
        "jws.malformed"
    );
    let json = format!("\u{feff}{}", flattened(r#"{"alg":"HS256"}"#, "", "x"));
    assert_eq!(refused_flattened(&json), "jws.malformed");
    assert!(Jwk::parse("\u{feff}{\"kty\":\"oct\",\"k\":\"AAAA\"}".as_bytes()).is_err());
}

#[test]
fn octets_that_are_not_utf_8() {
    for octet in [0xff, 0xc0, 0x80, 0xed] {
        let mut header = br#"{"alg":"HS256","x":"?"}"#.to_vec();
        *header.iter_mut().rev().nth(2).unwrap() = octet;
        assert_eq!(
            refused(&segments(&encode(&header), "eA")),
            "jws.malformed",
            "{octet:#x}"
        );
    }
    let mut json = flattened(r#"{"alg":"HS256"}"#, r#"{"x":"?"}"#, "x").into_bytes();
    let at = json.iter().position(|octet| *octet == b'?').unwrap();
    json[at] = 0xff;
    assert_eq!(
        Jws::parse_flattened(&json).unwrap_err().code(),
        "jws.malformed"
    );
}

#[test]
fn surrogates_that_stand_alone() {
    for header in [
        r#"{"alg":"HS256","x":"\ud800"}"#,
        r#"{"alg":"HS256","x":"\udc00\ud800"}"#,
        r#"{"alg":"HS256","\ud800":1}"#,
        r#"{"alg":"HS256","x":["\ud800x"]}"#,
    ] {
        assert_eq!(refused(&token(header, "x")), "jws.malformed", "{header}");
    }
    verify(&token(r#"{"alg":"HS256","x":"\ud83d\ude00"}"#, "x")).unwrap();
}

#[test]
fn a_registered_parameter_of_the_wrong_type() {
    for parameter in [
        r#""alg":1"#,
        r#""alg":null"#,
        r#""alg":["HS256"]"#,
        r#""alg":"HS256","kid":1"#,
        r#""alg":"HS256","kid":null"#,
        r#""alg":"HS256","kid":["k"]"#,
        r#""alg":"HS256","typ":1"#,
        r#""alg":"HS256","typ":null"#,
        r#""alg":"HS256","cty":{}"#,
        r#""alg":"HS256","cty":null"#,
        r#""alg":"HS256","jku":1"#,
        r#""alg":"HS256","jku":null"#,
        r#""alg":"HS256","x5u":false"#,
        r#""alg":"HS256","x5u":null"#,
        r#""alg":"HS256","jwk":"{}""#,
        r#""alg":"HS256","jwk":null"#,
        r#""alg":"HS256","jwk":[]"#,
        r#""alg":"HS256","x5c":"AAAA""#,
        r#""alg":"HS256","x5c":null"#,
        r#""alg":"HS256","x5c":[1]"#,
        r#""alg":"HS256","x5c":["*"]"#,
        r#""alg":"HS256","x5c":[]"#,
        r#""alg":"HS256","x5t":1"#,
        r#""alg":"HS256","x5t":"AAAA""#,
        r#""alg":"HS256","x5t":null"#,
        r#""alg":"HS256","x5t#S256":[]"#,
        r#""alg":"HS256","x5t#S256":"AAAA""#,
        r#""alg":"HS256","x5t#S256":null"#,
    ] {
        assert_eq!(
            refused(&token(&format!("{{{parameter}}}"), "x")),
            "jws.malformed",
            "{parameter}"
        );
    }
}

#[test]
fn a_registered_member_of_a_key_of_the_wrong_type() {
    for member in [
        r#""kid":1"#,
        r#""kid":null"#,
        r#""use":1"#,
        r#""use":null"#,
        r#""key_ops":"sign""#,
        r#""key_ops":null"#,
        r#""key_ops":[1]"#,
        r#""key_ops":["sign","sign"]"#,
        r#""alg":1"#,
        r#""alg":null"#,
        r#""x5u":1"#,
        r#""x5c":"AAAA""#,
        r#""x5c":[]"#,
        r#""x5c":null"#,
        r#""x5t":"AAAA""#,
        r#""x5t":null"#,
        r#""x5t#S256":7"#,
    ] {
        let jwk = format!(r#"{{"kty":"oct","k":"AAAA",{member}}}"#);
        assert_eq!(
            Jwk::parse(jwk.as_bytes()).unwrap_err().code(),
            "jwk.malformed",
            "{member}"
        );
    }
    for jwk in [
        r#"{"kty":"oct"}"#,
        r#"{"kty":"oct","k":1}"#,
        r#"{"kty":"oct","k":null}"#,
        r#"{"kty":null}"#,
        "{}",
    ] {
        assert_eq!(
            Jwk::parse(jwk.as_bytes()).unwrap_err().code(),
            "jwk.malformed",
            "{jwk}"
        );
    }
}

#[test]
fn a_serialization_of_the_wrong_types() {
    let good = flattened(r#"{"alg":"HS256"}"#, "", "x");
    Jws::parse_flattened(good.as_bytes())
        .unwrap()
        .verify(&key())
        .unwrap();
    for json in [
        "null",
        "[]",
        "1",
        "\"x\"",
        "{}",
        "",
        r#"{"payload":null,"protected":"e30","signature":""}"#,
        r#"{"payload":1,"protected":"e30","signature":""}"#,
        r#"{"payload":"","protected":null,"signature":""}"#,
        r#"{"payload":"","protected":{"alg":"HS256"},"signature":""}"#,
        r#"{"payload":"","header":{"alg":"HS256"},"protected":"","signature":""}"#,
        r#"{"payload":"","header":null,"protected":"e30","signature":""}"#,
        r#"{"payload":"","header":[],"protected":"e30","signature":""}"#,
        r#"{"payload":"","protected":"e30","signature":null}"#,
        r#"{"payload":"","protected":"e30"}"#,
        r#"{"payload":"","signature":""}"#,
    ] {
        assert_eq!(refused_flattened(json), "jws.malformed", "{json}");
    }
    for json in [
        r#"{"payload":"","signatures":null}"#,
        r#"{"payload":"","signatures":{}}"#,
        r#"{"payload":"","signatures":[]}"#,
        r#"{"payload":"","signatures":[null]}"#,
        r#"{"payload":"","signatures":[[]]}"#,
        r#"{"payload":"","signatures":[{}]}"#,
    ] {
        let error = Jws::parse_general(json.as_bytes())
            .and_then(|jws| jws.verify(&key()))
            .unwrap_err();
        assert_eq!(error.code(), "jws.malformed", "{json}");
    }
}
