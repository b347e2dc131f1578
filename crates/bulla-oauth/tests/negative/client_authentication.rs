//! Rows 7 to 44: the assertion itself.

use bulla_core::jwa::{KeyManagementAlg, MacAlg, SignatureAlg};
use bulla_core::jwk::{PrivateJwk, PublicJwk, PublicKey, RsaPublicKey, SecretJwk};
use bulla_core::jws::Headers;
use bulla_core::key::{Encrypter, KeySpec, Signer};
use bulla_core::{base64url, jwe};
use bulla_oauth::assertion::{ClientAuthMethod, Profile, RegisteredClient};
use serde_json::{Value, json};

use crate::server::{Server, error, form, with_assertion};
use crate::token::*;

/// The one answer to whatever is wrong with an assertion.
const REFUSED: &[u8] =
    br#"{"error":"invalid_client","error_description":"client authentication failed"}"#;

struct Case {
    server: Server,
    key: PrivateJwk,
}

impl Case {
    fn new(profile: Profile) -> Self {
        let key = key("k-1");
        Self {
            server: Server::new(profile, &key),
            key,
        }
    }

    fn token(&self, claims: &Value) -> String {
        sign(&signer(&self.key), Headers::new(), claims)
    }

    fn status(&self, token: &str) -> u16 {
        self.server.answer(&with_assertion(token)).status().as_u16()
    }

    /// Refused by this check, with the answer that tells nothing.
    #[track_caller]
    fn refused(&self, token: &str, check: &str) {
        let answer = self.server.answer(&with_assertion(token));
        assert_eq!(error(&answer), (401, "invalid_client".into()));
        assert_eq!(answer.body(), REFUSED);
        assert_eq!(self.server.check(), check);
    }

    #[track_caller]
    fn refused_claims(&self, claims: &Value, check: &str) {
        self.refused(&self.token(claims), check);
    }
}

fn bis() -> Case {
    Case::new(Profile::Bis)
}

#[test]
fn a_good_assertion_is_accepted() {
    for profile in [Profile::Bis, Profile::Fapi2, Profile::Legacy] {
        let case = Case::new(profile);
        assert_eq!(case.status(&case.token(&claims())), 200, "{profile}");
    }
}

#[test]
fn row_07_what_is_no_jwt() {
    let case = bis();
    let good = case.token(&claims());
    let (two, _) = good.rsplit_once('.').unwrap();
    for token in [
        "x".to_owned(),
        "..".to_owned(),
        two.to_owned(),
        format!("{good}.x.y"),
        format!("{good}="),
        format!("{good}\n"),
        good.replace('.', "!."),
        format!("Bearer {good}"),
    ] {
        let answer = case.server.answer(&with_assertion(&token));
        assert_eq!(
            (answer.status().as_u16(), &answer.body()[..]),
            (401, REFUSED),
            "{token}"
        );
        // The last segment is not looked at before the signature is.
        assert!(
            ["form", "signature"].contains(&case.server.check()),
            "{token}"
        );
    }
}

#[test]
fn row_08_a_jwe() {
    let case = bis();
    let secret = SecretJwk::new(vec![7; 32]);
    let encrypter = Encrypter::bind_to(&backend(), &secret, KeyManagementAlg::A256Kw).unwrap();
    let payload = claims().to_string();
    let token = jwe::Builder::new(
        payload.as_bytes(),
        bulla_core::jwa::ContentEncryptionAlg::A256Gcm,
    )
    .encrypt_compact(&encrypter)
    .unwrap();
    case.refused(&token, "form");
}

#[test]
fn row_09_more_than_16_kib() {
    let case = bis();
    let token = case.token(&with(claims(), "x", "y".repeat(16 * 1024)));
    let answer = case.server.answer(&with_assertion(&token));
    assert_eq!(error(&answer), (400, "invalid_request".into()));
    assert_eq!(case.server.check(), "size");
}

#[test]
fn row_10_alg_none() {
    let case = bis();
    let good = case.token(&claims());
    for alg in ["none", "nOnE", "None", "NONE", ""] {
        let token = forged(&json!({"alg": alg, "kid": "k-1"}), &good);
        case.refused(&token, "algorithm");
        let (unsigned, _) = token.rsplit_once('.').unwrap();
        case.refused(&format!("{unsigned}."), "algorithm");
    }
}

