//! Rows 7 to 22, 27 and 28: the form of an assertion, its algorithm, its key and its signature.

use std::sync::Arc;

use bulla::jwa::{ContentEncryptionAlg, KeyManagementAlg, MacAlg, SignatureAlg};
use bulla::jwe;
use bulla::jwk::{PublicJwk, PublicKey, RsaPublicKey, SecretJwk};
use bulla::jws::Headers;
use bulla::key::{Encrypter, Signer};
use bulla::oauth::assertion::{ClientAuthMethod, Profile, RegisteredClient};
use bulla_server::server::{Client, ClientKeys};
use serde_json::json;

use crate::support::*;

async fn bis() -> Case {
    Case::new(Profile::Bis).await
}

#[tokio::test]
async fn a_good_assertion_is_accepted() {
    for profile in [Profile::Bis, Profile::Fapi2, Profile::Legacy] {
        Case::new(profile).await.accepted(&claims()).await;
    }
}

#[tokio::test]
async fn row_07_what_is_no_jwt() {
    let case = bis().await;
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
        let answer = case.answer(&token).await;
        assert_eq!(answer.status(), 401, "{token}");
        assert_eq!(answer.body(), REFUSED, "{token}");
        // The last segment is not looked at before the signature is.
        let decision = last_decision();
        let check = decision.get("check").unwrap();
        assert!(["form", "signature"].contains(&check), "{token}");
    }
}

#[tokio::test]
async fn row_08_a_jwe() {
    let case = bis().await;
    let secret = SecretJwk::new(vec![7; 32]);
    let encrypter = Encrypter::bind_to(&backend(), &secret, KeyManagementAlg::A256Kw).unwrap();
    let payload = claims().to_string();
    let token = jwe::Builder::new(payload.as_bytes(), ContentEncryptionAlg::A256Gcm)
        .encrypt_compact(&encrypter)
        .unwrap();
    case.refused(&token, "form").await;
}

#[tokio::test]
async fn row_09_more_than_16_kib() {
    let case = bis().await;
    let token = case.token(&with(claims(), "x", "y".repeat(16 * 1024)));
    let answer = case.answer(&token).await;
    assert_eq!(error(&answer), (400, "invalid_request".into()));
    assert_eq!(last_decision().get("check"), Some("size"));
}

#[tokio::test]
async fn row_10_alg_none() {
    let case = bis().await;
    let good = case.token(&claims());
    for alg in ["none", "nOnE", "None", "NONE", ""] {
        let token = forged(&json!({"alg": alg, "kid": "k-1"}), &good);
        case.refused(&token, "algorithm").await;
        let (unsigned, _) = token.rsplit_once('.').unwrap();
        case.refused(&format!("{unsigned}."), "algorithm").await;
    }
}

#[tokio::test]
async fn row_11_hs256_with_the_public_key_as_secret() {
    let case = bis().await;
    let public = case.key.public().to_json();
    let secret = SecretJwk::new(public.as_bytes());
    let mac = Signer::bind_to(&backend(), &secret, MacAlg::Hs256).unwrap();
    let token = sign(&mac, Headers::new().kid("k-1"), &claims());
    case.refused(&token, "algorithm").await;
}

#[tokio::test]
async fn row_12_rs256_in_the_fapi_profile() {
    let rsa = rsa("k-1");
    for (profile, alg, accepted) in [
        (Profile::Fapi2, SignatureAlg::Rs256, false),
        (Profile::Bis, SignatureAlg::Rs256, false),
        (Profile::Fapi2, SignatureAlg::Ps256, true),
        (Profile::Legacy, SignatureAlg::Rs256, true),
        (Profile::Fapi2, SignatureAlg::Ps384, false),
        (Profile::Bis, SignatureAlg::Ps384, true),
    ] {
        let case = Case::with_key(profile, rsa.clone()).await;
        let token = sign(&signer_for(&rsa, alg), Headers::new(), &claims());
        if accepted {
            assert_eq!(case.status(&token).await, 200, "{profile} {alg:?}");
        } else {
            case.refused(&token, "algorithm").await;
        }
    }
}

#[tokio::test]
async fn row_13_an_algorithm_that_the_client_did_not_register() {
    let client = RegisteredClient::new("billing").algorithms([SignatureAlg::Ps256]);
    let case = Case::with(Profile::Bis, key("k-1"), client, |setup| setup).await;
    case.refused_claims(&claims(), "client-algorithm").await;
}

#[tokio::test]
async fn row_14_unknown_crit() {
    let case = bis().await;
    let headers = Headers::new().critical("x-check", true);
    let token = sign(&signer(&case.key), headers, &claims());
    case.refused(&token, "form").await;
}

#[tokio::test]
async fn row_15_b64_false() {
    let case = bis().await;
    let good = case.token(&claims());
    for header in [
        json!({"alg": "ES256", "kid": "k-1", "b64": false, "crit": ["b64"]}),
        json!({"alg": "ES256", "kid": "k-1", "zip": "DEF"}),
    ] {
        case.refused(&forged(&header, &good), "form").await;
    }
}

#[tokio::test]
async fn row_16_a_key_in_the_header() {
    let case = bis().await;
    for kid in ["k-1", "k-2"] {
        let own = key(kid);
        let headers = Headers::new().protected("jwk", own.public().to_value());
        let token = sign(&signer(&own), headers, &claims());
        case.refused(&token, "signature").await;
    }
}

