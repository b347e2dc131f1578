//! Answers that are not what was asked for.

use bulla_core::jwa::SignatureAlg;
use bulla_core::jws::Builder;
use bulla_kms::{Rules, Verification, azure};
use core::num::NonZeroU32;
use serde_json::{Value, json};

use crate::client::{Answer, KID, bundle, opener, vault};

/// What signing says where the vault answers this.
async fn code(answer: impl Fn() -> Answer + Send + Sync + 'static) -> &'static str {
    let (client, _) = vault(bundle(), move |_| answer());
    let key = azure::open(client, "tokens", None, &opener())
        .await
        .expect("a key");
    let signer = key.signer(SignatureAlg::Es256).expect("a signer");
    let error = Builder::new(b"payload").sign_compact_async(&signer).await;
    error.expect_err("a wrong answer").code()
}

fn signed(kid: &str, value: &str) -> impl Fn() -> Answer + Send + Sync + 'static {
    let body: Value = json!({"kid": kid, "value": value});
    move || Answer::json(200, &body)
}

#[tokio::test]
async fn a_signature_by_another_version_is_not_used() {
    let newer = "https://contoso.vault.azure.net/keys/tokens/0a1c";
    assert_eq!(code(signed(newer, "AAAA")).await, "remote.integrity");
    let elsewhere = "https://fabrikam.vault.azure.net/keys/tokens/0a1b";
    assert_eq!(code(signed(elsewhere, "AAAA")).await, "remote.integrity");
    assert_eq!(code(signed("", "AAAA")).await, "remote.integrity");
}

/// Nothing but the version stands between these octets and their use: the signature is not verified, by the rules.
#[tokio::test]
async fn the_version_is_checked_whether_or_not_the_signature_is() {
    let seldom = Verification::OneIn(NonZeroU32::MAX);
    let opener = opener().rules(Rules::new().tries(1).verification(seldom));
    let newer = "https://contoso.vault.azure.net/keys/tokens/0a1c";
    for (kid, used) in [(KID, true), (newer, false)] {
        let answer = signed(kid, &"A".repeat(86));
        let (client, _) = vault(bundle(), move |_| answer());
        let key = azure::open(client, "tokens", None, &opener)
            .await
            .expect("a key");
        let signer = key.signer(SignatureAlg::Es256).expect("a signer");
        let made = Builder::new("payload").sign_compact_async(&signer).await;
        assert_eq!(made.is_ok(), used, "{kid}");
    }
}

#[tokio::test]
async fn octets_that_are_no_signature_of_this_key_are_not_used() {
    // Of another length, in DER, and of this length by another key.
    for value in ["", "AAAA", "MAYCAQUCAQU", &"A".repeat(86)] {
        assert_eq!(
            code(signed(KID, value)).await,
            "remote.integrity",
            "{value}"
        );
    }
}

#[tokio::test]
async fn what_is_no_answer_is_not_used() {
    for body in ["", "{", "[]", "null", "{\"kid\": 1}", "{\"value\": \"!\"}"] {
        let answer = move || Answer {
            status: 200,
            headers: Vec::new(),
            body: body.to_owned(),
        };
        assert_eq!(code(answer).await, "remote.integrity", "{body}");
    }
    let no_value = json!({ "kid": KID });
    assert_eq!(
        code(move || Answer::json(200, &no_value)).await,
        "remote.integrity"
    );
}

#[tokio::test]
async fn the_version_is_named_in_every_request_and_the_payload_in_none() {
    let (client, wire) = vault(bundle(), |_| Answer::error(500, "no", None));
    let key = azure::open(client, "tokens", None, &opener())
        .await
        .expect("a key");
    let signer = key.signer(SignatureAlg::Es256).expect("a signer");
    let payload = b"what nobody else should read";
    Builder::new(payload)
        .sign_compact_async(&signer)
        .await
        .expect_err("no signature");
    let sent = wire.sent.lock().expect("no panic");
    let last = sent.last().expect("a request");
    assert!(
        last.url.contains("/keys/tokens/0a1b/sign?api-version="),
        "{}",
        last.url
    );
    assert!(last.authorization.is_some());
    let said: Value = serde_json::from_str(&last.body).expect("JSON");
    assert_eq!(said["alg"], "ES256");
    assert_eq!(said["value"].as_str().map(str::len), Some(43), "a digest");
    for hidden in ["nobody", &bulla_core::base64url::encode(payload)] {
        assert!(!last.body.contains(hidden));
    }
}