#[test]
fn row_11_hs256_with_the_public_key_as_secret() {
    let case = bis();
    let public = case.key.public().to_json();
    let secret = SecretJwk::new(public.as_bytes());
    let mac = Signer::bind_to(&backend(), &secret, MacAlg::Hs256).unwrap();
    case.refused(
        &sign(&mac, Headers::new().kid("k-1"), &claims()),
        "algorithm",
    );
}

#[test]
fn row_12_rs256_under_fapi2() {
    let rsa = PrivateJwk::new(backend().generate(KeySpec::Rsa { bits: 2048 }).unwrap());
    for (profile, alg, accepted) in [
        (Profile::Fapi2, SignatureAlg::Rs256, false),
        (Profile::Bis, SignatureAlg::Rs256, false),
        (Profile::Fapi2, SignatureAlg::Ps256, true),
        (Profile::Legacy, SignatureAlg::Rs256, true),
        (Profile::Fapi2, SignatureAlg::Ps384, false),
        (Profile::Bis, SignatureAlg::Ps384, true),
    ] {
        let case = Case {
            server: Server::new(profile, &rsa),
            key: rsa.clone(),
        };
        let token = sign(&signer_for(&rsa, alg), Headers::new(), &claims());
        if accepted {
            assert_eq!(case.status(&token), 200, "{profile} {alg:?}");
        } else {
            case.refused(&token, "algorithm");
        }
    }
}

#[test]
fn row_13_an_algorithm_that_the_client_did_not_register() {
    let mut case = bis();
    let client = RegisteredClient::new("billing").algorithms([SignatureAlg::Ps256]);
    case.server.register(client, [case.key.public()]);
    case.refused_claims(&claims(), "client-algorithm");
}

#[test]
fn row_14_unknown_crit() {
    let case = bis();
    let headers = Headers::new().critical("x-check", true);
    case.refused(&sign(&signer(&case.key), headers, &claims()), "form");
}

#[test]
fn row_15_b64_false() {
    let case = bis();
    let good = case.token(&claims());
    let token = forged(
        &json!({"alg": "ES256", "kid": "k-1", "b64": false, "crit": ["b64"]}),
        &good,
    );
    case.refused(&token, "form");
    case.refused(
        &forged(&json!({"alg": "ES256", "kid": "k-1", "zip": "DEF"}), &good),
        "form",
    );
}

#[test]
fn row_16_a_key_in_the_header() {
    let case = bis();
    let own = key("k-1");
    let headers = Headers::new().protected("jwk", own.public().to_value());
    case.refused(&sign(&signer(&own), headers, &claims()), "signature");
}

#[test]
fn row_17_jku_and_x5u_are_not_fetched() {
    // There is nothing in this crate that could: the answer is that of a wrong signature.
    let case = bis();
    for name in ["jku", "x5u"] {
        let own = key("k-2");
        let headers = Headers::new().protected(name, "https://attacker.example/keys");
        case.refused(&sign(&signer(&own), headers, &claims()), "signature");
    }
}

#[test]
fn row_18_unknown_kid() {
    let case = bis();
    case.refused(
        &sign(&signer(&case.key), Headers::new().kid("k-2"), &claims()),
        "signature",
    );
    assert_eq!(
        case.server.audit.lock().unwrap().last().unwrap().1,
        "jwk.not-found"
    );
}

#[test]
fn row_19_kid_of_another_clients_key() {
    let mut case = bis();
    let other = key("k-9");
    case.server
        .register(RegisteredClient::new("other"), [other.public()]);
    case.refused(
        &sign(&signer(&other), Headers::new(), &claims()),
        "signature",
    );
}

