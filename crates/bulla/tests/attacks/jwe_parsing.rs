//! Forms that are none; sizes; types; `crit`.

use bulla::base64url::encode;
use bulla::jwe::{DecryptError, Jwe, Policy};
use serde_json::{Value, json};

use crate::jwe_forge::{CEK, KEY, dir, refused_dir, seal, soon};
use crate::jwe_support::{decrypt, decrypt_flattened, decrypt_general, decrypter};
use crate::support::keys::RSA;

pub(crate) fn flattened(json: &str) -> &'static str {
    soon(|| decrypt_flattened(json, &decrypter(KEY, "dir")))
        .unwrap_err()
        .code()
}

pub(crate) fn general(json: &str) -> &'static str {
    soon(|| decrypt_general(json, &decrypter(KEY, "dir")))
        .unwrap_err()
        .code()
}

/// CVE-2025-27144, CVE-2025-30204.
#[test]
fn millions_of_dots_cost_nothing() {
    for count in [0, 1, 3, 5, 6, 1_000, 1 << 20] {
        assert_eq!(refused_dir(&".".repeat(count)), "jwe.malformed", "{count}");
    }
    assert_eq!(
        refused_dir(&".".repeat((1 << 20) + 1)),
        "jwe.limit-exceeded"
    );
    assert_eq!(refused_dir(&".".repeat(50 << 20)), "jwe.limit-exceeded");
    let token = dir("", b"x").compact();
    for other in [
        format!("{token}."),
        format!(".{token}"),
        format!("{token}.{}", ".".repeat(900_000)),
    ] {
        assert_eq!(refused_dir(&other), "jwe.malformed");
    }
}

