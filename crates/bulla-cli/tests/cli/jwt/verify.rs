use serde_json::json;

use crate::desk::{Desk, Ran, base64url};

const ANY: &str = "--any-issuer --any-audience";

/// A token by flags of `jwt issue`.
fn issue(desk: &Desk, flags: &str) -> String {
    desk.run(&format!("jwt issue --key key.jwk {flags}")).line()
}

/// A token of this payload, octet for octet.
fn sign(desk: &Desk, payload: &str) -> String {
    desk.run_with("jws sign --key key.jwk --typ JWT", payload)
        .line()
}

fn verify(desk: &Desk, flags: &str, token: &str) -> Ran {
    desk.run_with(&format!("jwt verify --key public.jwk {flags}"), token)
}

#[test]
fn claims_are_printed_byte_for_byte_as_they_were_signed() {
    let desk = Desk::with_keys();
    for payload in [
        "{}",
        "{ \"z\" : 1.50,\n\"a\":\"\\u00e9é\" }",
        "{\"n\":123456789012345678901234567890}",
    ] {
        let token = sign(&desk, payload);
        assert_eq!(verify(&desk, ANY, &token).text(), payload);
        let json = verify(&desk, &format!("{ANY} --json"), &token).text();
        assert!(json.contains(&format!("\"claims\":{payload}")), "{json}");
    }
}

#[test]
fn json_lists_the_checks() {
    let desk = Desk::with_keys();
    let token = issue(
        &desk,
        "--iss i --aud x --aud api --sub ada --exp +5m --nbf 0 --jti 1",
    );
    let json = verify(
        &desk,
        "--issuer i --audience api --audience other --json",
        &token,
    )
    .json();
    assert_eq!(json["verified"], true);
    assert_eq!(json["header"]["alg"], "ES256");
    assert_eq!(json["key"]["kid"], "a");
    assert_eq!(
        json["key"]["thumbprint"],
        desk.run("jwk thumbprint key.jwk").line()
    );
    let checked: Vec<&str> = json["checked"]
        .as_array()
        .unwrap()
        .iter()
        .map(|name| name.as_str().unwrap())
        .collect();
    assert_eq!(checked[..2], ["signature", "alg"]);
    for claim in ["iss", "aud", "exp", "nbf"] {
        assert!(checked.contains(&claim), "{checked:?}");
    }
    assert!(
        !checked.contains(&"sub") && !checked.contains(&"jti"),
        "{checked:?}"
    );
    assert_eq!(json["claims"]["sub"], "ada");
}

#[test]
fn issuer_and_audience_must_be_said() {
    let desk = Desk::with_keys();
    let token = issue(&desk, "");
    for flags in [
        "",
        "--issuer i",
        "--audience a",
        "--any-issuer",
        "--any-audience",
        "--issuer i --any-issuer --any-audience",
        "--any-issuer --audience a --any-audience",
    ] {
        verify(&desk, flags, &token).fails(2, "cli.usage");
    }
    let told = verify(&desk, "", &token).fails(2, "cli.usage");
    assert!(
        told.contains("--any-issuer") && told.contains("--any-audience"),
        "{told}"
    );
}

