//! One test, since there is one token and one process.

use std::time::Duration;

use bulla_core::jwa::{ContentEncryptionAlg, KeyManagementAlg, SignatureAlg};
use bulla_core::jwe::DecryptError;
use bulla_core::jws;
use bulla_core::key::AsyncSigner;
use bulla_kms::{KeyHandle, Opener, Rules};

use crate::faults::{calls, count, set};
use crate::suite::{PAYLOAD, assert_no_trace, encrypted, has_digest, open};
use crate::token::{self, P256, TOKEN};

// Return values of PKCS#11 2.40 §2.1.
const GENERAL_ERROR: u32 = 0x05;
const DEVICE_ERROR: u32 = 0x30;
const DEVICE_REMOVED: u32 = 0x32;
const PIN_INCORRECT: u32 = 0xa0;
const SESSION_CLOSED: u32 = 0xb0;
const SESSION_COUNT: u32 = 0xb1;
const SESSION_HANDLE_INVALID: u32 = 0xb3;
const KEY_HANDLE_INVALID: u32 = 0x60;
const OPERATION_ACTIVE: u32 = 0x90;
const USER_NOT_LOGGED_IN: u32 = 0x101;

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs SoftHSM and a module that fails; run by cargo xtask test kms-pkcs11"]
async fn tokens_that_are_away_or_fail() {
    set("");
    TOKEN.ec("away-ec", P256, true, false);
    TOKEN.rsa("away-rsa", 2048);
    // What is wrong must be told at once, not after the handle has tried again.
    let once = Rules::new().tries(1);
    let handle = opened("away-ec", once).await;
    let signer = handle.signer(SignatureAlg::Es256).unwrap();
    sign(&signer).await.unwrap();

    digests_alone(&signer).await;
    lost_sessions(&signer).await;
    full_tokens(&signer).await;
    let rsa = opened("away-rsa", once).await;
    decryption(&rsa).await;
    removed_and_returned(&signer, &rsa).await;
    a_pin_is_refused_once(&signer).await;
}

async fn opened(label: &str, rules: Rules) -> KeyHandle {
    let opener = Opener::new().rules(rules.deadline(Duration::from_secs(30)));
    opener.open(&token::uri(label)).await.unwrap()
}

/// A token, or the code of the error.
async fn sign(signer: &AsyncSigner) -> Result<String, &'static str> {
    let token = jws::Builder::new(PAYLOAD).sign_compact_async(signer).await;
    token.map_err(|error| error.code())
}

/// What the module is given to sign is the digest, and nothing of the payload.
async fn digests_alone(signer: &AsyncSigner) {
    calls();
    let token = sign(signer).await.unwrap();
    let (input, _) = token.rsplit_once('.').unwrap();
    let seen = calls().join("\n");
    assert!(has_digest(seen.as_bytes(), input.as_bytes()), "{seen}");
    assert_no_trace(seen.as_bytes(), PAYLOAD);
    assert_no_trace(seen.as_bytes(), input.as_bytes());
}

/// A session that is no more, whatever it is called: everything is opened anew, and the call is made.
async fn lost_sessions(signer: &AsyncSigner) {
    for code in [
        DEVICE_ERROR,
        DEVICE_REMOVED,
        GENERAL_ERROR,
        KEY_HANDLE_INVALID,
        OPERATION_ACTIVE,
        SESSION_CLOSED,
        SESSION_HANDLE_INVALID,
        USER_NOT_LOGGED_IN,
    ] {
        for function in ["C_SignInit", "C_Sign"] {
            set(&format!("{function} {code} 1"));
            calls();
            assert!(sign(signer).await.is_ok(), "{function} {code:#x}");
            let calls = calls();
            assert_eq!(count(&calls, "C_SignInit"), 2, "{function} {code:#x}");
            // One that keeps the login, and one that signs.
            assert_eq!(count(&calls, "C_OpenSession"), 2, "{function} {code:#x}");
        }
        set(&format!("C_Sign {code} 9"));
        assert_eq!(sign(signer).await, Err("remote.unavailable"), "{code:#x}");
        set("");
        sign(signer).await.unwrap();
    }
    // Sessions are used again, not opened for each call.
    calls();
    for _ in 0..5 {
        sign(signer).await.unwrap();
    }
    assert_eq!(count(&calls(), "C_OpenSession"), 0);
}

