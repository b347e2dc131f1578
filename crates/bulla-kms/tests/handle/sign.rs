use core::num::NonZeroU32;
use core::time::Duration;

use bulla_core::base64url;
use bulla_core::jwa::{HashAlg, MacAlg, SignatureAlg};
use bulla_core::jws::{Builder, Jws};
use bulla_core::jwt;
use bulla_core::key::Verifier;
use bulla_kms::{OpenError, Opener, Permitted, Rules, VaultError, Verification};

use crate::vault::{Fault, Vault, signing};

const ALG: SignatureAlg = SignatureAlg::Es256k;

#[tokio::test]
async fn a_token_is_signed_there_and_verified_here_without_asking() {
    let vault = Vault::es256k();
    let key = vault.open(signing(ALG)).await.expect("opened");
    let signer = key.signer(ALG).expect("a signer");
    let payload = "the payload stays here ".repeat(900);
    let token = Builder::new(&payload)
        .sign_compact_async(&signer)
        .await
        .expect("signed");
    assert_eq!(vault.calls(), 2, "a probe and a signature");

    let public = key.public().expect("a public half");
    let verifier = Verifier::bind_to(&bulla_aws_lc::backend(), public, ALG).expect("a verifier");
    let verified = Jws::parse_compact(&token)
        .expect("a JWS")
        .verify(&verifier)
        .expect("valid");
    assert_eq!(verified.payload(), payload.as_bytes());
    assert_eq!(verified.verified()[0].header().kid(), key.kid());
    assert_eq!(key.kid(), Some(public.thumbprint(HashAlg::Sha256).as_str()));
    assert_eq!(vault.calls(), 2, "verifying asks no vault");

    // What left the process: digests.
    let encoded = base64url::encode(payload.as_bytes());
    for sent in vault.sent() {
        assert_eq!(sent.len(), 32);
        assert!(!encoded.as_bytes().windows(32).any(|part| part == sent));
    }
}

#[tokio::test]
async fn a_vault_that_answers_wrongly_makes_no_token() {
    for fault in [Fault::OtherVersion, Fault::Der, Fault::Empty] {
        let vault = Vault::es256k();
        let key = vault.open(signing(ALG)).await.expect("opened");
        let signer = key.signer(ALG).expect("a signer");
        vault.misbehave(fault.clone());
        let error = Builder::new("x")
            .sign_compact_async(&signer)
            .await
            .expect_err("no token");
        assert_eq!(error.code(), "remote.integrity", "{fault:?}");
        assert_eq!(vault.calls(), 2, "a wrong answer is not asked for again");
    }
}

#[tokio::test]
async fn a_key_that_does_not_fit_its_public_half_is_not_opened() {
    for fault in [Fault::OtherVersion, Fault::Der, Fault::Empty] {
        let vault = Vault::es256k();
        vault.misbehave(fault);
        let Err(OpenError::Vault(error)) = vault.open(signing(ALG)).await else {
            panic!("opened")
        };
        assert_eq!(error.code(), "remote.integrity");
    }
}

#[tokio::test(start_paused = true)]
async fn the_errors_of_a_vault_keep_their_codes() {
    let vault = Vault::es256k();
    let key = vault.open(signing(ALG)).await.expect("opened");
    let signer = key.signer(ALG).expect("a signer");
    for (error, code) in [
        (
            VaultError::Throttled { retry_after: None },
            "remote.throttled",
        ),
        (VaultError::unavailable("x"), "remote.unavailable"),
        (VaultError::Denied { detail: "x".into() }, "remote.denied"),
        (
            VaultError::NotFound { detail: "x".into() },
            "remote.not-found",
        ),
        (
            VaultError::Disabled { detail: "x".into() },
            "remote.disabled",
        ),
        (
            VaultError::TooLarge { limit: 1, found: 2 },
            "remote.too-large",
        ),
    ] {
        vault.misbehave(Fault::Error(error));
        let error = Builder::new("x")
            .sign_compact_async(&signer)
            .await
            .expect_err("no token");
        assert_eq!(error.code(), code);
    }
}

/// Not every signature is verified then, but each is as long as a signature.
#[tokio::test]
async fn what_is_no_signature_at_all_is_found_without_verifying() {
    let rules = Rules::new().verification(Verification::OneIn(NonZeroU32::MAX));
    for fault in [Fault::Empty, Fault::Der] {
        let vault = Vault::es256k();
        let opener = Opener::new().rules(rules);
        let key = vault.open_with(signing(ALG), &opener).await;
        let signer = key.expect("opened").signer(ALG).expect("a signer");
        vault.misbehave(fault.clone());
        let made = Builder::new("x").sign_compact_async(&signer).await;
        let code = made.map_err(|error| error.code());
        assert_eq!(code, Err("remote.integrity"), "{fault:?}");
    }
}

#[tokio::test]
async fn one_signature_in_so_many_is_verified() {
    let vault = Vault::es256k();
    let rules = Rules::new().verification(Verification::OneIn(NonZeroU32::new(8).expect("not 0")));
    let opener = Opener::new().rules(rules);
    let key = vault
        .open_with(signing(ALG), &opener)
        .await
        .expect("opened");
    let signer = key.signer(ALG).expect("a signer");
    vault.misbehave(Fault::OtherVersion);
    let mut refused = 0;
    for _ in 0..400 {
        refused += usize::from(Builder::new("x").sign_compact_async(&signer).await.is_err());
    }
    // 50 are expected; either bound is passed once in 10^8 runs.
    assert!((15..110).contains(&refused), "{refused}");
}

#[tokio::test]
async fn what_is_not_permitted_is_not_bound() {
    let vault = Vault::es256k();
    let key = vault.open(signing(ALG)).await.expect("opened");
    let calls = vault.calls();
    let error = key.signer(SignatureAlg::Es256).expect_err("another curve");
    assert_eq!(error.code(), "remote.unsupported");
    assert!(error.to_string().contains("ES256K"), "{error}");
    assert!(key.mac_signer(MacAlg::Hs256).is_err());
    assert_eq!(vault.calls(), calls);
}

#[tokio::test]
async fn a_mac_is_computed_there_and_its_length_is_all_that_can_be_checked() {
    let vault = Vault::es256k();
    let permitted = Permitted {
        macs: vec![MacAlg::Hs256],
        ..Permitted::default()
    };
    let key = vault.open_secret(permitted).await;
    assert_eq!((vault.calls(), key.public().is_none()), (0, true));
    let signer = key.mac_signer(MacAlg::Hs256).expect("a signer");
    let issue = jwt::issue("https://issuer.example").expires_in(Duration::from_secs(60));
    let token = issue.sign_async(&signer).await.expect("signed");
    let secret = bulla_core::jwk::SecretJwk::new(vec![7; 32]);
    let verifier = Verifier::bind_to(&bulla_aws_lc::backend(), &secret, MacAlg::Hs256);
    let jws = Jws::parse_compact(&token).expect("a JWS");
    assert!(jws.verify(&verifier.expect("a verifier")).is_ok());
    vault.misbehave(Fault::Empty);
    assert_eq!(
        issue.sign_async(&signer).await.expect_err("empty").code(),
        "remote.integrity"
    );
}