#[test]
fn what_is_asked_for_is_required() {
    let desk = Desk::with_keys();
    let bare = issue(&desk, "--iat none");
    let full = issue(&desk, "--iss i --aud a --sub s --typ at+jwt");
    for (flags, missing, mismatch) in [
        (
            "--issuer x --any-audience",
            "jwt.claim-missing",
            "jwt.issuer-mismatch",
        ),
        (
            "--any-issuer --audience x",
            "jwt.claim-missing",
            "jwt.audience-mismatch",
        ),
        (
            "--any-issuer --any-audience --subject x",
            "jwt.claim-missing",
            "jwt.subject-mismatch",
        ),
        (
            "--any-issuer --any-audience --typ x",
            "jwt.type-mismatch",
            "jwt.type-mismatch",
        ),
    ] {
        verify(&desk, flags, &bare).fails(1, missing);
        verify(&desk, flags, &full).fails(1, mismatch);
    }
    verify(
        &desk,
        "--issuer i --audience a --subject s --typ at+jwt",
        &full,
    )
    .ok();
    for claim in ["exp", "jti", "role"] {
        let flags = format!("{ANY} --require iat --require {claim}");
        verify(&desk, &flags, &full).fails(1, "jwt.claim-missing");
    }
    verify(&desk, &format!("{ANY} --require iat --require sub"), &full).ok();
    // Compared octet by octet, not as a prefix, and never the same by a slash.
    let token = issue(&desk, "--iss https://i.example --aud api");
    for issuer in ["https://i.example/", "https://i", "https://I.example"] {
        verify(&desk, &format!("--issuer {issuer} --any-audience"), &token)
            .fails(1, "jwt.issuer-mismatch");
    }
}

#[test]
fn typ_ignores_case_and_the_application_prefix() {
    let desk = Desk::with_keys();
    for typ in [
        "at+jwt",
        "AT+JWT",
        "application/at+jwt",
        "Application/At+Jwt",
    ] {
        let token = issue(&desk, &format!("--typ {typ}"));
        for expected in ["at+jwt", "At+jwt", "application/at+JWT"] {
            verify(&desk, &format!("{ANY} --typ {expected}"), &token).ok();
        }
        verify(&desk, &format!("{ANY} --typ jwt"), &token).fails(1, "jwt.type-mismatch");
    }
}

#[test]
fn times_to_the_second() {
    let desk = Desk::with_keys();
    let token = sign(&desk, "{\"iat\":1000,\"nbf\":2000,\"exp\":3000}");
    let at = |time: &str, flags: &str| verify(&desk, &format!("{ANY} --at {time} {flags}"), &token);
    at("1999", "").fails(1, "jwt.not-yet-valid");
    at("2000", "").ok();
    at("2999", "").ok();
    at("3000", "").fails(1, "jwt.expired");
    at("1970-01-01T00:49:59Z", "").ok();
    at("1970-01-01T00:50:00Z", "").fails(1, "jwt.expired");
    at("1970-01-01T01:49:59+01:00", "").ok();
    at("3000", "--leeway 1s").ok();
    at("3001", "--leeway 1s").fails(1, "jwt.expired");
    at("1999", "--leeway 1s").ok();
    at("1998", "--leeway 1s").fails(1, "jwt.not-yet-valid");
    at("2500", "--max-age 1500s").ok();
    at("2501", "--max-age 1500s").fails(1, "jwt.too-old");
    at("2501", "--max-age 25m --leeway 1s").ok();
    // By the clock of this machine it is long over.
    let told = verify(&desk, ANY, &token).fails(1, "jwt.expired");
    assert!(
        told.contains(" d ") && told.contains("1970-01-01T00:50:00Z"),
        "{told}"
    );
    let bare = sign(&desk, "{}");
    verify(&desk, &format!("{ANY} --max-age 1h"), &bare).fails(1, "jwt.claim-missing");
}

#[test]
fn durations_and_times_that_are_none_are_usage_errors() {
    let desk = Desk::with_keys();
    let token = issue(&desk, "");
    for duration in [
        "5",
        "-5s",
        "five",
        "",
        "1.5s",
        "99999999999999999999s",
        "9999999999w",
        "+5s",
        "5 s",
    ] {
        for flag in ["--leeway", "--max-age"] {
            let arguments = [
                "jwt",
                "verify",
                "--key",
                "public.jwk",
                "--any-issuer",
                "--any-audience",
                flag,
                duration,
                &token,
            ];
            desk.run_args(&arguments, "").fails(2, "cli.usage");
        }
    }
    for time in [
        "+5m",
        "now",
        "-1",
        "1e3",
        "2026-01-01",
        "99999999999999999999",
        "",
    ] {
        let arguments = [
            "jwt",
            "verify",
            "--key",
            "public.jwk",
            "--any-issuer",
            "--any-audience",
            "--at",
            time,
            &token,
        ];
        desk.run_args(&arguments, "").fails(2, "cli.usage");
    }
}

