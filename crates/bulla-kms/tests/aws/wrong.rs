//! Answers that are whole, and wrong. None is tried again, since that would only hide what is broken.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bulla_core::jwa::{ContentEncryptionAlg, HashAlg, KeyManagementAlg, MacAlg};
use bulla_core::jwk::EcCurve;
use bulla_core::jws;
use bulla_kms::aws;
use serde_json::{Value, json};

use crate::client::{client, open, patient, sign};
use crate::double::{Double, KeySpec, Usage};
use crate::proxy::{Fault, Proxy};
use crate::suite;

type Edit = fn(&mut Value);

#[tokio::test]
async fn wrong_answers_are_found_out() {
    let double = Double::start().await;
    let proxy = Proxy::start(double.address).await;
    let key = double.create(KeySpec::Ec(EcCurve::P256), Usage::Sign);
    let handle = open(&client(proxy.address), &key.arn()).await;
    let edits: [(&str, Edit); 10] = [
        ("the ARN of another key", |answer| {
            answer["KeyId"] = json!("arn:aws:kms:eu-west-1:111122223333:key/another");
        }),
        ("an alias", |answer| answer["KeyId"] = json!("alias/tokens")),
        ("no key", |answer| drop(answer["KeyId"].take())),
        ("no signature", |answer| drop(answer["Signature"].take())),
        ("an empty signature", |answer| {
            answer["Signature"] = json!("")
        }),
        ("a signature that is no base64", |answer| {
            answer["Signature"] = json!("?")
        }),
        ("a signature that is a number", |answer| {
            answer["Signature"] = json!(7)
        }),
        ("R and S as they are", |answer| {
            answer["Signature"] = json!("QUFB".repeat(21) + "QQ==");
        }),
        ("DER with a length that is wrong", |answer| {
            let text = answer["Signature"].as_str().unwrap();
            answer["Signature"] = json!(text.replacen("ME", "MF", 1));
        }),
        ("another signature", |answer| {
            // SEQUENCE { INTEGER 1, INTEGER 1 }
            answer["Signature"] = json!("MAYCAQECAQE=");
        }),
    ];
    for (name, edit) in edits {
        proxy.forget();
        proxy.on("Sign", Fault::Edit(Box::new(edit)));
        assert_eq!(sign(&handle).await, Err("remote.integrity"), "{name}");
        assert_eq!(proxy.calls(), ["Sign"], "{name}");
    }
    proxy.on("Sign", Fault::Halve);
    assert_eq!(
        sign(&handle).await,
        Err("remote.integrity"),
        "half an answer"
    );
    proxy.on("Sign", Fault::Answer(200, "", "<html>welcome</html>"));
    assert_eq!(sign(&handle).await, Err("remote.integrity"), "a login page");
    sign(&handle).await.unwrap();
}

/// A KMS that signs what it is given, with another key, and says that it is the one that was asked for.
#[tokio::test]
async fn the_signature_of_another_key_is_found_out() {
    let double = Double::start().await;
    let proxy = Proxy::start(double.address).await;
    let create = || double.create(KeySpec::Ec(EcCurve::P256), Usage::Sign);
    let (key, other) = (create(), create());
    let handle = open(&client(proxy.address), &key.arn()).await;
    proxy.on("Sign", Fault::Instead(other.arn()));
    assert_eq!(sign(&handle).await, Err("remote.integrity"));
    proxy.on("Sign", Fault::Instead(key.arn()));
    sign(&handle).await.unwrap();
}

#[tokio::test]
async fn a_public_key_that_is_not_the_keys_is_found_when_it_is_opened() {
    let double = Double::start().await;
    let proxy = Proxy::start(double.address).await;
    for (spec, usage) in [
        (KeySpec::Ec(EcCurve::P256), Usage::Sign),
        (KeySpec::Ec(EcCurve::P256), Usage::Agree),
        (KeySpec::Rsa(2048), Usage::Decrypt),
    ] {
        let (key, other) = (double.create(spec, usage), double.create(spec, usage));
        let spki = STANDARD.encode(other.key.spki());
        let edit = move |answer: &mut Value| answer["PublicKey"] = json!(spki);
        proxy.on("GetPublicKey", Fault::Edit(Box::new(edit)));
        let opened = aws::open(&client(proxy.address), &key.arn(), &patient()).await;
        let code = opened.unwrap_err().code();
        // What is encrypted for another key does not decrypt at all.
        let expected = if usage == Usage::Decrypt {
            "remote.refused"
        } else {
            "remote.integrity"
        };
        assert_eq!(code, expected, "{usage:?}");
    }
}

