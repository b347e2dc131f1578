use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::*;

fn bare() -> Issue<'static> {
    Issue::new().no_issued_at()
}

fn text(issue: &Issue<'_, impl Serialize + ?Sized>) -> String {
    String::from_utf8(issue.to_json().unwrap()).unwrap()
}

#[test]
fn registered_claims_come_first_and_in_order() {
    #[derive(Serialize)]
    struct Mine {
        scope: &'static str,
    }
    let issue = issue("i\"")
        .jwt_id("j")
        .clock(Arc::new(time(NOW) + Duration::from_millis(900)))
        .not_before(time(-5))
        .expires_in(Duration::from_millis(1_200))
        .audience("a")
        .subject("s")
        .claims(&Mine { scope: "read" });
    assert_eq!(
        text(&issue),
        format!(
            r#"{{"iss":"i\"","sub":"s","aud":"a","exp":{},"nbf":-5,"iat":{NOW},"jti":"j","scope":"read"}}"#,
            NOW + 2
        )
    );
    let several = issue.audience("b");
    assert!(text(&several).contains(r#""aud":["a","b"]"#));
}

#[test]
fn claims_are_spliced_whatever_they_are_made_of() {
    #[derive(Serialize)]
    struct Flat {
        a: u8,
        #[serde(flatten)]
        rest: Value,
    }
    #[derive(Serialize)]
    struct Empty {}
    #[derive(Serialize)]
    struct Unit;
    let flat = Flat {
        a: 1,
        rest: json!({"b": {"c": []}}),
    };
    assert_eq!(text(&bare().claims(&flat)), r#"{"a":1,"b":{"c":[]}}"#);
    assert_eq!(
        text(&bare().subject("s").claims(&flat)),
        r#"{"sub":"s","a":1,"b":{"c":[]}}"#
    );
    assert_eq!(text(&bare().claims(&json!({"x": 1}))), r#"{"x":1}"#);
    for nothing in [json!({}), json!(null)] {
        assert_eq!(text(&bare().claims(&nothing)), "{}");
        assert_eq!(
            text(&bare().subject("s").claims(&nothing)),
            r#"{"sub":"s"}"#
        );
    }
    assert_eq!(text(&bare()), "{}");
    assert_eq!(text(&bare().claims(&Empty {})), "{}");
    assert_eq!(text(&bare().claims(&Unit)), "{}");
    assert_eq!(text(&bare().claims(&())), "{}");
    assert_eq!(
        text(&bare().subject("s").claims(&None::<Flat>)),
        r#"{"sub":"s"}"#
    );
    assert_eq!(
        text(&bare().subject("s").claims(&Some(&flat))),
        r#"{"sub":"s","a":1,"b":{"c":[]}}"#
    );
}

#[test]
fn json_is_taken_octet_for_octet() {
    let json = b" { \"b\" : 1.0, \"a\":\"\\u0041\" }\n";
    assert_eq!(bare().claims_json(json).to_json().unwrap(), json);
    assert_eq!(
        text(&bare().subject("s").claims_json(json)),
        "{\"sub\":\"s\" , \"b\" : 1.0, \"a\":\"\\u0041\" }\n"
    );
    assert_eq!(
        text(&bare().claims(&json!({"x": 1})).claims_json(json)),
        "{\"x\":1 , \"b\" : 1.0, \"a\":\"\\u0041\" }\n"
    );
    assert_eq!(
        text(&bare().claims(&json!({})).claims_json(json)).as_bytes(),
        json
    );
    assert_eq!(
        text(&bare().subject("s").claims_json(b" { } ")),
        r#"{"sub":"s"}"#
    );
    assert_eq!(
        text(&bare().claims(&json!({"x": 1})).claims_json(b"{}")),
        r#"{"x":1}"#
    );
    assert_eq!(text(&bare().claims(&()).claims_json(b"{}")), "{}");
}

#[test]
fn what_would_be_refused_is_not_signed() {
    let code = |json: &str| match bare()
        .subject("s")
        .claims_json(json.as_bytes())
        .sign(&signer())
    {
        Ok(token) => panic!("{token}"),
        Err(error) => (error.code(), error.to_string()),
    };
    for (json, expected) in [
        (r#"{"sub":"s"}"#, "jwt.claim-duplicate"),
        (r#"{"s\u0075b":"t"}"#, "jwt.claim-duplicate"),
        (r#"{"a":1,"a":1}"#, "jwt.claim-duplicate"),
        (r#"{"a":{"b":1,"b":1}}"#, "jwt.claim-duplicate"),
        (r#"{"exp":"tomorrow"}"#, "jwt.claim-invalid"),
        (r#"{"exp":null}"#, "jwt.claim-invalid"),
        (r#"{"exp":1e300}"#, "jwt.claim-invalid"),
        (r#"{"aud":[1]}"#, "jwt.claim-invalid"),
        (r#"{"iss":7}"#, "jwt.claim-invalid"),
        (r#"{"a":}"#, "jwt.claim-invalid"),
        (r#"{"a":1}}"#, "jwt.claim-invalid"),
        (r#"{"a":1"#, "jwt.claim-invalid"),
        (r#"{"a":"\ud800"}"#, "jwt.claim-invalid"),
        ("[]", "jwt.claim-invalid"),
        ("1", "jwt.claim-invalid"),
        ("", "jwt.claim-invalid"),
        ("\u{feff}{}", "jwt.claim-invalid"),
    ] {
        assert_eq!(code(json).0, expected, "{json}");
    }
    assert_eq!(code(r#"{"sub":"s"}"#).1, r#"the claim "sub" is set twice"#);
    let error = bare()
        .claims_json(b"{\"a\":\"\xff\"}")
        .sign(&signer())
        .unwrap_err();
    assert_eq!(error.code(), "jwt.claim-invalid");

    #[derive(Serialize)]
    struct Twice {
        a: u8,
        #[serde(flatten)]
        rest: Value,
    }
    let twice = Twice {
        a: 1,
        rest: json!({"a": 2}),
    };
    assert_eq!(
        bare().claims(&twice).sign(&signer()).unwrap_err().code(),
        "jwt.claim-duplicate"
    );
    for wrong in [json!([]), json!("x"), json!(1)] {
        let error = bare().claims(&wrong).sign(&signer()).unwrap_err();
        assert!(matches!(error, IssueError::NotAnObject), "{error}");
    }
    let error = bare()
        .claims(&json!({"exp": "x"}))
        .sign(&signer())
        .unwrap_err();
    assert!(
        matches!(error, IssueError::Invalid { claim: "exp" }),
        "{error}"
    );
    let error = bare()
        .expires_in(Duration::MAX)
        .sign(&signer())
        .unwrap_err();
    assert!(matches!(error, IssueError::Time), "{error}");
}

#[test]
fn iat_is_now_unless_somebody_says_otherwise() {
    let at_now = || Issue::new().clock(Arc::new(time(NOW)));
    assert_eq!(text(&at_now()), format!(r#"{{"iat":{NOW}}}"#));
    assert_eq!(text(&at_now().issued_at(time(5))), r#"{"iat":5}"#);
    assert_eq!(text(&at_now().no_issued_at()), "{}");
    // The caller's claims win over a default, and clash with what was set.
    assert_eq!(text(&at_now().claims(&json!({"iat": 7}))), r#"{"iat":7}"#);
    assert_eq!(
        text(&at_now().claims_json(br#"{"iat": 7}"#)),
        r#"{"iat": 7}"#
    );
    let clash = at_now()
        .issued_at(time(5))
        .claims(&json!({"iat": 7}))
        .to_json();
    assert!(matches!(clash, Err(IssueError::Duplicate { claim }) if claim == "iat"));
}

#[test]
fn the_header_says_jwt_unless_told_otherwise() {
    let header = |issue: &Issue<'_>| {
        let token = issue.sign(&signer()).unwrap();
        let segment = token.split('.').next().unwrap().to_owned();
        serde_json::from_slice::<Value>(&base64url::decode(segment).unwrap()).unwrap()
    };
    let plain = json!({"alg": "STAMP", "kid": "k1", "typ": "JWT"});
    assert_eq!(header(&bare()), plain);
    assert_eq!(
        header(&bare().typ("at+jwt").kid("other").header("x", 1)),
        json!({"alg": "STAMP", "kid": "other", "typ": "at+jwt", "x": 1})
    );
    // Made once for a signer, and not changed by what others asked for.
    let signer = signer();
    let first = bare().sign(&signer).unwrap();
    let _ = bare().typ("at+jwt").sign(&signer).unwrap();
    assert_eq!(bare().sign(&signer).unwrap(), first);

    assert!(bare().header("alg", "none").sign(&signer).is_err());
    assert!(bare().header("typ", 7).sign(&signer).is_err());
    for unencoded in [
        bare().header("b64", false),
        bare().header("b64", false).header("crit", json!(["b64"])),
    ] {
        assert!(unencoded.sign(&signer).is_err());
        assert!(now(unencoded.sign_async(&signer.clone().into())).is_err());
    }
}

#[test]
fn a_distant_key_makes_the_same_token() {
    let issue = issue("i").clock(Arc::new(time(NOW))).subject("s");
    let near = issue.sign(&signer()).unwrap();
    assert_eq!(now(issue.sign_async(&signer().into())).unwrap(), near);
    let typed = issue.typ("at+jwt");
    assert_eq!(
        now(typed.sign_async(&signer().into())).unwrap(),
        typed.sign(&signer()).unwrap()
    );
}

/// A local key's future is ready at once.
fn now<F: Future>(future: F) -> F::Output {
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match std::pin::pin!(future).poll(&mut context) {
        std::task::Poll::Ready(output) => output,
        std::task::Poll::Pending => panic!("a local key took its time"),
    }
}

proptest! {
    #[test]
    fn verifying_undoes_issuing(
        iss: String, sub: Option<String>, aud in prop::collection::vec(any::<String>(), 1..4),
        jti: Option<String>, nbf in 0..NOW, role: String, tags: Vec<String>, count: u64,
    ) {
        #[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
        struct Mine { role: String, tags: Vec<String>, count: u64 }
        let mine = Mine { role, tags, count };
        let mut made = issue(&*iss)
            .clock(Arc::new(time(NOW)))
            .expires_in(Duration::from_secs(1))
            .not_before(time(nbf))
            .claims(&mine);
        for audience in &aud {
            made = made.audience(&**audience);
        }
        if let Some(sub) = &sub {
            made = made.subject(&**sub);
        }
        if let Some(jti) = &jti {
            made = made.jwt_id(&**jti);
        }
        let token = made.sign(&signer()).unwrap();
        for expected in &aud {
            let expect = Expectations::new(&*iss, &**expected).at(time(NOW));
            let valid = expect.verify::<Mine>(&token, &verifier()).unwrap();
            prop_assert_eq!(valid.issuer(), Some(&*iss));
            prop_assert_eq!(valid.subject(), sub.as_deref());
            prop_assert_eq!(valid.jwt_id(), jti.as_deref());
            prop_assert!(valid.audience().eq(aud.iter().map(|audience| &**audience)));
            prop_assert_eq!(valid.expires_at(), Some(time(NOW + 1)));
            prop_assert_eq!(valid.not_before(), Some(time(nbf)));
            prop_assert_eq!(valid.issued_at(), Some(time(NOW)));
            prop_assert_eq!(valid.claims(), &mine);
        }
    }
}
