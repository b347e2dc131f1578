//! Input that is meant to cost more than it should.

use std::time::{Duration, Instant};

use bulla::Limits;
use bulla::base64url::encode;
use bulla::jwk::{Jwk, JwkSet};
use bulla::jws::{Jws, Policy};

use crate::forge::{flattened, key, refused, refused_flattened, token, verify, verify_under};

/// Far above what refusing takes, far below what the attack would cost.
const BOUND: Duration = Duration::from_secs(2);

fn quickly<T>(work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let result = work();
    assert!(start.elapsed() < BOUND, "took {:?}", start.elapsed());
    result
}

#[test]
fn a_million_dots() {
    let dots = ".".repeat(1_000_000);
    assert_eq!(quickly(|| refused(&dots)), "jws.malformed");
    let behind = format!("{}{dots}", token(r#"{"alg":"HS256"}"#, "x"));
    assert_eq!(quickly(|| refused(&behind)), "jws.malformed");
}

#[test]
fn a_hundred_million_dots() {
    let dots = ".".repeat(100_000_000);
    assert_eq!(quickly(|| refused(&dots)), "jws.limit-exceeded");
    assert_eq!(quickly(|| refused_flattened(&dots)), "jws.limit-exceeded");
}

#[test]
fn a_segment_of_a_hundred_megabytes() {
    let long = "A".repeat(100_000_000);
    for token in [
        format!("{long}.e30.AA"),
        format!("e30.{long}.AA"),
        format!("e30.e30.{long}"),
    ] {
        assert_eq!(quickly(|| refused(&token)), "jws.limit-exceeded");
    }
}

#[test]
fn the_limit_of_a_token_is_of_its_text_and_exact() {
    let signed = token(r#"{"alg":"HS256"}"#, vec![b'x'; 700_000]);
    let at = |limit| {
        verify_under(
            &signed,
            Policy::new().limits(Limits {
                token: limit,
                ..Limits::default()
            }),
        )
    };
    assert!(at(signed.len()).is_ok());
    assert_eq!(
        at(signed.len() - 1).unwrap_err().code(),
        "jws.limit-exceeded"
    );
}

#[test]
fn a_header_over_sixteen_kibibytes() {
    let header = |len: usize| format!(r#"{{"alg":"HS256","x":"{}"}}"#, "y".repeat(len - 22));
    assert_eq!(header(100).len(), 100);
    verify(&token(&header(16 * 1024), "x")).unwrap();
    assert_eq!(
        refused(&token(&header(16 * 1024 + 1), "x")),
        "jws.limit-exceeded"
    );
}

#[test]
fn an_unprotected_header_over_sixteen_kibibytes() {
    let header = |len: usize| format!(r#"{{"x":"{}"}}"#, "y".repeat(len - 8));
    assert_eq!(header(100).len(), 100);
    let with = |len| flattened(r#"{"alg":"HS256"}"#, &header(len), "x");
    crate::forge::verify_flattened(&with(16 * 1024)).unwrap();
    assert_eq!(
        refused_flattened(&with(16 * 1024 + 1)),
        "jws.limit-exceeded"
    );
}

#[test]
fn nesting_in_a_header() {
    let nested = |depth: usize| {
        format!(
            r#"{{"alg":"HS256","x":{}1{}}}"#,
            "[".repeat(depth),
            "]".repeat(depth)
        )
    };
    verify(&token(&nested(31), "x")).unwrap();
    assert_eq!(refused(&token(&nested(32), "x")), "jws.limit-exceeded");
    assert_eq!(
        quickly(|| refused(&token(&nested(7_000), "x"))),
        "jws.limit-exceeded"
    );
    let objects = format!(
        r#"{{"alg":"HS256","x":{}1{}}}"#,
        r#"{"a":"#.repeat(2_000),
        "}".repeat(2_000)
    );
    assert_eq!(refused(&token(&objects, "x")), "jws.limit-exceeded");
}

#[test]
fn nesting_in_a_serialization() {
    let json = flattened(r#"{"alg":"HS256"}"#, "", "x");
    let deep = format!(r#"{{"x":{}1{},"#, "[".repeat(400_000), "]".repeat(400_000));
    assert_eq!(
        quickly(|| refused_flattened(&json.replacen('{', &deep, 1))),
        "jws.limit-exceeded"
    );
    let open = "[".repeat(1_000_000);
    assert_eq!(
        quickly(|| refused_flattened(&open)),
        "jws.malformed",
        "it is no object to begin with"
    );
    let open = r#"{"a":"#.repeat(200_000);
    assert_eq!(quickly(|| refused_flattened(&open)), "jws.limit-exceeded");
}

#[test]
fn nesting_in_a_key_and_a_set() {
    let deep = format!("{}1{}", "[".repeat(500_000), "]".repeat(500_000));
    let jwk = format!(r#"{{"kty":"oct","k":"AAAA","x":{deep}}}"#);
    assert_eq!(
        quickly(|| Jwk::parse(jwk.as_bytes()).unwrap_err().code()),
        "jwk.limit-exceeded"
    );
    let set = format!(r#"{{"keys":[],"x":{deep}}}"#);
    assert_eq!(
        quickly(|| JwkSet::parse(set.as_bytes()).unwrap_err().code()),
        "jwk.limit-exceeded"
    );
}

#[test]
fn a_hundred_thousand_keys() {
    let one = r#"{"kty":"x"}"#;
    let set = |count: usize| format!(r#"{{"keys":[{}]}}"#, vec![one; count].join(","));
    let parsed = JwkSet::parse(set(1_000).as_bytes()).unwrap();
    assert_eq!(parsed.rejected().len(), 1_000);
    assert_eq!(
        JwkSet::parse(set(1_001).as_bytes()).unwrap_err().code(),
        "jwk.limit-exceeded"
    );
    let many = set(100_000);
    assert_eq!(
        quickly(|| JwkSet::parse(many.as_bytes()).unwrap_err().code()),
        "jwk.limit-exceeded"
    );
}

#[test]
fn a_set_of_many_megabytes() {
    let set = format!(r#"{{"keys":[],"x":"{}"}}"#, "y".repeat(20_000_000));
    assert_eq!(
        quickly(|| JwkSet::parse(set.as_bytes()).unwrap_err().code()),
        "jwk.limit-exceeded"
    );
}

#[test]
fn seventeen_signatures() {
    let protected = encode(br#"{"alg":"HS256"}"#);
    let entry = format!(r#"{{"protected":"{protected}","signature":"AA"}}"#);
    let general = |count: usize| {
        format!(
            r#"{{"payload":"eA","signatures":[{}]}}"#,
            vec![entry.as_str(); count].join(",")
        )
    };
    let sixteen = general(16);
    let error = Jws::parse_general(sixteen.as_bytes())
        .unwrap()
        .verify(&key())
        .unwrap_err();
    assert_eq!(error.code(), "jws.signature-invalid");
    assert_eq!(
        Jws::parse_general(general(17).as_bytes())
            .unwrap_err()
            .code(),
        "jws.limit-exceeded"
    );
}

#[test]
fn a_kid_over_256_octets() {
    let header = |len: usize| format!(r#"{{"alg":"HS256","kid":"{}"}}"#, "k".repeat(len));
    verify(&token(&header(256), "x")).unwrap();
    assert_eq!(refused(&token(&header(257), "x")), "jws.limit-exceeded");
}

#[test]
fn an_x5c_of_nine_certificates() {
    let header = |count: usize| {
        format!(
            r#"{{"alg":"HS256","x5c":[{}]}}"#,
            vec!["\"MAA=\""; count].join(",")
        )
    };
    verify(&token(&header(8), "x")).unwrap();
    assert_eq!(refused(&token(&header(9), "x")), "jws.limit-exceeded");
}

#[test]
fn every_beginning_of_a_good_token_is_refused_and_nothing_panics() {
    let token = token(
        r#"{"alg":"HS256","kid":"k","crit":["b64"],"b64":true}"#,
        "payload",
    );
    for end in 0..token.len() {
        assert!(verify(&token[..end]).is_err(), "{end}");
    }
    let json = flattened(r#"{"alg":"HS256"}"#, r#"{"kid":"k"}"#, "x");
    for end in 0..json.len() {
        assert!(
            Jws::parse_flattened(&json.as_bytes()[..end]).is_err(),
            "{end}"
        );
    }
}

#[test]
fn every_changed_octet_of_a_good_token_is_refused_and_nothing_panics() {
    let token = token(r#"{"alg":"HS256","kid":"k"}"#, "payload");
    for at in 0..token.len() {
        for octet in [0, b'.', b'A', b'=', b'{', 0x7f] {
            let mut changed = token.clone().into_bytes();
            if changed[at] == octet {
                continue;
            }
            changed[at] = octet;
            assert!(
                verify(std::str::from_utf8(&changed).unwrap()).is_err(),
                "{at} {octet}"
            );
        }
    }
}