#[test]
fn row_20_forged_signatures() {
    let case = bis();
    let good = case.token(&claims());
    case.refused(
        &resigned(&good, |signature| signature[10] ^= 1),
        "signature",
    );
    case.refused(&resigned(&good, |signature| signature.fill(0)), "signature");
    case.refused(
        &resigned(&good, |signature| signature[..32].fill(0)),
        "signature",
    );
    case.refused(
        &resigned(&good, |signature| signature[32..].fill(0)),
        "signature",
    );
    case.refused(
        &resigned(&good, |signature| signature.fill(0xff)),
        "signature",
    );
    // DER: SEQUENCE { INTEGER, INTEGER }
    case.refused(
        &resigned(&good, |signature| {
            let (r, s) = (signature[..32].to_vec(), signature[32..].to_vec());
            *signature = [&[0x30, 70, 2, 33, 0][..], &r, &[2, 33, 0], &s].concat();
        }),
        "signature",
    );
}

#[test]
fn row_21_signatures_of_63_and_65_octets() {
    let case = bis();
    let good = case.token(&claims());
    case.refused(
        &resigned(&good, |signature| signature.truncate(63)),
        "signature",
    );
    case.refused(&resigned(&good, |signature| signature.push(0)), "signature");
    case.refused(&resigned(&good, Vec::clear), "signature");
}

#[test]
fn row_22_an_rsa_key_of_1024_bits() {
    let mut case = bis();
    let rsa = PrivateJwk::new(backend().generate(KeySpec::Rsa { bits: 2048 }).unwrap());
    let weak = RsaPublicKey::new(vec![0xff; 128], vec![1, 0, 1]).unwrap();
    let mut weak = PublicJwk::new(PublicKey::Rsa(weak));
    weak.members_mut().kid = Some("weak".into());
    case.server
        .register(RegisteredClient::new("billing"), [weak]);
    let token = sign(
        &signer_for(&rsa, SignatureAlg::Ps256),
        Headers::new().kid("weak"),
        &claims(),
    );
    case.refused(&token, "signature");
}

#[test]
fn row_23_to_25_iss_and_sub() {
    let case = bis();
    case.refused_claims(&with(claims(), "iss", "other"), "parties");
    case.refused_claims(&without(claims(), "sub"), "parties");
    case.refused_claims(&without(claims(), "iss"), "parties");
    case.refused_claims(&with(with(claims(), "iss", ""), "sub", ""), "parties");
    case.refused_claims(&with(claims(), "sub", 7), "form");
}

#[test]
fn row_26_client_id_is_another() {
    let case = bis();
    let token = case.token(&claims());
    let request = form(&[
        ("grant_type", "client_credentials"),
        ("client_id", "other"),
        (
            "client_assertion_type",
            bulla_oauth::message::CLIENT_ASSERTION_TYPE,
        ),
        ("client_assertion", &token),
    ]);
    let answer = case.server.answer(&request);
    assert_eq!(
        (answer.status().as_u16(), &answer.body()[..]),
        (401, REFUSED)
    );
    assert_eq!(case.server.check(), "parties");
}

#[test]
fn row_27_unknown_and_disabled_clients_are_told_nothing() {
    let mut case = bis();
    let stranger = with(with(claims(), "iss", "stranger"), "sub", "stranger");
    case.refused_claims(&stranger, "client");
    case.server.register(
        RegisteredClient::new("billing").disabled(),
        [case.key.public()],
    );
    case.refused_claims(&claims(), "client");
}

#[test]
fn row_28_registered_for_another_method() {
    for method in [
        ClientAuthMethod::TlsClientAuth,
        ClientAuthMethod::ClientSecretBasic,
        ClientAuthMethod::None,
    ] {
        let mut case = bis();
        case.server.register(
            RegisteredClient::new("billing").method(method),
            [case.key.public()],
        );
        case.refused_claims(&claims(), "method");
    }
}

#[test]
fn row_29_audiences() {
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
        let case = Case::new(profile);
        case.refused_claims(&without(claims(), "aud"), "audience");
        for aud in &wrong {
            case.refused_claims(&with(claims(), "aud", aud.clone()), "audience");
        }
    }
    let array = with(claims(), "aud", json!([ISSUER]));
    Case::new(Profile::Fapi2).refused_claims(&array, "audience");
    let case = bis();
    assert_eq!(case.status(&case.token(&array)), 200);
    case.refused_claims(&with(claims(), "aud", 7), "claims");
}

