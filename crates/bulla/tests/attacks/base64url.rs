//! Base64url that is not canonical, in every part of a token. The authentication code is right over the text as it is.

use bulla::base64url::{decode, encode};
use bulla::jws::Jws;

use crate::forge::{SECRET, hmac, key, refused, segments, token, verify};

const HEADER: &str = r#"{"alg":"HS256"}"#;

/// What an accepting decoder would take for the segment, and ours does not.
fn loose(segment: &str) -> Vec<String> {
    let mut variants = vec![
        format!("{segment}="),
        format!("{segment}=="),
        format!(" {segment}"),
        format!("{segment} "),
        format!("{segment}\n"),
        format!("{segment}\r\n"),
        format!("{segment}\t"),
        format!("{segment}\0"),
        format!("{segment}%3D"),
        format!("{segment}A=A="),
    ];
    let (head, tail) = segment.split_at(segment.len() / 2);
    variants.extend(
        ["\n", " ", "=", "+", "/", "\u{a0}", "\u{ff21}"].map(|odd| format!("{head}{odd}{tail}")),
    );
    variants
}

#[test]
fn in_the_header() {
    for segment in loose(&encode(HEADER.as_bytes())) {
        assert_eq!(
            refused(&segments(&segment, "eA")),
            "jws.malformed",
            "{segment:?}"
        );
    }
}

#[test]
fn in_the_payload() {
    for segment in loose(&encode(b"payload")) {
        assert_eq!(
            refused(&segments(&encode(HEADER.as_bytes()), &segment)),
            "jws.malformed",
            "{segment:?}"
        );
    }
}

#[test]
fn in_the_signature() {
    let token = token(HEADER, "payload");
    let (input, signature) = token.rsplit_once('.').unwrap();
    for signature in loose(signature) {
        assert_eq!(
            refused(&format!("{input}.{signature}")),
            "jws.malformed",
            "{signature:?}"
        );
    }
}

#[test]
fn the_other_alphabet() {
    // Octets whose base64url has both `-` and `_`.
    let payload = [0xfb, 0xef, 0xff, 0xff];
    let segment = encode(payload);
    assert!(segment.contains('-') && segment.contains('_'));
    let header = encode(HEADER.as_bytes());
    assert_eq!(
        verify(&segments(&header, &segment)).unwrap().payload(),
        payload
    );
    let other = segment.replace('-', "+").replace('_', "/");
    assert_eq!(refused(&segments(&header, &other)), "jws.malformed");
}

#[test]
fn trailing_bits_make_no_second_spelling_of_a_signature() {
    let token = token(HEADER, "x");
    let (input, signature) = token.rsplit_once('.').unwrap();
    let (head, last) = signature.split_at(signature.len() - 1);
    let same_octets: Vec<String> = ALPHABET
        .chars()
        .filter(|other| *other != last.chars().next().unwrap())
        .map(|other| format!("{input}.{head}{other}"))
        .collect();
    for other in same_octets {
        assert!(verify(&other).is_err(), "{other}");
    }
}

#[test]
fn trailing_bits_in_header_and_payload() {
    // "eA" is one octet; "eB" to "eP" differ from it in bits that stand for nothing.
    for segment in ["eB", "eC", "eP"] {
        assert_eq!(
            refused(&segments(&encode(HEADER.as_bytes()), segment)),
            "jws.malformed"
        );
    }
}

#[test]
fn a_length_that_no_octets_have() {
    for text in ["A", "AAAAA", "AAAAAAAAA"] {
        assert!(decode(text).is_err(), "{text}");
        assert_eq!(
            refused(&segments(&encode(HEADER.as_bytes()), text)),
            "jws.malformed"
        );
    }
}

#[test]
fn in_the_members_of_a_json_serialization() {
    let protected = encode(HEADER.as_bytes());
    for payload in ["eA==", "eB", "e A", "eA\\n"] {
        let signed = format!("{protected}.{}", payload.replace("\\n", "\n"));
        let signature = encode(hmac(&SECRET, signed.as_bytes()));
        let json = format!(
            r#"{{"payload":"{payload}","protected":"{protected}","signature":"{signature}"}}"#
        );
        let error = Jws::parse_flattened(json.as_bytes())
            .and_then(|jws| jws.verify(&key()))
            .unwrap_err();
        assert_eq!(error.code(), "jws.malformed", "{payload:?}");
    }
}

const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
