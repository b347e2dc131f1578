//! The table of errors: what a vault says, and what it is called here.

use core::time::Duration;

use bulla_core::base64url;
use bulla_core::jwa::{ContentEncryptionAlg, KeyManagementAlg, SignatureAlg};
use bulla_core::jwe::{self, Jwe};
use bulla_core::jws::Builder;
use bulla_core::key::Encrypter;
use bulla_kms::{OpenError, VaultError, azure};
use serde_json::json;

use crate::client::{Answer, bundle, opener, vault};

/// What opening says where the vault refuses to give the key.
async fn refused(answer: impl Fn() -> Answer + Send + Sync + 'static) -> VaultError {
    let (client, _) = crate::client::client(crate::client::VAULT, move |sent| {
        if sent.authorization.is_some() {
            return answer();
        }
        Answer::error(401, "AKV10000", None).header(
            "www-authenticate",
            "Bearer authorization=\"https://login.windows.net/t\", resource=\"https://vault.azure.net\"",
        )
    });
    match azure::open(client, "tokens", None, &opener()).await {
        Err(OpenError::Vault(error)) => error,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn each_answer_has_its_name() {
    let forbidden = "does not have keys sign permission on key vault 'contoso'";
    for (status, message, inner, code) in [
        (
            400,
            "Key and signing algorithm are incompatible.",
            None,
            "remote.unsupported",
        ),
        (401, "AKV10032: Invalid issuer.", None, "remote.denied"),
        (403, forbidden, Some("ForbiddenByPolicy"), "remote.denied"),
        (403, forbidden, None, "remote.denied"),
        (
            403,
            "Client address is not authorized.",
            Some("ForbiddenByFirewall"),
            "remote.denied",
        ),
        (
            403,
            "Operation sign is not permitted on this key.",
            Some("KeyOperationForbidden"),
            "remote.unsupported",
        ),
        (
            403,
            "Operation sign is not allowed on a disabled key.",
            Some("KeyDisabled"),
            "remote.disabled",
        ),
        (
            403,
            "Operation sign is not allowed on a disabled key.",
            None,
            "remote.disabled",
        ),
        (
            403,
            "Operation sign is not allowed on an expired key.",
            None,
            "remote.disabled",
        ),
        (
            403,
            "Operation sign is not allowed on a not yet valid key.",
            None,
            "remote.disabled",
        ),
        (
            404,
            "A key with (name/id) tokens was not found in this key vault.",
            Some("KeyNotFound"),
            "remote.not-found",
        ),
        (
            409,
            "Key tokens is currently being deleted.",
            Some("ObjectIsBeingDeleted"),
            "remote.disabled",
        ),
        (408, "Request timed out.", None, "remote.unavailable"),
        (
            429,
            "Request was not processed because too many requests were received.",
            None,
            "remote.throttled",
        ),
        (500, "Internal.", None, "remote.unavailable"),
        (502, "Bad gateway.", None, "remote.unavailable"),
        (503, "Busy.", None, "remote.unavailable"),
        (302, "Elsewhere.", None, "remote.integrity"),
    ] {
        let error = refused(move || Answer::error(status, message, inner)).await;
        assert_eq!(error.code(), code, "{status} {message}: {error}");
        if !matches!(
            error,
            VaultError::Throttled { .. } | VaultError::Integrity { .. }
        ) {
            assert!(error.to_string().contains(message), "{error}");
        }
    }
}

#[tokio::test]
async fn an_answer_that_is_no_json_still_has_its_name() {
    for (status, code) in [
        (403, "remote.denied"),
        (404, "remote.not-found"),
        (502, "remote.unavailable"),
    ] {
        let html = move || Answer {
            status,
            headers: Vec::new(),
            body: "<html>no</html>".to_owned(),
        };
        assert_eq!(refused(html).await.code(), code);
    }
}

#[tokio::test]
async fn when_to_come_back_is_kept() {
    let soon = azure_core::time::OffsetDateTime::now_utc() + azure_core::time::Duration::minutes(2);
    let date = azure_core::time::to_rfc7231(&soon);
    for (status, header, value, least, most) in [
        (429, "retry-after", "7".to_owned(), 7_000, 7_000),
        (429, "retry-after", date, 110_000, 120_000),
        (429, "retry-after-ms", "250".to_owned(), 250, 250),
        (429, "retry-after", "-1".to_owned(), 0, 0),
        (503, "retry-after", "3".to_owned(), 3_000, 3_000),
    ] {
        let answer = move || Answer::error(status, "busy", None).header(header, value.clone());
        let VaultError::Throttled {
            retry_after: Some(after),
        } = refused(answer).await
        else {
            panic!("throttled")
        };
        let range = Duration::from_millis(least)..=Duration::from_millis(most);
        assert!(range.contains(&after), "{header}: {after:?}");
    }
    let none = refused(|| Answer::error(429, "busy", None)).await;
    assert_eq!(none, VaultError::Throttled { retry_after: None });
}

#[tokio::test]
async fn what_is_wrong_with_a_ciphertext_has_no_detail_and_the_rest_keeps_its_name() {
    for (status, inner, code) in [
        (400, None, "jwe.decryption-failed"),
        (403, None, "remote.denied"),
        (403, Some("KeyDisabled"), "remote.disabled"),
        (404, None, "remote.not-found"),
        (429, None, "remote.throttled"),
        (500, None, "remote.unavailable"),
    ] {
        let answer = move || Answer::error(status, "no", inner);
        assert_eq!(decrypting(answer).await, code, "{status}");
    }
}

#[tokio::test]
async fn a_key_that_another_version_unwrapped_is_not_used() {
    for (version, code) in [
        // The right version gives a key that is not the token's; the other is not looked at.
        ("0a1b", "jwe.decryption-failed"),
        ("0a1c", "remote.integrity"),
    ] {
        let kid = format!("https://contoso.vault.azure.net/keys/tokens/{version}");
        let body = json!({"kid": kid, "value": base64url::encode([7; 32])});
        assert_eq!(decrypting(move || Answer::json(200, &body)).await, code);
    }
}

/// What decrypting says where the vault answers this.
async fn decrypting(answer: impl Fn() -> Answer + Send + Sync + 'static) -> &'static str {
    let mut rsa = bundle();
    rsa["key"]["kty"] = json!("RSA");
    rsa["key"]["n"] = json!(base64url::encode([0xc5; 256]));
    rsa["key"]["e"] = json!("AQAB");
    rsa["key"]["key_ops"] = json!(["unwrapKey"]);
    let (client, _) = vault(rsa, move |_| answer());
    let key = azure::open(client, "tokens", None, &opener())
        .await
        .expect("a key");
    let alg = KeyManagementAlg::RsaOaep256;
    let public = key.public().expect("a public half");
    let to = Encrypter::bind_to(&bulla_aws_lc::backend(), public, alg).expect("an encrypter");
    let token = jwe::Builder::new("secret", ContentEncryptionAlg::A256Gcm).encrypt_compact(&to);
    let token = token.expect("a token");
    let decrypter = key.decrypter(alg).expect("a decrypter");
    let parsed = Jwe::parse_compact(&token).expect("a JWE");
    parsed
        .decrypt_async(&decrypter)
        .await
        .expect_err("no key")
        .code()
}

#[tokio::test]
async fn what_signing_fails_with_keeps_its_name() {
    let busy = || Answer::error(429, "busy", None).header("retry-after", "9");
    let (client, wire) = vault(bundle(), move |_| busy());
    let key = azure::open(client, "tokens", None, &opener())
        .await
        .expect("a key");
    let signer = key.signer(SignatureAlg::Es256).expect("a signer");
    let before = wire.sent.lock().expect("no panic").len();
    let error = Builder::new("x")
        .sign_compact_async(&signer)
        .await
        .expect_err("throttled");
    assert_eq!(error.code(), "remote.throttled");
    let after = wire.sent.lock().expect("no panic").len();
    assert_eq!(
        after - before,
        1,
        "the SDK tries once; trying again is the handle's"
    );
}