#[tokio::test]
async fn row_17_jku_and_x5u_are_not_fetched() {
    let case = bis().await;
    let own = key("k-2");
    let attacker = Publisher::default();
    attacker.publish([own.public()]);
    let url = format!("http://{}/keys", attacker.start().await);
    for name in ["jku", "x5u"] {
        let headers = Headers::new().protected(name, url.as_str());
        let token = sign(&signer(&own), headers, &claims());
        case.refused(&token, "signature").await;
    }
    assert_eq!(attacker.asked(), 0);
}

#[tokio::test]
async fn row_18_unknown_kid() {
    let case = bis().await;
    let headers = Headers::new().kid("k-2");
    let token = sign(&signer(&case.key), headers, &claims());
    case.refused(&token, "signature").await;
    assert_eq!(last_decision().get("code"), Some("jwk.not-found"));
}

#[tokio::test]
async fn row_19_kid_of_another_clients_key() {
    let other = key("k-9");
    let theirs = other.public();
    let case = Case::with(
        Profile::Bis,
        key("k-1"),
        RegisteredClient::new("billing"),
        |setup| setup.register(RegisteredClient::new("other"), [theirs]),
    )
    .await;
    let token = sign(&signer(&other), Headers::new(), &claims());
    case.refused(&token, "signature").await;
}

#[tokio::test]
async fn row_20_forged_signatures() {
    let case = bis().await;
    let good = case.token(&claims());
    type Change = fn(&mut Vec<u8>);
    let changes: [Change; 6] = [
        |signature| signature[10] ^= 1,
        |signature| signature.fill(0),
        |signature| signature[..32].fill(0),
        |signature| signature[32..].fill(0),
        |signature| signature.fill(0xff),
        // DER: SEQUENCE { INTEGER, INTEGER }
        |signature| {
            let (r, s) = (signature[..32].to_vec(), signature[32..].to_vec());
            *signature = [&[0x30, 70, 2, 33, 0][..], &r, &[2, 33, 0], &s].concat();
        },
    ];
    for change in changes {
        case.refused(&resigned(&good, change), "signature").await;
    }
    assert_eq!(last_decision().get("code"), Some("jws.signature-invalid"));
}

#[tokio::test]
async fn row_21_signatures_of_63_and_65_octets() {
    let case = bis().await;
    let good = case.token(&claims());
    for length in [63, 65, 0] {
        let token = resigned(&good, |signature| signature.resize(length, 0));
        case.refused(&token, "signature").await;
    }
}

#[tokio::test]
async fn row_22_an_rsa_key_of_1024_bits() {
    let weak = RsaPublicKey::new(vec![0xff; 128], vec![1, 0, 1]).unwrap();
    let mut weak = PublicJwk::new(PublicKey::Rsa(weak));
    weak.members_mut().kid = Some("weak".into());
    let address = Setup::new(Profile::Bis)
        .register(RegisteredClient::new("billing"), [weak])
        .start()
        .await;
    let rsa = rsa("weak");
    let signer = signer_for(&rsa, SignatureAlg::Ps256);
    let token = sign(&signer, Headers::new(), &claims());
    let answer = send(address, &with_assertion(&token)).await;
    assert_eq!(error(&answer), (401, "invalid_client".into()));
    assert_eq!(last_decision().get("code"), Some("jwk.not-found"));
}

#[tokio::test]
async fn row_27_unknown_and_disabled_clients_are_told_nothing() {
    let case = bis().await;
    let stranger = with(with(claims(), "iss", "stranger"), "sub", "stranger");
    case.refused_claims(&stranger, "client").await;
    assert_eq!(last_decision().get("client"), Some("stranger"));
    let disabled = RegisteredClient::new("billing").disabled();
    let case = Case::with(Profile::Bis, key("k-1"), disabled, |setup| setup).await;
    case.refused_claims(&claims(), "client").await;
    let forged = resigned(&case.token(&claims()), |signature| signature[10] ^= 1);
    case.refused(&forged, "client").await;
}

#[tokio::test]
async fn row_28_registered_for_another_method() {
    for method in [
        ClientAuthMethod::TlsClientAuth,
        ClientAuthMethod::ClientSecretBasic,
        ClientAuthMethod::None,
    ] {
        let client = RegisteredClient::new("billing").method(method);
        let case = Case::with(Profile::Bis, key("k-1"), client, |setup| setup).await;
        case.refused_claims(&claims(), "method").await;
    }
}

#[tokio::test]
async fn a_client_whose_keys_have_no_kid() {
    let mut nameless = key("x");
    nameless.members_mut().kid = None;
    let case = Case::with_key(Profile::Bis, nameless).await;
    case.accepted(&claims()).await;
    // Of a client that has several, each that fits is tried.
    let keys: Vec<_> = ["a", "b"].map(key).to_vec();
    let setup = Setup::new(Profile::Bis);
    let compiled = setup.keys(keys.iter().map(|key| key.public()));
    let client = Client::new(
        RegisteredClient::new("billing"),
        ClientKeys::Fixed(Arc::new(compiled)),
    );
    let address = setup.client(client).start().await;
    for key in &keys {
        let token = sign(&signer(key), Headers::new().without_kid(), &claims());
        let answer = send(address, &with_assertion(&token)).await;
        assert_eq!(error(&answer), (200, String::new()));
    }
}