#[test]
fn signatures_come_before_claims() {
    let desk = Desk::with_keys();
    let token = sign(&desk, "{\"exp\":1}");
    let parts: Vec<&str> = token.split('.').collect();
    let tampered = format!("{}.{}.{}", parts[0], base64url("{\"exp\":2}"), parts[2]);
    verify(&desk, ANY, &tampered).fails(1, "jws.signature-invalid");
    verify(&desk, ANY, &token).fails(1, "jwt.expired");
    let none = format!("{}.{}.", base64url("{\"alg\":\"none\"}"), base64url("{}"));
    verify(&desk, ANY, &none).fails(1, "jws.algorithm-not-allowed");
    verify(&desk, &format!("{ANY} --alg none"), &none).fails(2, "cli.usage");
}

#[test]
fn payloads_that_are_no_claims_sets() {
    let desk = Desk::with_keys();
    for payload in [
        "",
        "[]",
        "null",
        "\"x\"",
        "{}x",
        "{\"a\":1,\"a\":1}",
        "{\"a\":{\"b\":1,\"b\":1}}",
        "\u{feff}{}",
    ] {
        verify(&desk, ANY, &sign(&desk, payload)).fails(1, "jwt.malformed");
    }
    for payload in [
        "{\"exp\":\"9999999999\"}",
        "{\"exp\":null}",
        "{\"exp\":true}",
        "{\"exp\":1e400}",
        "{\"nbf\":[]}",
        "{\"iat\":{}}",
        "{\"iss\":1}",
        "{\"sub\":null}",
        "{\"aud\":[1]}",
        "{\"aud\":{}}",
        "{\"jti\":1}",
    ] {
        let ran = verify(&desk, ANY, &sign(&desk, payload));
        assert_eq!(
            (ran.exit, ran.stdout.as_slice()),
            (1, &b""[..]),
            "{payload}: {}",
            ran.stderr
        );
        assert!(
            ran.stderr.starts_with("error[jwt."),
            "{payload}: {}",
            ran.stderr
        );
    }
    let deep = format!("{{\"a\":{}{}}}", "[".repeat(40), "]".repeat(40));
    verify(&desk, ANY, &sign(&desk, &deep)).fails(1, "jwt.limit-exceeded");
}

#[test]
fn a_jwt_is_compact() {
    let desk = Desk::with_keys();
    let json = desk
        .run_with("jws sign --key key.jwk --format flattened", "{}")
        .line();
    verify(&desk, ANY, &json).fails(1, "jws.malformed");
    desk.run_with("jwt inspect", &json)
        .fails(1, "jws.malformed");
    verify(&desk, ANY, "a.b.c.d.e").fails(1, "jws.malformed");
}

#[test]
fn a_set_gives_the_key_by_kid() {
    let desk = Desk::with_keys();
    desk.run("jwk generate --alg ES256 --kid b --out b.jwk")
        .ok();
    desk.write(
        "keys.jwks",
        crate::desk::set_of(&[desk.read("public.jwk"), desk.read("b.jwk")]),
    );
    let token = issue(&desk, "");
    let jwks = format!("jwt verify --jwks keys.jwks {ANY}");
    desk.run_with(&jwks, &token).ok();
    let json = desk.run_with(&format!("{jwks} --json"), &token).json();
    assert_eq!(json["key"]["kid"], json!("a"));
    desk.write("b.jwks", crate::desk::set_of(&[desk.read("b.jwk")]));
    desk.run_with(&format!("jwt verify --jwks b.jwks {ANY}"), &token)
        .fails(3, "jwk.not-found");
    desk.run_with(&format!("jwt verify --key b.jwk {ANY}"), &token)
        .fails(1, "jws.signature-invalid");
}