#[test]
fn row_29_legacy_accepts_the_endpoints_that_are_named() {
    let mut case = Case::new(Profile::Legacy);
    let endpoint = with(
        claims(),
        "aud",
        json!([ENDPOINT, "https://other.example.com"]),
    );
    case.refused_claims(&endpoint, "audience");
    case.server.policy = case.server.policy.endpoints([ENDPOINT]);
    assert_eq!(case.status(&case.token(&endpoint)), 200);
    case.refused_claims(
        &with(claims(), "aud", "https://auth.example.com/par"),
        "audience",
    );
    // Named, and still not accepted by the profiles that have one audience.
    let mut case = bis();
    case.server.policy = case.server.policy.endpoints([ENDPOINT]);
    case.refused_claims(&with(claims(), "aud", ENDPOINT), "audience");
}

#[test]
fn row_30_exp_is_missing_or_no_date() {
    let case = bis();
    case.refused_claims(&without(claims(), "exp"), "expiry");
    case.refused_claims(&with(claims(), "exp", "1800000060"), "claims");
    case.refused_claims(&with(claims(), "exp", -1), "expiry");
    case.refused_claims(&with(claims(), "exp", Value::Null), "claims");
    let overflow = claims().to_string().replace("1800000060", "1e999");
    let overflow = sign_text(&signer(&case.key), Headers::new(), &overflow);
    case.refused(&overflow, "form");
    let far = claims().to_string().replace("1800000060", "1e300");
    case.refused(
        &sign_text(&signer(&case.key), Headers::new(), &far),
        "claims",
    );
}

#[test]
fn row_31_expired() {
    let case = bis();
    let made = |iat: u64, exp: u64| with(with(claims(), "iat", iat), "exp", exp);
    case.refused_claims(&made(NOW - 360, NOW - 300), "expiry");
    case.refused_claims(&made(NOW - 60, NOW - 10), "expiry");
    assert_eq!(case.status(&case.token(&made(NOW - 60, NOW - 9))), 200);
}

#[test]
fn row_32_eight_seconds_in_the_future_are_accepted() {
    let early = with(with(claims(), "iat", NOW + 8), "nbf", NOW + 8);
    for profile in [Profile::Bis, Profile::Fapi2] {
        let case = Case::new(profile);
        assert_eq!(case.status(&case.token(&early)), 200);
    }
}

#[test]
fn row_33_more_than_sixty_are_not() {
    let case = bis();
    let expires = with(claims(), "exp", NOW + 120);
    case.refused_claims(&with(expires.clone(), "iat", NOW + 62), "not-before");
    case.refused_claims(&with(expires, "nbf", NOW + 62), "not-before");
}

#[test]
fn row_34_lives_for_a_day() {
    let case = bis();
    let day = with(claims(), "exp", NOW + 86_400);
    case.refused_claims(&day, "lifetime");
    case.refused_claims(&without(day, "iat"), "lifetime");
    case.refused_claims(&with(claims(), "exp", NOW + 301), "lifetime");
    case.refused_claims(&with(claims(), "iat", NOW - 301), "lifetime");
    assert_eq!(
        case.status(&case.token(&with(claims(), "exp", NOW + 300))),
        200
    );
    assert_eq!(
        case.status(&case.token(&with(without(claims(), "iat"), "jti", "j-2"))),
        200
    );
}

#[test]
fn row_35_jti_is_missing_empty_long_or_no_text() {
    let case = bis();
    case.refused_claims(&without(claims(), "jti"), "jti");
    case.refused_claims(&with(claims(), "jti", ""), "jti");
    case.refused_claims(&with(claims(), "jti", "j".repeat(257)), "jti");
    case.refused_claims(&with(claims(), "jti", 7), "claims");
    assert_eq!(
        case.status(&case.token(&with(claims(), "jti", "j".repeat(256)))),
        200
    );
}

#[test]
fn row_36_used_twice() {
    let case = bis();
    let token = case.token(&claims());
    assert_eq!(case.status(&token), 200);
    case.refused(&token, "replay");
    // Another signature over the same `jti` is the same assertion.
    case.refused_claims(&claims(), "replay");
}

