use super::*;

#[test]
fn what_is_expected_of_the_issuer_is_required_exactly() {
    let expect = anything().issuers(["https://a.example", "https://b.example"]);
    for (payload, code) in [
        (r#"{"iss":"https://a.example"}"#, "ok"),
        (r#"{"iss":"https:\/\/b.example"}"#, "ok"),
        (r#"{}"#, "jwt.claim-missing"),
        (r#"{"iss":""}"#, "jwt.issuer-mismatch"),
        (r#"{"iss":"https://a.example/"}"#, "jwt.issuer-mismatch"),
        (r#"{"iss":"https://a.exampl"}"#, "jwt.issuer-mismatch"),
        (r#"{"iss":"https://A.example"}"#, "jwt.issuer-mismatch"),
        (r#"{"iss":"a"}"#, "jwt.issuer-mismatch"), // PyJWT CVE-2024-53861: a substring
        (r#"{"iss":["https://a.example"]}"#, "jwt.claim-invalid"),
        (r#"{"iss":null}"#, "jwt.claim-invalid"),
    ] {
        assert_eq!(verdict(&expect, payload), code, "{payload}");
    }
    let nobody: [&str; 0] = [];
    assert_eq!(
        verdict(&anything().issuers(nobody), r#"{"iss":"a"}"#),
        "jwt.issuer-mismatch"
    );
    assert_eq!(verdict(&expect.any_issuer(), "{}"), "ok");
}

#[test]
fn a_token_is_for_one_of_its_audiences() {
    let expect = anything().audiences(["api", "other"]);
    for (payload, code) in [
        (r#"{"aud":"api"}"#, "ok"),
        (r#"{"aud":["api"]}"#, "ok"),
        (r#"{"aud":["x","y","z","other"]}"#, "ok"),
        (r#"{"aud":["\u0061pi"]}"#, "ok"),
        (r#"{}"#, "jwt.claim-missing"),
        (r#"{"aud":[]}"#, "jwt.audience-mismatch"), // jwt-go CVE-2020-26160
        (r#"{"aud":""}"#, "jwt.audience-mismatch"),
        (r#"{"aud":[""]}"#, "jwt.audience-mismatch"),
        (r#"{"aud":"ap"}"#, "jwt.audience-mismatch"),
        (r#"{"aud":"api "}"#, "jwt.audience-mismatch"),
        (r#"{"aud":"api,other"}"#, "jwt.audience-mismatch"),
        (r#"{"aud":["x"]}"#, "jwt.audience-mismatch"),
        (r#"{"aud":null}"#, "jwt.claim-invalid"),
        (r#"{"aud":[null]}"#, "jwt.claim-invalid"),
        (r#"{"aud":["api",1]}"#, "jwt.claim-invalid"),
        (r#"{"aud":["api",["other"]]}"#, "jwt.claim-invalid"),
        (r#"{"aud":{"api":true}}"#, "jwt.claim-invalid"),
        (r#"{"aud":1}"#, "jwt.claim-invalid"),
    ] {
        assert_eq!(verdict(&expect, payload), code, "{payload}");
    }
    assert_eq!(verdict(&expect.any_audience(), r#"{"aud":"x"}"#), "ok");
    let nobody: [&str; 0] = [];
    assert_eq!(
        verdict(&anything().audiences(nobody), r#"{"aud":""}"#),
        "jwt.audience-mismatch"
    );
}

#[test]
fn what_is_expected_of_the_subject_is_required() {
    let expect = anything().subject("alice");
    for (payload, code) in [
        (r#"{"sub":"alice"}"#, "ok"),
        (r#"{"sub":"alice2"}"#, "jwt.subject-mismatch"),
        (r#"{"sub":"Alice"}"#, "jwt.subject-mismatch"),
        (r#"{}"#, "jwt.claim-missing"),
        (r#"{"sub":7}"#, "jwt.claim-invalid"),
    ] {
        assert_eq!(verdict(&expect, payload), code, "{payload}");
    }
}

/// jsonwebtoken CVE-2026-25537: a claim of the wrong type must not count as absent.
#[test]
fn registered_claims_of_the_wrong_type_refuse_the_token_although_nobody_asked() {
    for claim in ["iss", "sub", "jti"] {
        for value in ["null", "1", "true", "[]", "[\"a\"]", "{}"] {
            let payload = format!(r#"{{"{claim}":{value}}}"#);
            assert_eq!(
                verdict(&anything(), &payload),
                "jwt.claim-invalid",
                "{payload}"
            );
        }
    }
    for value in ["null", "1", "true", "[1]", "[null]", "{}"] {
        let payload = format!(r#"{{"aud":{value}}}"#);
        assert_eq!(
            verdict(&anything(), &payload),
            "jwt.claim-invalid",
            "{payload}"
        );
    }
    for claim in ["exp", "nbf", "iat"] {
        for value in ["null", "\"1\"", "true", "[1]", "{}"] {
            let payload = format!(r#"{{"{claim}":{value}}}"#);
            assert_eq!(
                verdict(&anything(), &payload),
                "jwt.claim-invalid",
                "{payload}"
            );
        }
    }
    // Only on the top level, and only by their exact names.
    assert_eq!(
        verdict(&anything(), r#"{"EXP":"x","a":{"exp":"x"},"expires":"x"}"#),
        "ok"
    );
}

#[test]
fn the_type_is_compared_as_rfc_8725_asks() {
    let expect = anything().typ("at+jwt");
    for (header, code) in [
        (r#"{"alg":"STAMP","typ":"at+jwt"}"#, "ok"),
        (r#"{"alg":"STAMP","typ":"AT+JWT"}"#, "ok"),
        (r#"{"alg":"STAMP","typ":"application/at+jwt"}"#, "ok"),
        (r#"{"alg":"STAMP","typ":"JWT"}"#, "jwt.type-mismatch"),
        (r#"{"alg":"STAMP","typ":"dpop+jwt"}"#, "jwt.type-mismatch"),
        (r#"{"alg":"STAMP","typ":""}"#, "jwt.type-mismatch"),
        (r#"{"alg":"STAMP"}"#, "jwt.type-mismatch"),
    ] {
        let result = expect.verify::<()>(&token_with(header, "{}"), &verifier());
        assert_eq!(
            result.map_or_else(|error| error.code(), |_| "ok"),
            code,
            "{header}"
        );
        let any = anything().verify::<()>(&token_with(header, "{}"), &verifier());
        assert!(any.is_ok(), "{header}");
    }
}

#[test]
fn what_is_required_must_be_there_whatever_it_is() {
    let expect = anything().require("scope").require("iss").require("scope");
    for (payload, code) in [
        (r#"{"scope":"","iss":"i"}"#, "ok"),
        (r#"{"iss":"i","scope":null}"#, "ok"),
        (r#"{"iss":"i","\u0073cope":1}"#, "ok"),
        (r#"{"iss":"i"}"#, "jwt.claim-missing"),
        (r#"{"scope":1}"#, "jwt.claim-missing"),
        (
            r#"{"iss":"i","Scope":1,"a":{"scope":1}}"#,
            "jwt.claim-missing",
        ),
    ] {
        assert_eq!(verdict(&expect, payload), code, "{payload}");
    }
}

#[test]
fn own_checks_see_the_registered_claims_and_run_last() {
    let expect = anything()
        .check("subject", |claims| match claims.subject() {
            Some("alice") => Ok(()),
            _ => Err("not alice"),
        })
        .check("audiences", |claims| {
            if claims.audience().len() < 2 {
                Ok(())
            } else {
                Err(format!("{:?}", claims.jwt_id()))
            }
        });
    assert_eq!(verdict(&expect, r#"{"sub":"alice","aud":"a"}"#), "ok");
    assert_eq!(verdict(&expect, r#"{"sub":"bob"}"#), "jwt.claim-invalid");
    assert_eq!(verdict(&expect, r#"{"sub":"bob","exp":1}"#), "jwt.expired");
    let error = expect
        .verify::<()>(
            &token(r#"{"sub":"alice","aud":["a","b"],"jti":"7"}"#),
            &verifier(),
        )
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        r#"the check "audiences" failed: Some("7")"#
    );

    let checked = anything()
        .verify::<Vec<()>>(&token("{}"), &verifier())
        .map(|valid| valid.check("never", |_| Ok::<_, &str>(())));
    assert!(matches!(
        checked,
        Err(VerifyError::Claim(ClaimError::Target(_)))
    ));
    let refused = anything()
        .verify::<()>(&token("{}"), &verifier())
        .and_then(|valid| valid.check("role", |()| Err("no administrator")));
    assert_eq!(
        refused.unwrap_err().to_string(),
        r#"the check "role" failed: no administrator"#
    );
}

/// golang-jwt CVE-2024-51744: "expired" must not hide "not signed".
#[test]
fn a_claim_is_not_judged_before_the_signature_held() {
    let forged = token(r#"{"exp":1,"iss":7}"#).replace("STAMP", "stamp");
    let mut forged = forged.into_bytes();
    let last = forged.len() - 2;
    forged[last] = if forged[last] == b'A' { b'B' } else { b'A' };
    let forged = String::from_utf8(forged).unwrap();
    for expect in [
        anything(),
        anything().typ("x"),
        Expectations::new("i", "a").require("x"),
    ] {
        let error = expect.verify::<()>(&forged, &verifier()).unwrap_err();
        assert!(matches!(error, VerifyError::Jws(_)), "{error}");
        assert_eq!(error.code(), "jws.signature-invalid");
    }
}

#[test]
fn the_first_reason_is_the_one_that_is_told() {
    let expect = Expectations::new("i", "a").at(time(NOW)).typ("at+jwt");
    let code = |header: &str, payload: &str| {
        let error = expect
            .verify::<u8>(&token_with(header, payload), &verifier())
            .unwrap_err();
        error.code()
    };
    let (plain, typed) = (r#"{"alg":"STAMP"}"#, r#"{"alg":"STAMP","typ":"at+jwt"}"#);
    assert_eq!(code(plain, "not json"), "jwt.type-mismatch");
    assert_eq!(code(typed, "not json"), "jwt.malformed");
    assert_eq!(
        code(typed, r#"{"iss":"x","exp":null}"#),
        "jwt.claim-invalid"
    );
    assert_eq!(code(typed, r#"{"exp":1}"#), "jwt.claim-missing");
    assert_eq!(
        code(typed, r#"{"exp":1,"iss":"x","aud":"x"}"#),
        "jwt.issuer-mismatch"
    );
    assert_eq!(
        code(typed, r#"{"exp":1,"iss":"i","aud":"x"}"#),
        "jwt.audience-mismatch"
    );
    assert_eq!(
        code(typed, r#"{"exp":1,"iss":"i","aud":"a"}"#),
        "jwt.expired"
    );
    assert_eq!(code(typed, r#"{"iss":"i","aud":"a"}"#), "jwt.claim-invalid"); // an object is no u8
}

#[test]
fn an_unencoded_payload_is_refused() {
    let header = r#"{"alg":"STAMP","b64":false,"crit":["b64"]}"#;
    let input = format!("{}.{}", base64url::encode(header), "{}");
    let digest = HashAlg::Sha256.digest(input.as_bytes());
    let token = format!("{input}.{}", base64url::encode(&digest));
    let error = anything().verify::<()>(&token, &verifier()).unwrap_err();
    assert!(
        matches!(error, VerifyError::Claim(ClaimError::Unencoded)),
        "{error}"
    );
    assert_eq!(error.code(), "jwt.malformed");
}

#[test]
fn what_was_checked_can_be_told() {
    let checked = |expect: &Expectations, header: &str, payload: &str| {
        let token = token_with(header, payload);
        let valid = expect.verify::<()>(&token, &verifier()).unwrap();
        valid.checked().collect::<Vec<_>>().join(" ")
    };
    let plain = r#"{"alg":"STAMP","typ":"JWT"}"#;
    assert_eq!(checked(&anything(), plain, "{}"), "signature alg");
    assert_eq!(
        checked(&anything(), plain, r#"{"iat":1,"iss":"i"}"#),
        "signature alg"
    );
    assert_eq!(
        checked(&anything(), plain, r#"{"exp":1e10}"#),
        "signature alg exp"
    );
    let expect = Expectations::new("i", "a")
        .at(time(NOW))
        .typ("jwt")
        .subject("s")
        .max_age(Duration::from_secs(1))
        .require("exp")
        .require("scope")
        .check("mine", |_| Ok::<_, &str>(()));
    let payload = format!(
        r#"{{"iss":"i","aud":"a","sub":"s","exp":{},"nbf":0,"iat":{NOW},"scope":""}}"#,
        NOW + 1
    );
    assert_eq!(
        checked(&expect, plain, &payload),
        "signature alg typ iss sub aud exp nbf iat scope mine"
    );
}

#[test]
fn the_steps_can_be_taken_one_by_one() {
    let token = token_with(r#"{"alg":"STAMP","kid":"said"}"#, r#"{"sub":"s"}"#);
    let unverified = Jwt::parse(&token).unwrap();
    assert_eq!(unverified.header().kid(), Some("said"));
    assert_eq!(
        unverified.dangerous_unverified_payload().unwrap(),
        br#"{"sub":"s"}"#
    );
    let verified = unverified.verify(&verifier()).unwrap();
    assert_eq!(
        (verified.header().kid(), verified.key().kid()),
        (Some("said"), Some("k1"))
    );
    let valid = verified.validate::<()>(&anything()).unwrap();
    assert_eq!(valid.subject(), Some("s"));
    assert_eq!(valid.payload(), br#"{"sub":"s"}"#);
    assert_eq!(valid.header().kid(), Some("said"));
    assert!(Jwt::parse("a.b").is_err());
}

#[test]
fn limits_and_critical_parameters_are_those_of_the_application() {
    let limits = crate::Limits {
        token: 100,
        json_depth: 2,
        ..crate::Limits::default()
    };
    let small = anything().limits(limits);
    let long = token(format!(r#"{{"a":"{}"}}"#, "x".repeat(100)));
    assert_eq!(
        small.verify::<()>(&long, &verifier()).unwrap_err().code(),
        "jws.limit-exceeded"
    );
    assert_eq!(verdict(&small, r#"{"a":[]}"#), "ok");
    assert_eq!(verdict(&small, r#"{"a":[[]]}"#), "jwt.limit-exceeded");
    let deep = format!(r#"{{"a":{}{}}}"#, "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(verdict(&anything(), deep), "jwt.limit-exceeded");

    let critical = token_with(r#"{"alg":"STAMP","crit":["x"],"x":1}"#, "{}");
    let error = anything().verify::<()>(&critical, &verifier()).unwrap_err();
    assert_eq!(error.code(), "jws.critical-unknown");
    assert!(
        anything()
            .understood("x")
            .verify::<()>(&critical, &verifier())
            .is_ok()
    );
}
