//! Rows 36, 38, 39 and 43: an assertion is used once, and remembered only when it is good. Row 37 is in `nodes.rs`.

use std::sync::atomic::Ordering;

use bulla::jws::Headers;
use bulla::oauth::assertion::{Profile, RegisteredClient};

use crate::support::*;

#[tokio::test]
async fn row_36_used_twice() {
    let case = Case::new(Profile::Bis).await;
    let once = claims();
    let token = case.token(&once);
    assert_eq!(case.status(&token).await, 200);
    case.refused(&token, "replay").await;
    // Another signature over the same `jti` is the same assertion.
    case.refused_claims(&once, "replay").await;
    assert_eq!(last_decision().get("code"), Some("oauth.replayed"));
}

#[tokio::test]
async fn row_38_the_same_jti_of_another_client() {
    let other = key("k-9");
    let theirs = other.public();
    let case = Case::with(
        Profile::Bis,
        key("k-1"),
        RegisteredClient::new("billing"),
        |setup| setup.register(RegisteredClient::new("other"), [theirs]),
    )
    .await;
    let ours = claims();
    case.accepted(&ours).await;
    let same = with(with(ours, "iss", "other"), "sub", "other");
    let token = sign(&signer(&other), Headers::new(), &same);
    assert_eq!(case.status(&token).await, 200);
}

#[tokio::test]
async fn row_39_a_failed_attempt_burns_no_jti() {
    let case = Case::new(Profile::Bis).await;
    let good = claims();
    let wrong = with(good.clone(), "aud", "https://other.example.com");
    case.refused_claims(&wrong, "audience").await;
    let forged = resigned(&case.token(&good), |signature| signature[3] ^= 1);
    case.refused(&forged, "signature").await;
    case.accepted(&good).await;
}

#[tokio::test]
async fn row_43_the_store_is_down() {
    let case = Case::new(Profile::Bis).await;
    case.store.down.store(true, Ordering::SeqCst);
    let token = case.token(&claims());
    let answer = case.answer(&token).await;
    assert_eq!(error(&answer), (503, "server_error".into()));
    assert_eq!(answer.headers()["retry-after"], "5");
    assert_eq!(last_decision().get("check"), Some("replay"));
    assert_eq!(get(case.address, "/healthz").await.status(), 503);
    // What could not be recorded was not used.
    case.store.down.store(false, Ordering::SeqCst);
    assert_eq!(case.status(&token).await, 200);
    assert_eq!(get(case.address, "/healthz").await.status(), 200);
}