#[test]
fn row_37_used_on_another_node_and_a_hundred_at_once() {
    let case = bis();
    let second = case.server.second_node(&case.key);
    let token = case.token(&claims());
    let nodes = [&case.server, &second];
    let granted = std::thread::scope(|scope| {
        let posts: Vec<_> = (0..100)
            .map(|index| {
                scope.spawn({
                    let token = &token;
                    move || nodes[index % 2].answer(&with_assertion(token)).status()
                })
            })
            .collect();
        posts
            .into_iter()
            .map(|post| post.join().unwrap())
            .filter(|status| *status == 200)
            .count()
    });
    assert_eq!(granted, 1);
}

#[test]
fn row_38_the_same_jti_of_another_client() {
    let mut case = bis();
    let other = key("k-9");
    case.server
        .register(RegisteredClient::new("other"), [other.public()]);
    assert_eq!(case.status(&case.token(&claims())), 200);
    let theirs = with(with(claims(), "iss", "other"), "sub", "other");
    assert_eq!(
        case.status(&sign(&signer(&other), Headers::new(), &theirs)),
        200
    );
}

#[test]
fn row_39_a_failed_attempt_burns_no_jti() {
    let case = bis();
    case.refused_claims(
        &with(claims(), "aud", "https://other.example.com"),
        "audience",
    );
    assert_eq!(case.status(&case.token(&claims())), 200);
}

#[test]
fn row_40_tokens_of_another_type() {
    let case = bis();
    for typ in [
        "at+jwt",
        "application/at+jwt",
        "dpop+jwt",
        "secevent+jwt",
        "AT+JWT",
        "logout+jwt",
    ] {
        case.refused(
            &sign(&signer(&case.key), Headers::new().typ(typ), &claims()),
            "type",
        );
    }
    for (index, typ) in [
        "JWT",
        "jwt",
        "client-authentication+jwt",
        "application/client-authentication+jwt",
    ]
    .iter()
    .enumerate()
    {
        let claims = with(claims(), "jti", format!("t-{index}"));
        assert_eq!(
            case.status(&sign(&signer(&case.key), Headers::new().typ(*typ), &claims)),
            200,
            "{typ}"
        );
    }
}

#[test]
fn row_41_a_member_twice() {
    let case = bis();
    let twice = claims().to_string().replacen('{', r#"{"sub":"other","#, 1);
    case.refused(
        &sign_text(&signer(&case.key), Headers::new(), &twice),
        "form",
    );
    let escaped = claims()
        .to_string()
        .replacen('{', r#"{"\u006ati":"j-0","#, 1);
    case.refused(
        &sign_text(&signer(&case.key), Headers::new(), &escaped),
        "form",
    );
    let header = base64url::encode(r#"{"alg":"ES256","alg":"ES256"}"#);
    let good = case.token(&claims());
    case.refused(
        &format!("{header}.{}", good.split_once('.').unwrap().1),
        "form",
    );
}

#[test]
fn row_42_deep_json() {
    let case = bis();
    let deep = claims().to_string().replacen(
        '{',
        &format!("{{\"x\":{}{},", "[".repeat(5_000), "]".repeat(5_000)),
        1,
    );
    case.refused(
        &sign_text(&signer(&case.key), Headers::new(), &deep),
        "form",
    );
}

#[test]
fn row_43_the_store_is_down() {
    let mut case = bis();
    case.server.store_down = true;
    let answer = case.server.answer(&with_assertion(&case.token(&claims())));
    assert_eq!(error(&answer), (503, "server_error".into()));
    assert_eq!(answer.headers()["retry-after"], "5");
    assert_eq!(case.server.check(), "replay");
}

#[test]
fn row_44_the_clients_keys_cannot_be_had() {
    let mut case = bis();
    case.server.keys_down = true;
    let answer = case.server.answer(&with_assertion(&case.token(&claims())));
    assert_eq!(error(&answer), (503, "server_error".into()));
    assert_eq!(answer.headers()["retry-after"], "5");
}
