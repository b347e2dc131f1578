//! Rows 23 to 35 and 40 to 42: what an assertion says.

use bulla::base64url;
use bulla::jws::Headers;
use bulla::oauth::assertion::Profile;
use bulla::oauth::message::CLIENT_ASSERTION_TYPE;
use serde_json::{Value, json};

use crate::support::*;

async fn bis() -> Case {
    Case::new(Profile::Bis).await
}

#[tokio::test]
async fn row_23_iss_is_not_sub() {
    let case = bis().await;
    case.refused_claims(&with(claims(), "iss", "other"), "parties")
        .await;
    case.refused_claims(&with(claims(), "sub", 7), "form").await;
}

#[tokio::test]
async fn row_24_sub_is_missing() {
    let case = bis().await;
    case.refused_claims(&without(claims(), "sub"), "parties")
        .await;
    let empty = with(with(claims(), "iss", ""), "sub", "");
    case.refused_claims(&empty, "parties").await;
}

#[tokio::test]
async fn row_25_iss_is_missing() {
    let case = bis().await;
    case.refused_claims(&without(claims(), "iss"), "parties")
        .await;
}

#[tokio::test]
async fn row_26_client_id_is_another() {
    let case = bis().await;
    let token = case.token(&claims());
    let request = |client_id| {
        form(&[
            ("grant_type", "client_credentials"),
            ("client_id", client_id),
            ("client_assertion_type", CLIENT_ASSERTION_TYPE),
            ("client_assertion", &token),
        ])
    };
    let answer = case.send(&request("other")).await;
    assert_eq!(answer.status(), 401);
    assert_eq!(answer.body(), REFUSED);
    assert_eq!(last_decision().get("check"), Some("parties"));
    let answer = case.send(&request("billing")).await;
    assert_eq!(error(&answer), (200, String::new()));
}

#[tokio::test]
async fn row_29_audiences() {
    let wrong = [
        json!("https://other.example.com"),
        json!(ENDPOINT),
        json!("https://auth.example.com/par"),
        json!([ISSUER, "https://other.example.com"]),
        json!([]),
        json!("https://auth.example.com/"),
        json!("HTTPS://auth.example.com"),
    ];
    for profile in [Profile::Bis, Profile::Fapi2] {
        let case = Case::new(profile).await;
        case.refused_claims(&without(claims(), "aud"), "audience")
            .await;
        for aud in &wrong {
            case.refused_claims(&with(claims(), "aud", aud.clone()), "audience")
                .await;
        }
    }
    let array = with(claims(), "aud", json!([ISSUER]));
    let fapi = Case::new(Profile::Fapi2).await;
    fapi.refused_claims(&array, "audience").await;
    let case = bis().await;
    case.accepted(&array).await;
    case.refused_claims(&with(claims(), "aud", 7), "claims")
        .await;
}

#[tokio::test]
async fn row_29_legacy_accepts_the_token_endpoint_and_nothing_else() {
    let case = Case::new(Profile::Legacy).await;
    let several = json!([ENDPOINT, "https://other.example.com"]);
    case.accepted(&with(claims(), "aud", several)).await;
    case.accepted(&with(claims(), "aud", ENDPOINT)).await;
    for aud in [
        "https://auth.example.com/par",
        "https://auth.example.com/",
        "https://auth.example.com/token/",
    ] {
        case.refused_claims(&with(claims(), "aud", aud), "audience")
            .await;
    }
}

#[tokio::test]
async fn row_30_exp_is_missing_or_no_date() {
    let case = bis().await;
    case.refused_claims(&without(claims(), "exp"), "expiry")
        .await;
    case.refused_claims(&with(claims(), "exp", "1800000060"), "claims")
        .await;
    case.refused_claims(&with(claims(), "exp", -1), "expiry")
        .await;
    case.refused_claims(&with(claims(), "exp", Value::Null), "claims")
        .await;
    for (exp, check) in [("1e999", "form"), ("1e300", "claims")] {
        let text = claims().to_string().replace("1800000060", exp);
        let token = sign_text(&signer(&case.key), Headers::new(), &text);
        case.refused(&token, check).await;
    }
}

