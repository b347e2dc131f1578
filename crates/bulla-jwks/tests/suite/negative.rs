//! What a client of JWK Sets must withstand: one named test for each row of the checklist it was built against.

use std::sync::Arc;
use std::time::Duration;

use bulla_core::jwa::SignatureAlg;
use bulla_core::jwk::{Jwk, JwkSet, SecretJwk};
use bulla_jwks::http::{FetchError, HttpOptions, Unreachable};
use bulla_jwks::machine::Phase;
use bulla_jwks::{Freshness, RemoteKeys, https};

use crate::support::{Answers, Issuer, Key, Reply, Server, TestClock, URL, code, pass, verify};

async fn ready(issuer: &Issuer) -> RemoteKeys {
    let clock = Arc::new(TestClock::new());
    let keys = https(URL)
        .client(issuer.clone())
        .clock(clock)
        .start()
        .unwrap();
    keys.ready().await.unwrap();
    keys
}

#[tokio::test(start_paused = true)]
async fn row_58_ten_thousand_random_kids_cause_two_requests_in_30_seconds_and_lose_no_key() {
    let key = Key::new("good");
    let issuer = Issuer::new(&[&key]);
    let keys = ready(&issuer).await;
    let template = key.token_naming("KID");
    let signature = template.rsplit_once('.').unwrap().1;
    for round in 0..10 {
        let mut strangers = tokio::task::JoinSet::new();
        for index in 0..1_000 {
            let header = format!(r#"{{"alg":"ES256","kid":"{round}-{index}"}}"#);
            let header = bulla_core::base64url::encode(header.as_bytes());
            let (keys, token) = (keys.clone(), format!("{header}.e30.{signature}"));
            strangers.spawn(async move { code(&keys, &token).await });
        }
        for refused in strangers.join_all().await {
            assert_eq!(refused, "jwk.not-found");
        }
        assert!(keys.health().unknown_kids <= 1_024);
        verify(&keys, &key.token()).await.unwrap();
        pass(7).await;
    }
    assert!(issuer.most_within(30) <= 2, "{}", issuer.most_within(30));
    assert!(issuer.asked() >= 3, "and it did look");
}

#[tokio::test(start_paused = true)]
async fn row_59_five_hundred_on_a_cold_cache_make_one_request() {
    let key = Key::new("a");
    let issuer = Issuer::new(&[&key]);
    let keys = https(URL).client(issuer.clone()).start().unwrap();
    let token = key.token();
    let mut all = tokio::task::JoinSet::new();
    for _ in 0..500 {
        let (keys, token) = (keys.clone(), token.clone());
        all.spawn(async move { verify(&keys, &token).await.is_ok() });
    }
    assert!(all.join_all().await.iter().all(|accepted| *accepted));
    assert_eq!(issuer.asked(), 1);
}

#[tokio::test(start_paused = true)]
async fn row_60_a_failing_endpoint_is_bridged_flagged_and_then_fails_closed() {
    for failure in [
        Answers::Fails(FetchError::Unavailable {
            why: Unreachable::Status { status: 500 },
            retry_after: None,
        }),
        Answers::Fails(FetchError::Unavailable {
            why: Unreachable::Timeout,
            retry_after: None,
        }),
        Answers::Hangs,
    ] {
        let key = Key::new("a");
        let issuer = Issuer::new(&[&key]);
        let keys = ready(&issuer).await;
        issuer.answer(failure);
        pass(3_000).await;
        verify(&keys, &key.token()).await.unwrap();
        assert_eq!(keys.health().phase, Phase::Stale);
        assert!(keys.health().last_error.is_some());
        pass(3_000).await;
        assert_eq!(code(&keys, &key.token()).await, "remote.unavailable");
        assert_eq!(keys.health().phase, Phase::Expired);
    }
}

#[tokio::test(start_paused = true)]
async fn row_61_not_modified_renews_the_time() {
    let key = Key::new("a");
    let issuer = Issuer::new(&[&key]);
    issuer.with_etag();
    let keys = ready(&issuer).await;
    for _ in 0..100 {
        pass(530).await;
        verify(&keys, &key.token()).await.unwrap();
        assert_eq!(keys.health().phase, Phase::Fresh);
    }
    assert_eq!(issuer.last_request().etag.as_deref(), Some("\"1\""));
    let counts = keys.health().counts;
    assert_eq!((counts.changed, counts.failed), (1, 0));
    assert!(counts.confirmed >= 99);
}

#[tokio::test(start_paused = true)]
async fn row_62_absurd_lifetimes_are_clamped() {
    for (freshness, first, last) in [
        (Freshness::MaxAge(Duration::ZERO), 216, 264),
        (Freshness::MaxAge(Duration::MAX), 62_208, 76_032),
        (Freshness::Unstated, 432, 528),
    ] {
        let key = Key::new("a");
        let issuer = Issuer::new(&[&key]);
        issuer.freshness(freshness);
        let _keys = ready(&issuer).await;
        pass(first - 1).await;
        assert_eq!(issuer.asked(), 1, "{freshness:?}");
        pass(last - first + 2).await;
        assert_eq!(issuer.asked(), 2, "{freshness:?}");
    }
}

#[tokio::test]
async fn row_62_garbage_in_cache_control_is_no_error() {
    let key = Key::new("a");
    let body = JwkSet::new([key.public()]).to_json().to_string();
    for fields in [
        "Cache-Control: max-age=banana\r\n",
        "Cache-Control: ,,=,\"\r\nExpires: yesterday\r\nAge: -1\r\n",
    ] {
        let body = body.clone();
        let server = Server::start(move |_| Reply::with("200 OK", fields, body.as_bytes())).await;
        let client = HttpOptions::default()
            .allow_loopback_http()
            .no_proxy()
            .build()
            .unwrap();
        let keys = https(server.url("/")).client(client).start().unwrap();
        verify(&keys, &key.token()).await.unwrap();
    }
}

#[tokio::test]
async fn row_63_redirects_are_not_followed_wherever_they_lead() {
    for target in [
        "http://169.254.169.254/latest/meta-data/",
        "http://127.0.0.1/",
        "https://issuer.example/elsewhere",
        "//evil.example/",
        "/same-host",
    ] {
        let fields = format!("Location: {target}\r\n");
        let server = Server::start(move |_| Reply::status("302 Found", &fields)).await;
        let client = HttpOptions::default()
            .allow_loopback_http()
            .no_proxy()
            .build()
            .unwrap();
        let keys = https(server.url("/jwks")).client(client).start().unwrap();
        assert_eq!(
            keys.ready().await.unwrap_err().code(),
            "jwks.answer-refused",
            "{target}"
        );
        assert_eq!(server.seen().len(), 1, "{target}");
    }
}

// The rest of row 63, addresses and names, is in `guard`.

#[tokio::test(start_paused = true)]
async fn row_64_what_is_no_set_is_refused_and_the_old_set_kept() {
    let key = Key::new("a");
    let issuer = Issuer::new(&[&key]);
    let keys = ready(&issuer).await;
    let deep = "[".repeat(100_000);
    let many = format!(r#"{{"keys":[{}]}}"#, vec!["{}"; 101].join(","));
    let bodies: [(&[u8], &str); 12] = [
        (b"", "jwks.malformed"),
        (b"<html>", "jwks.malformed"),
        (b"null", "jwks.malformed"),
        (b"[]", "jwks.malformed"),
        (b"{}", "jwks.malformed"),
        (br#"{"keys":{}}"#, "jwks.malformed"),
        (br#"{"keys":null}"#, "jwks.malformed"),
        (br#"{"keys":[],"keys":[]}"#, "jwks.malformed"),
        (b"{\"keys\":[\"\xff\"]}", "jwks.malformed"),
        (deep.as_bytes(), "jwks.malformed"),
        (many.as_bytes(), "jwks.malformed"),
        (br#"{"keys":[]}"#, "jwks.no-usable-key"),
    ];
    for (body, expected) in bodies {
        issuer.answer(Answers::Body(body.to_vec()));
        pass(600).await;
        verify(&keys, &key.token()).await.unwrap();
        let shown = String::from_utf8_lossy(&body[..body.len().min(40)]).into_owned();
        assert_eq!(
            keys.health().last_error.unwrap().code(),
            expected,
            "{shown}"
        );
        issuer.publish(&[&key]);
        pass(60).await;
        assert!(keys.health().last_error.is_none());
    }
    let cold = https(URL).client(issuer.clone()).start().unwrap();
    issuer.publish_text(r#"{"keys":[]}"#);
    assert_eq!(cold.ready().await.unwrap_err().code(), "jwks.no-usable-key");
}

// Bodies that are too large, compressed or cut are in `http`.

#[tokio::test(start_paused = true)]
async fn row_65_one_bad_key_spoils_nothing() {
    let good = Key::new("good");
    let issuer = Issuer::new(&[]);
    let good_text = good.public().to_json();
    issuer.publish_text(&format!(
        r#"{{"keys":[
            {{"kty":"Telepathy","kid":"unknown"}},
            {{"kty":"RSA","kid":"weak","n":"{}","e":"AQAB"}},
            {{"kty":"EC","crv":"P-256","kid":"off-curve","x":"{x}","y":"{x}"}},
            7,
            {good_text}]}}"#,
        bulla_core::base64url::encode([0xff; 128]),
        x = bulla_core::base64url::encode([1; 32]),
    ));
    let keys = ready(&issuer).await;
    verify(&keys, &good.token()).await.unwrap();
    let snapshot = keys.snapshot().unwrap();
    let why = |kid: &str| {
        let mut rejected = snapshot.rejected().iter();
        rejected
            .find(|key| key.kid.as_deref() == Some(kid))
            .map(|key| key.code)
    };
    assert_eq!(why("unknown"), Some("jwk.unsupported"));
    assert_eq!(why("weak"), Some("jwk.too-weak"));
    assert_eq!(why("off-curve"), Some("jwk.malformed"));
    assert_eq!(snapshot.rejected().len(), 4);
}

#[tokio::test(start_paused = true)]
async fn row_66_of_keys_with_one_kid_the_algorithm_chooses() {
    let (es256, ed25519) = (Key::new("same"), Key::with("same", SignatureAlg::Ed25519));
    let (es384, twin) = (Key::with("same", SignatureAlg::Es384), Key::new("same"));
    let issuer = Issuer::new(&[&es256, &ed25519, &es384, &twin]);
    let keys = ready(&issuer).await;
    for key in [&es256, &ed25519, &es384, &twin] {
        verify(&keys, &key.token()).await.unwrap();
    }
    assert_eq!(
        code(&keys, &Key::new("same").token()).await,
        "jws.signature-invalid"
    );
    assert_eq!(
        issuer.asked(),
        1,
        "a signature that does not hold makes nobody ask"
    );
}

#[tokio::test(start_paused = true)]
async fn row_67_a_key_removed_upstream_is_rejected_after_the_refresh() {
    let (removed, kept) = (Key::new("removed"), Key::new("kept"));
    let issuer = Issuer::new(&[&removed, &kept]);
    let keys = ready(&issuer).await;
    verify(&keys, &removed.token()).await.unwrap();
    issuer.publish(&[&kept]);
    pass(530).await;
    assert_eq!(code(&keys, &removed.token()).await, "jwk.not-found");
    verify(&keys, &kept.token()).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn row_68_symmetric_and_private_keys_are_not_used() {
    let (leaked, good) = (Key::new("leaked"), Key::new("good"));
    let mut secret = SecretJwk::new(vec![7; 32]);
    secret.members_mut().kid = Some("secret".into());
    let set = JwkSet::new([
        Jwk::Private(leaked.pair.clone()),
        Jwk::Secret(secret),
        Jwk::Public(good.public()),
    ]);
    let issuer = Issuer::new(&[]);
    issuer.publish_text(set.to_json().as_str());
    let keys = ready(&issuer).await;
    verify(&keys, &good.token()).await.unwrap();
    // Not even by its public half: everybody may have the private one by now.
    assert_eq!(code(&keys, &leaked.token()).await, "jwk.not-found");
    let snapshot = keys.snapshot().unwrap();
    let codes: Vec<_> = snapshot.rejected().iter().map(|key| key.code).collect();
    assert_eq!(codes, ["jwks.private-key", "jwks.private-key"]);
    assert!(
        !snapshot.set().to_json().contains("\"d\""),
        "nothing private is kept"
    );
}

#[tokio::test(start_paused = true)]
async fn row_69_a_key_for_encryption_does_not_verify() {
    let (for_encryption, good) = (Key::new("enc"), Key::new("good"));
    let text = for_encryption
        .public()
        .to_json()
        .replace("\"kid\"", "\"use\":\"enc\",\"kid\"");
    assert!(text.contains("\"use\":\"enc\""));
    let issuer = Issuer::new(&[]);
    issuer.publish_text(&format!(
        r#"{{"keys":[{text},{}]}}"#,
        good.public().to_json()
    ));
    let keys = ready(&issuer).await;
    verify(&keys, &good.token()).await.unwrap();
    assert_eq!(code(&keys, &for_encryption.token()).await, "jwk.not-found");
    assert_eq!(
        keys.snapshot().unwrap().rejected()[0].code,
        "jwk.usage-mismatch"
    );
}

#[tokio::test(start_paused = true)]
async fn row_70_clocks_that_jump_break_nothing() {
    let key = Key::new("a");
    let issuer = Issuer::new(&[&key]);
    let clock = Arc::new(TestClock::new());
    let keys = https(URL)
        .client(issuer.clone())
        .clock(clock.clone())
        .start()
        .unwrap();
    keys.ready().await.unwrap();

    // Back by ten years: nothing is younger for it, and the schedule holds.
    clock.jump(-315_360_000);
    verify(&keys, &key.token()).await.unwrap();
    pass(530).await;
    assert_eq!(issuer.asked(), 2);

    // Forward by ten years, as after a long sleep: one request, and the token that came then waits for it.
    clock.jump(2 * 315_360_000);
    verify(&keys, &key.token()).await.unwrap();
    assert_eq!(issuer.asked(), 3);
    assert_eq!(keys.health().phase, Phase::Fresh);

    // The same while the issuer is down: nobody knows how old the keys are, so they are not used.
    issuer.fail();
    clock.jump(315_360_000);
    assert_eq!(code(&keys, &key.token()).await, "remote.unavailable");
    issuer.publish(&[&key]);
    pass(35).await;
    verify(&keys, &key.token()).await.unwrap();
}