/// An alias stands for whatever key it is pointed at; an identifier and an ARN are one key's.
#[tokio::test]
async fn another_key_than_the_one_that_is_named_is_not_opened() {
    let double = Double::start().await;
    let proxy = Proxy::start(double.address).await;
    let client = client(proxy.address);
    for (spec, usage, operation) in [
        (KeySpec::Ec(EcCurve::P256), Usage::Sign, "GetPublicKey"),
        (KeySpec::Hmac(HashAlg::Sha256), Usage::Mac, "DescribeKey"),
    ] {
        let (key, other) = (double.create(spec, usage), double.create(spec, usage));
        for name in [key.arn(), key.id.clone()] {
            let arn = other.arn();
            let edit = move |answer: &mut Value| {
                let place = match answer.get("KeyMetadata") {
                    Some(_) => &mut answer["KeyMetadata"]["Arn"],
                    None => &mut answer["KeyId"],
                };
                *place = json!(arn);
            };
            proxy.on(operation, Fault::Edit(Box::new(edit)));
            let opened = aws::open(&client, &name, &patient().probe(false)).await;
            let code = opened.map_err(|error| error.code()).map(drop);
            assert_eq!(code, Err("remote.integrity"), "{operation} {name}");
            assert_eq!(open(&client, &name).await.version(), key.arn());
        }
    }
}

#[tokio::test]
async fn wrong_descriptions_are_found_out() {
    let double = Double::start().await;
    let proxy = Proxy::start(double.address).await;
    let key = double.create(KeySpec::Ec(EcCurve::P256), Usage::Sign);
    let edits: [(Edit, &str); 6] = [
        (|answer| drop(answer["KeyId"].take()), "remote.integrity"),
        (
            |answer| answer["KeyId"] = json!("alias/tokens"),
            "remote.integrity",
        ),
        (
            |answer| drop(answer["PublicKey"].take()),
            "remote.integrity",
        ),
        (
            |answer| answer["PublicKey"] = json!("MAA="),
            "jwk.malformed",
        ),
        (
            |answer| answer["SigningAlgorithms"] = json!([]),
            "remote.unsupported",
        ),
        // Of another curve: nothing is left that the key can do.
        (
            |answer| answer["SigningAlgorithms"] = json!(["ECDSA_SHA_384"]),
            "remote.unsupported",
        ),
    ];
    for (edit, code) in edits {
        proxy.on("GetPublicKey", Fault::Edit(Box::new(edit)));
        let opened = aws::open(&client(proxy.address), &key.arn(), &patient()).await;
        assert_eq!(opened.unwrap_err().code(), code);
    }
}

#[tokio::test]
async fn other_operations_are_held_against_the_key_too() {
    let double = Double::start().await;
    let proxy = Proxy::start(double.address).await;
    let another: Edit =
        |answer| answer["KeyId"] = json!("arn:aws:kms:eu-west-1:111122223333:key/another");

    let hmac = double.create(KeySpec::Hmac(HashAlg::Sha256), Usage::Mac);
    let hmac = open(&client(proxy.address), &hmac.arn()).await;
    let signer = hmac.mac_signer(MacAlg::Hs256).unwrap();
    let other_algorithm: Edit = |answer| answer["MacAlgorithm"] = json!("HMAC_SHA_384");
    for edit in [another, other_algorithm] {
        proxy.on("GenerateMac", Fault::Edit(Box::new(edit)));
        let made = jws::Builder::new("x").sign_compact_async(&signer).await;
        assert_eq!(made.unwrap_err().code(), "remote.integrity");
    }

    let enc = ContentEncryptionAlg::A128Gcm;
    let short: Edit = |answer| answer["SharedSecret"] = json!("QUFB");
    let none: Edit = |answer| drop(answer["Plaintext"].take());
    for (spec, usage, alg, operation, edits) in [
        (
            KeySpec::Rsa(2048),
            Usage::Decrypt,
            KeyManagementAlg::RsaOaep256,
            "Decrypt",
            [another, none],
        ),
        (
            KeySpec::Ec(EcCurve::P256),
            Usage::Agree,
            KeyManagementAlg::EcdhEs,
            "DeriveSharedSecret",
            [another, short],
        ),
    ] {
        let key = double.create(spec, usage);
        let handle = open(&client(proxy.address), &key.arn()).await;
        let token = suite::encrypted(&handle, alg, enc);
        for edit in edits {
            proxy.on(operation, Fault::Edit(Box::new(edit)));
            let error = suite::open(&handle, alg, &token).await.unwrap_err();
            assert_eq!(error.code(), "remote.integrity", "{operation}");
        }
        suite::open(&handle, alg, &token).await.unwrap();
    }
}