fn made(iat: u64, exp: u64) -> Value {
    with(with(claims(), "iat", iat), "exp", exp)
}

#[tokio::test]
async fn row_31_expired() {
    let case = bis().await;
    case.refused_claims(&made(NOW - 360, NOW - 300), "expiry")
        .await;
    case.refused_claims(&made(NOW - 60, NOW - 10), "expiry")
        .await;
    case.accepted(&made(NOW - 60, NOW - 9)).await;
}

#[tokio::test]
async fn row_32_eight_seconds_in_the_future_are_accepted() {
    for profile in [Profile::Bis, Profile::Fapi2] {
        let case = Case::new(profile).await;
        let early = with(with(claims(), "iat", NOW + 8), "nbf", NOW + 8);
        case.accepted(&early).await;
    }
}

#[tokio::test]
async fn row_33_more_than_sixty_are_not() {
    let case = bis().await;
    let expires = with(claims(), "exp", NOW + 120);
    case.refused_claims(&with(expires.clone(), "iat", NOW + 62), "not-before")
        .await;
    case.refused_claims(&with(expires, "nbf", NOW + 62), "not-before")
        .await;
}

#[tokio::test]
async fn row_34_lives_for_a_day() {
    let case = bis().await;
    let day = with(claims(), "exp", NOW + 86_400);
    case.refused_claims(&day, "lifetime").await;
    case.refused_claims(&without(day, "iat"), "lifetime").await;
    case.refused_claims(&with(claims(), "exp", NOW + 301), "lifetime")
        .await;
    case.refused_claims(&with(claims(), "iat", NOW - 301), "lifetime")
        .await;
    case.accepted(&with(claims(), "exp", NOW + 300)).await;
    case.accepted(&without(claims(), "iat")).await;
}

#[tokio::test]
async fn row_35_jti_is_missing_empty_long_or_no_text() {
    let case = bis().await;
    case.refused_claims(&without(claims(), "jti"), "jti").await;
    case.refused_claims(&with(claims(), "jti", ""), "jti").await;
    case.refused_claims(&with(claims(), "jti", "j".repeat(257)), "jti")
        .await;
    case.refused_claims(&with(claims(), "jti", 7), "claims")
        .await;
    case.accepted(&with(claims(), "jti", "j".repeat(256))).await;
}

#[tokio::test]
async fn row_40_tokens_of_another_type() {
    let case = bis().await;
    let token = |typ: &'static str| sign(&signer(&case.key), Headers::new().typ(typ), &claims());
    for typ in [
        "at+jwt",
        "application/at+jwt",
        "dpop+jwt",
        "secevent+jwt",
        "AT+JWT",
        "logout+jwt",
    ] {
        case.refused(&token(typ), "type").await;
    }
    for typ in [
        "JWT",
        "jwt",
        "client-authentication+jwt",
        "application/client-authentication+jwt",
    ] {
        assert_eq!(case.status(&token(typ)).await, 200, "{typ}");
    }
}

#[tokio::test]
async fn row_41_a_member_twice() {
    let case = bis().await;
    for member in [r#"{"sub":"other","#, r#"{"\u006ati":"j-0","#] {
        let twice = claims().to_string().replacen('{', member, 1);
        let token = sign_text(&signer(&case.key), Headers::new(), &twice);
        case.refused(&token, "form").await;
    }
    let header = base64url::encode(r#"{"alg":"ES256","alg":"ES256"}"#);
    let good = case.token(&claims());
    let (_, rest) = good.split_once('.').unwrap();
    case.refused(&format!("{header}.{rest}"), "form").await;
}

#[tokio::test]
async fn row_42_deep_and_huge_json() {
    let case = bis().await;
    let deep = format!("{{\"x\":{}{},", "[".repeat(5_000), "]".repeat(5_000));
    let deep = claims().to_string().replacen('{', &deep, 1);
    let token = sign_text(&signer(&case.key), Headers::new(), &deep);
    let began = std::time::Instant::now();
    case.refused(&token, "form").await;
    let huge = case.token(&with(claims(), "x", vec![0; 20_000]));
    let answer = case.answer(&huge).await;
    assert_eq!(error(&answer), (400, "invalid_request".into()));
    assert!(began.elapsed().as_secs() < 2);
}