/// More sessions than the token has: that is load, and may be over in a moment.
async fn full_tokens(signer: &AsyncSigner) {
    // A session that is free would be used.
    set(&format!(
        "C_SignInit {DEVICE_ERROR} 1\nC_OpenSession {SESSION_COUNT} 9"
    ));
    assert_eq!(sign(signer).await, Err("remote.throttled"));
    set("");
    let patient = opened("away-ec", Rules::new()).await;
    let signer = patient.signer(SignatureAlg::Es256).unwrap();
    set(&format!(
        "C_SignInit {DEVICE_ERROR} 1\nC_OpenSession {SESSION_COUNT} 1"
    ));
    sign(&signer).await.unwrap();
    set("");
}

/// A token that is away says nothing about a ciphertext; a general error of a sound session does.
async fn decryption(rsa: &KeyHandle) {
    let alg = KeyManagementAlg::RsaOaep;
    let jwe = encrypted(rsa, alg, ContentEncryptionAlg::A128Gcm);
    for (function, code) in [
        ("C_DecryptInit", SESSION_HANDLE_INVALID),
        ("C_Decrypt", DEVICE_REMOVED),
    ] {
        set(&format!("{function} {code} 1"));
        open(rsa, alg, &jwe).await.unwrap();
        set(&format!("{function} {code} 9"));
        let error = open(rsa, alg, &jwe).await.unwrap_err();
        assert_eq!(error.code(), "remote.unavailable", "{error}");
    }
    for code in [GENERAL_ERROR, DEVICE_ERROR] {
        set(&format!("C_Decrypt {code} 1"));
        let error = open(rsa, alg, &jwe).await.unwrap_err();
        assert!(matches!(error, DecryptError::DecryptionFailed), "{error}");
    }
    // The same general error, and the session is gone with it.
    set(&format!(
        "C_Decrypt {GENERAL_ERROR} 9\nC_GetSessionInfo {SESSION_HANDLE_INVALID} 9"
    ));
    let error = open(rsa, alg, &jwe).await.unwrap_err();
    assert_eq!(error.code(), "remote.unavailable", "{error}");
    set("");
    open(rsa, alg, &jwe).await.unwrap();
}

/// Out: unavailable. Back in, logged out as it then is: logged in once, its key found, and used.
async fn removed_and_returned(signer: &AsyncSigner, rsa: &KeyHandle) {
    for _ in 0..3 {
        set("removed");
        assert_eq!(sign(signer).await, Err("remote.unavailable"));
        assert_eq!(sign(signer).await, Err("remote.unavailable"));
        calls();
        set("");
        // Several at once find it back, and one of them logs in.
        let (one, two, three) = tokio::join!(sign(signer), sign(signer), sign(signer));
        assert!(one.is_ok() && two.is_ok() && three.is_ok());
        assert_eq!(count(&calls(), "C_Login"), 1);
        let alg = KeyManagementAlg::RsaOaep;
        let jwe = encrypted(rsa, alg, ContentEncryptionAlg::A128Gcm);
        open(rsa, alg, &jwe).await.unwrap();
    }
}

/// Somebody has changed the PIN meanwhile: it is tried once and never again, since the token would lock.
async fn a_pin_is_refused_once(signer: &AsyncSigner) {
    set("removed");
    assert_eq!(sign(signer).await, Err("remote.unavailable"));
    set(&format!("C_Login {PIN_INCORRECT} 9"));
    calls();
    // Several at once are one try too.
    let again = || async {
        let opened = Opener::new().open(&token::uri("away-ec")).await;
        opened.map(drop).map_err(|error| error.code())
    };
    let (one, two, three) = tokio::join!(again(), again(), again());
    assert_eq!([one, two, three], [Err("remote.denied"); 3]);
    for _ in 0..5 {
        assert_eq!(sign(signer).await, Err("remote.denied"));
    }
    assert_eq!(count(&calls(), "C_Login"), 1);
    set("");
    assert_eq!(sign(signer).await, Err("remote.denied"));
    // Nor by opening the key again, or another of the token: each time would be one more.
    calls();
    for label in ["away-ec", "away-rsa"] {
        let opened = Opener::new().open(&token::uri(label)).await;
        assert_eq!(opened.unwrap_err().code(), "remote.denied", "{label}");
    }
    assert_eq!(count(&calls(), "C_Login"), 0);
}