#[test]
fn sizes_are_bounded() {
    let long = |len: usize| format!(r#","n":"{}""#, "n".repeat(len));
    assert!(decrypt(&dir(&long(16_000), b"x").compact(), &decrypter(KEY, "dir")).is_ok());
    assert_eq!(
        refused_dir(&dir(&long(16 * 1024), b"x").compact()),
        "jwe.limit-exceeded"
    );
    assert_eq!(
        refused_dir(&dir(&long(700_000), b"x").compact()),
        "jwe.limit-exceeded"
    );
    assert_eq!(
        refused_dir(&dir("", &vec![0; 1 << 20]).compact()),
        "jwe.limit-exceeded"
    );
    assert_eq!(
        refused_dir(&dir(&format!(r#","kid":"{}""#, "k".repeat(257)), b"x").compact()),
        "jwe.limit-exceeded"
    );
    let certificates = vec!["AAAA"; 9];
    assert_eq!(
        refused_dir(&dir(&format!(r#","x5c":{}"#, json!(certificates)), b"x").compact()),
        "jwe.limit-exceeded"
    );
    for place in ["unprotected", "header"] {
        let mut members = dir("", b"x").flattened();
        members.insert(place.into(), json!({"n": "n".repeat(16 * 1024)}));
        assert_eq!(
            flattened(&Value::Object(members).to_string()),
            "jwe.limit-exceeded"
        );
    }
    let mut members = dir("", b"x").flattened();
    members.insert("ignored".into(), "n".repeat(1 << 20).into());
    assert_eq!(
        flattened(&Value::Object(members).to_string()),
        "jwe.limit-exceeded"
    );
}

#[test]
fn recipients_are_bounded() {
    let kw = decrypter(KEY, "A256KW");
    let recipient = json!({"header": {"alg": "A256KW"}, "encrypted_key": encode([1; 40])});
    let sealed = seal(r#"{"enc":"A256GCM"}"#, [], &CEK, b"x");
    let with = |count: usize| sealed.general(vec![recipient.clone(); count].into());
    assert_eq!(
        decrypt_general(&with(16), &kw).unwrap_err().code(),
        "jwe.decryption-failed"
    );
    assert_eq!(
        decrypt_general(&with(17), &kw).unwrap_err().code(),
        "jwe.limit-exceeded"
    );
    let many = sealed.general(vec![json!({}); 300_000].into());
    assert_eq!(general(&many), "jwe.limit-exceeded");
    assert_eq!(general(&sealed.general(json!([]))), "jwe.malformed");
    for recipients in [
        json!(null),
        json!({}),
        json!("x"),
        json!([null]),
        json!([1]),
        json!([[]]),
    ] {
        assert_eq!(general(&sealed.general(recipients)), "jwe.malformed");
    }
}

/// A hundred keys and sixteen recipients: as many tries as a token may have recipients, and no more.
#[test]
fn tries_are_bounded() {
    let rsa = decrypter(RSA, "RSA-OAEP");
    let keys = vec![rsa; 100];
    let recipient = json!({"header": {"alg": "RSA-OAEP"}, "encrypted_key": encode([1; 256])});
    let json = seal(r#"{"enc":"A256GCM"}"#, [], &CEK, b"x").general(vec![recipient; 16].into());
    let error = soon(|| Jwe::parse_general(json.as_bytes())?.decrypt(&keys)).unwrap_err();
    let told = format!("{error:?}");
    assert_eq!(told.matches("DecryptionFailed").count(), 16);
    assert!(told.contains("the number of keys tried"), "{told}");
}

/// CVE-2023-52428's neighbour CVE-2025-53864: nesting.
#[test]
fn nesting_is_bounded() {
    for depth in [33, 1_000, 300_000] {
        let deep = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        let header = format!(r#"{{"alg":"dir","enc":"A256GCM","n":{deep}}}"#);
        let token = format!("{}....", encode(header.as_bytes()));
        assert_eq!(refused_dir(&token), "jwe.limit-exceeded", "{depth}");
        for json in [
            format!(r#"{{"ciphertext":"","n":{deep}}}"#),
            format!(r#"{{"ciphertext":"","unprotected":{{"n":{deep}}}}}"#),
            format!(r#"{{"ciphertext":"","recipients":[{{"header":{{"n":{deep}}}}}]}}"#),
            deep.clone(),
            "[".repeat(depth),
            r#"{"n":"#.repeat(depth),
        ] {
            for code in [flattened(&json), general(&json)] {
                assert!(
                    matches!(code, "jwe.limit-exceeded" | "jwe.malformed"),
                    "{code}"
                );
            }
        }
    }
}

#[test]
fn a_member_that_stands_twice_is_refused() {
    for header in [
        r#"{"alg":"dir","enc":"A256GCM","alg":"dir"}"#,
        r#"{"alg":"dir","enc":"A256GCM","\u0061lg":"dir"}"#,
        r#"{"alg":"dir","enc":"A256GCM","enc":"A256GCM"}"#,
        r#"{"alg":"dir","enc":"A256GCM","n":{"m":1,"m":1}}"#,
        r#"{"alg":"dir","enc":"A256GCM","n":[{"m":1,"m":1}]}"#,
    ] {
        assert_eq!(
            refused_dir(&seal(header, [], &CEK, b"x").compact()),
            "jwe.malformed",
            "{header}"
        );
    }
    let right = Value::Object(dir("", b"x").flattened()).to_string();
    for member in [
        r#""tag":"AAAA""#,
        r#""protected":"e30""#,
        r#""ciphertext":"""#,
        r#""\u0069v":"AAAA""#,
    ] {
        assert_eq!(
            flattened(&right.replacen('{', &format!("{{{member},"), 1)),
            "jwe.malformed",
            "{member}"
        );
    }
    for extra in [
        r#""n":1,"n":2"#,
        r#""n":{"m":1,"m":2}"#,
        r#""unprotected":{"m":1,"m":2}"#,
        r#""header":{},"header":{}"#,
    ] {
        assert_eq!(
            flattened(&right.replacen('{', &format!("{{{extra},"), 1)),
            "jwe.malformed",
            "{extra}"
        );
    }
    let right = dir("", b"x").general(json!([{}]));
    for recipients in [
        r#"[{"header":{},"header":{}}]"#,
        r#"[{"header":{"m":1,"m":1}}]"#,
        r#"[{"n":1,"n":1}]"#,
    ] {
        assert_eq!(
            general(&right.replace("[{}]", recipients)),
            "jwe.malformed",
            "{recipients}"
        );
    }
}

#[test]
fn members_of_another_type_are_refused() {
    for name in [
        "protected",
        "unprotected",
        "header",
        "encrypted_key",
        "aad",
        "iv",
        "ciphertext",
        "tag",
    ] {
        for value in [json!(null), json!(1), json!([]), json!(true)] {
            let mut members = dir("", b"x").flattened();
            members.insert(name.into(), value);
            assert_eq!(
                flattened(&Value::Object(members).to_string()),
                "jwe.malformed",
                "{name}"
            );
        }
    }
    for name in ["protected", "ciphertext"] {
        let mut members = dir("", b"x").flattened();
        members.remove(name);
        assert_eq!(
            flattened(&Value::Object(members).to_string()),
            "jwe.malformed",
            "{name}"
        );
    }
    for (name, value) in [
        ("alg", "1"),
        ("enc", "null"),
        ("typ", "7"),
        ("cty", "[]"),
        ("kid", "null"),
        ("jku", "{}"),
        ("jwk", "\"\""),
        ("x5c", "\"\""),
        ("x5t", "1"),
        ("x5u", "false"),
        ("crit", "\"x\""),
        ("apu", "1"),
        ("apv", "null"),
        ("epk", "[]"),
        ("iv", "{}"),
        ("tag", "0"),
        ("p2s", "0"),
        ("p2c", "\"1\""),
    ] {
        let header = match name {
            "alg" => format!(r#"{{"alg":{value},"enc":"A256GCM"}}"#),
            "enc" => format!(r#"{{"alg":"dir","enc":{value}}}"#),
            _ => format!(r#"{{"alg":"dir","enc":"A256GCM","{name}":{value}}}"#),
        };
        let mut token = dir("", b"x");
        token.header = header;
        assert_eq!(refused_dir(&token.compact()), "jwe.malformed", "{name}");
    }
    for header in [
        "",
        "null",
        "[]",
        "1",
        "\"alg\"",
        "{",
        "\u{feff}{}",
        "{}x",
        "{}{}",
        r#"{"alg":"dir"}"#,
        r#"{"enc":"A256GCM"}"#,
    ] {
        let mut token = dir("", b"x");
        token.header = header.to_owned();
        assert_eq!(refused_dir(&token.compact()), "jwe.malformed", "{header}");
    }
}

#[test]
fn base64url_is_strict_in_every_part() {
    let token = dir("", b"content!").compact();
    let parts: Vec<&str> = token.split('.').collect();
    for at in [0, 1, 2, 3, 4] {
        for spoiled in ["=", "==", "+", "/", " ", "\n", "A", "\u{0}", "%41"] {
            for (before, after) in [("", spoiled), (spoiled, "")] {
                let mut parts = parts.clone();
                let part = format!("{before}{}{after}", parts[at]);
                parts[at] = &part;
                let code = refused_dir(&parts.join("."));
                assert!(
                    matches!(code, "jwe.malformed" | "jwe.decryption-failed"),
                    "{code}"
                );
            }
        }
    }
    let last = token.len() - 1;
    let loose = format!("{}{}", &token[..last], (token.as_bytes()[last] + 1) as char);
    assert_eq!(refused_dir(&loose), "jwe.malformed", "trailing bits");
}

#[test]
fn crit_is_examined() {
    for (crit, expected) in [
        (r#""crit":["exp"],"exp":1"#, "jwe.critical-unknown"),
        (r#""crit":["b64"],"b64":true"#, "jwe.critical-unknown"),
        (r#""crit":["b64"],"b64":false"#, "jwe.critical-unknown"),
        (r#""crit":[]"#, "jwe.malformed"),
        (r#""crit":null"#, "jwe.malformed"),
        (r#""crit":{}"#, "jwe.malformed"),
        (r#""crit":[1]"#, "jwe.malformed"),
        (r#""crit":["exp","exp"],"exp":1"#, "jwe.malformed"),
        (r#""crit":["exp"]"#, "jwe.malformed"),
        (r#""crit":["alg"]"#, "jwe.malformed"),
        (r#""crit":["enc"]"#, "jwe.malformed"),
        (r#""crit":["zip"],"zip":"DEF""#, "jwe.malformed"),
        (r#""crit":["p2c"],"p2c":1"#, "jwe.malformed"),
        (r#""crit":["epk"]"#, "jwe.malformed"),
        (r#""crit":["crit"]"#, "jwe.malformed"),
    ] {
        assert_eq!(
            refused_dir(&dir(&format!(",{crit}"), b"x").compact()),
            expected,
            "{crit}"
        );
    }
    let token = dir(r#","crit":["exp"],"exp":1"#, b"x").compact();
    let understood = Jwe::parse_compact_with(&token, Policy::new().understood("exp")).unwrap();
    assert_eq!(
        understood
            .decrypt(&decrypter(KEY, "dir"))
            .unwrap()
            .plaintext(),
        b"x"
    );
    // It must be protected, and so must what it names.
    let kw = |protected: &str, unprotected: Value, recipient: Value| {
        let mut members = dir(protected, b"x").members();
        members.insert("unprotected".into(), unprotected);
        members.insert("recipients".into(), json!([{"header": recipient}]));
        let json = Value::Object(members).to_string();
        let parsed: Result<_, DecryptError> =
            Jwe::parse_general_with(json.as_bytes(), Policy::new().understood("exp")).map(drop);
        parsed.unwrap_err().code()
    };
    for code in [
        kw("", json!({"crit": ["exp"], "exp": 1}), json!({})),
        kw("", json!({}), json!({"crit": ["exp"], "exp": 1})),
        kw(r#","exp":1"#, json!({"crit": ["exp"]}), json!({})),
        kw(r#","crit":["exp"]"#, json!({"exp": 1}), json!({})),
        kw(r#","crit":["exp"]"#, json!({}), json!({"exp": 1})),
        kw("", json!({"b64": true}), json!({})),
    ] {
        assert_eq!(code, "jwe.malformed");
    }
}

/// What the inputs of these tests need at their worst, on the systems that tell.
#[test]
fn memory_is_bounded() {
    let worst = format!(
        "{{\"ciphertext\":\"\",\"unprotected\":{{\"n\":[{}0]}},\"recipients\":[{}{{}}]}}",
        "0,".repeat(400_000),
        "{},".repeat(15)
    );
    assert_eq!(general(&worst), "jwe.limit-exceeded");
    let worst = format!(
        "{{\"ciphertext\":\"\",\"unprotected\":{{\"n\":[{}0]}}}}",
        "{\"\":0},".repeat(140_000)
    );
    assert_eq!(flattened(&worst), "jwe.limit-exceeded");
    let worst = format!(
        "{{\"ciphertext\":\"\",\"recipients\":[{}{{}}]}}",
        "{\"header\":{\"\":0}},".repeat(55_000)
    );
    assert_eq!(general(&worst), "jwe.limit-exceeded");
    // The whole test process has to do with less than one refusal may take.
    if let Ok(status) = std::fs::read_to_string("/proc/self/status") {
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes = peak.and_then(|text| text.trim().strip_suffix(" kB")?.trim().parse().ok());
        let kilobytes: u64 = kilobytes.expect("Linux says how much memory was used at most");
        assert!(kilobytes < 300_000, "{kilobytes} kB");
        println!("{kilobytes} kB");
    }
}

/// Null is not an empty object: neither a header of a JWS, nor a header of a JWE, nor a whole protected header.
#[test]
fn null_is_no_header() {
    let signed = crate::forge::flattened(r#"{"alg":"HS256"}"#, "null", "x");
    assert_eq!(crate::forge::refused_flattened(&signed), "jws.malformed");
    for place in ["unprotected", "header"] {
        let mut members = dir("", b"x").flattened();
        members.insert(place.into(), Value::Null);
        assert_eq!(
            flattened(&Value::Object(members).to_string()),
            "jwe.malformed"
        );
    }
    assert_eq!(
        general(&dir("", b"x").general(json!([{"header": null}]))),
        "jwe.malformed"
    );
    let mut members = dir("", b"x").members();
    members.insert("protected".into(), encode(b"null").into());
    members.insert(
        "unprotected".into(),
        json!({"alg": "dir", "enc": "A256GCM"}),
    );
    assert_eq!(
        flattened(&Value::Object(members).to_string()),
        "jwe.malformed"
    );
}
