//! Several issuers in one verifier.

use bulla_core::jwt::Expectations;
use bulla_jwks::{Issuers, RemoteKeys, https};

use crate::support::{Issuer, Key};

const A: &str = "https://a.example";
const B: &str = "https://b.example";

fn expect() -> Expectations {
    Expectations::any_issuer_any_audience().audiences(["api"])
}

fn start(issuer: &Issuer) -> RemoteKeys {
    https("https://any.example/jwks")
        .client(issuer.clone())
        .start()
        .unwrap()
}

async fn code(issuers: &Issuers, token: &str) -> &'static str {
    match issuers.verify::<()>(token).await {
        Ok(_) => "ok",
        Err(error) => error.code(),
    }
}

#[tokio::test(start_paused = true)]
async fn the_issuer_chooses_the_keys_even_where_kids_are_the_same() {
    let (of_a, of_b) = (Key::new("same"), Key::new("same"));
    let (a, b) = (Issuer::new(&[&of_a]), Issuer::new(&[&of_b]));
    let issuers = Issuers::new()
        .add(A, start(&a), expect())
        .unwrap()
        .add(B, start(&b), expect())
        .unwrap();
    assert_eq!(code(&issuers, &of_a.token_from(A)).await, "ok");
    assert_eq!(code(&issuers, &of_b.token_from(B)).await, "ok");
    // B's key, and the claim to be A.
    assert_eq!(
        code(&issuers, &of_b.token_from(A)).await,
        "jws.signature-invalid"
    );
    assert_eq!(
        code(&issuers, &of_a.token_from(B)).await,
        "jws.signature-invalid"
    );
}

#[tokio::test(start_paused = true)]
async fn an_issuer_that_was_not_configured_is_refused_without_a_request() {
    let key = Key::new("a");
    let issuer = Issuer::new(&[&key]);
    let issuers = Issuers::new().add(A, start(&issuer), expect()).unwrap();
    issuers.keys(A).unwrap().ready().await.unwrap();
    for stranger in [
        "https://evil.example",
        "https://a.example/",
        "",
        "https://A.example",
    ] {
        assert_eq!(
            code(&issuers, &key.token_from(stranger)).await,
            "jwt.issuer-mismatch",
            "{stranger}"
        );
    }
    let twice =
        bulla_core::base64url::encode(br#"{"iss":"https://a.example","iss":"https://b.example"}"#);
    let long = "x".repeat(2 * 1024 * 1024);
    for garbage in ["", ".", "..", "a.b.c", &format!("e30.{twice}.AAAA")] {
        assert_eq!(
            code(&issuers, garbage).await,
            "jwt.issuer-mismatch",
            "{garbage}"
        );
    }
    assert_eq!(code(&issuers, &long).await, "jws.limit-exceeded");
    assert_eq!(issuer.asked(), 1);
}

#[tokio::test(start_paused = true)]
async fn issuers_are_bounded_and_different() {
    let issuer = Issuer::new(&[&Key::new("a")]);
    let keys = start(&issuer);
    let issuers = Issuers::at_most(2).add(A, keys.clone(), expect()).unwrap();
    let issuers = issuers.add(B, keys.clone(), expect()).unwrap();
    let error = issuers
        .add("https://c.example", keys.clone(), expect())
        .unwrap_err();
    assert_eq!(error.code(), "jwks.too-many-issuers");
    let one = Issuers::new().add(A, keys.clone(), expect()).unwrap();
    assert_eq!(
        one.add(A, keys, expect()).unwrap_err().code(),
        "jwks.issuer-twice"
    );
}

#[tokio::test(start_paused = true)]
async fn each_issuer_has_its_expectations_and_cannot_widen_its_issuer() {
    let key = Key::new("a");
    let issuer = Issuer::new(&[&key]);
    let careless = Expectations::new("https://else.example", "api");
    let strict = expect().subject("nobody");
    let issuers = Issuers::new()
        .add(A, start(&issuer), careless)
        .unwrap()
        .add(B, start(&issuer), strict)
        .unwrap();
    assert_eq!(code(&issuers, &key.token_from(A)).await, "ok");
    assert_eq!(
        code(&issuers, &key.token_from("https://else.example")).await,
        "jwt.issuer-mismatch"
    );
    assert_eq!(
        code(&issuers, &key.token_from(B)).await,
        "jwt.claim-missing"
    );
}
