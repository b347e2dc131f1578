use super::Toy;
use crate::jws::{Builder, Jws, Policy};

fn code(header: &str, policy: Policy) -> &'static str {
    let toy = Toy::new("TOY", "one");
    let token = toy.token(header, "aGk");
    Jws::parse_compact_with(&token, policy)
        .and_then(|jws| jws.verify(&toy.verifier()))
        .map_or_else(|error| error.code(), |_| "ok")
}

#[test]
fn a_critical_name_must_be_understood() {
    let header = r#"{"alg":"TOY","crit":["x"],"x":null}"#;
    assert_eq!(code(header, Policy::new()), "jws.critical-unknown");
    assert_eq!(
        code(header, Policy::new().understood("y")),
        "jws.critical-unknown"
    );
    assert_eq!(code(header, Policy::new().understood("x")), "ok");
}

#[test]
fn the_list_itself_must_be_right() {
    for crit in [
        r#"[]"#,
        r#""x""#,
        r#"null"#,
        r#"{}"#,
        r#"[1]"#,
        r#"["x","x"]"#,
        r#"["y"]"#,
        r#"["x","y"]"#,
        r#"["alg"]"#,
        r#"["crit"]"#,
        r#"["typ"]"#,
        r#"["b64"]"#,
    ] {
        let header = format!(r#"{{"alg":"TOY","crit":{crit},"x":1}}"#);
        let policy = Policy::new()
            .understood("x")
            .understood("y")
            .understood("typ")
            .understood("alg");
        assert_eq!(code(&header, policy), "jws.malformed", "{crit}");
    }
}

#[test]
fn b64_is_understood_and_must_be_critical_where_it_is_false() {
    assert_eq!(
        code(r#"{"alg":"TOY","crit":["b64"],"b64":true}"#, Policy::new()),
        "ok"
    );
    assert_eq!(code(r#"{"alg":"TOY","b64":true}"#, Policy::new()), "ok");
    assert_eq!(
        code(r#"{"alg":"TOY","b64":false}"#, Policy::new()),
        "jws.malformed"
    );
    assert_eq!(
        code(r#"{"alg":"TOY","crit":["b64"],"b64":0}"#, Policy::new()),
        "jws.malformed"
    );
    let toy = Toy::new("TOY", "one");
    let token = toy.token(r#"{"alg":"TOY","crit":["b64"],"b64":false}"#, "$ 02");
    let jws = Jws::parse_compact(&token)
        .unwrap()
        .verify(&toy.verifier())
        .unwrap();
    assert_eq!(jws.payload(), b"$ 02");
}

#[test]
fn an_unencoded_payload_stands_only_where_it_can() {
    let toy = Toy::new("TOY", "one");
    let build = |payload: &'static [u8]| Builder::new(payload).unencoded();
    for payload in [&b"$.02"[..], b"line\n", "\u{e9}".as_bytes(), &[0xff]] {
        let error = build(payload).sign_compact(&toy.signer()).unwrap_err();
        assert_eq!(error.code(), "jws.payload-unencodable");
        let token = build(payload)
            .detached()
            .sign_compact(&toy.signer())
            .unwrap();
        let jws = Jws::parse_compact(&token).unwrap();
        assert_eq!(
            jws.verify_detached(payload, &toy.verifier())
                .unwrap()
                .payload(),
            payload
        );
    }
    assert!(build(&[0xff]).sign_flattened(&toy.signer()).is_err());
    let json = build(b"$.02\n").sign_flattened(&toy.signer()).unwrap();
    let jws = Jws::parse_flattened(json.as_bytes())
        .unwrap()
        .verify(&toy.verifier())
        .unwrap();
    assert_eq!(jws.payload(), b"$.02\n");
}
