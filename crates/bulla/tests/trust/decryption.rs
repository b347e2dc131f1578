//! Keys to decrypt with come from stores and resolvers, never from the token.

use bulla::jwa::{ContentEncryptionAlg, KeyManagementAlg};
use bulla::jwe::{self, Jwe};
use bulla::jwk::{Jwk, SecretJwk};
use bulla::jwt::{self, Expectations};
use bulla::key::Encrypter;
use bulla::trust::{AllowedUrls, HeaderKeys, Trust};
use serde_json::{Value, json};

use crate::support::{
    LEAF_CERTIFICATE, Table, Web, another, leaf, now, public_value, store, stranger, with_kid, x5c,
    x5t, x5t_s256,
};

const ALG: KeyManagementAlg = KeyManagementAlg::EcdhEsA128Kw;
const ENC: ContentEncryptionAlg = ContentEncryptionAlg::A128Gcm;

fn to(key: &bulla::jwk::PrivateJwk) -> Encrypter {
    let mut key = key.public();
    key.members_mut().kid = None;
    bulla::encrypter_for(&key, ALG).unwrap()
}

fn token(key: &bulla::jwk::PrivateJwk, parameters: Value) -> String {
    let Value::Object(parameters) = parameters else {
        panic!("not an object")
    };
    let mut builder = jwe::Builder::new("content", ENC);
    for (name, value) in parameters {
        builder = builder.header(name, value);
    }
    builder.encrypt_compact(&to(key)).unwrap()
}

fn decrypt(keys: &HeaderKeys, token: &str) -> Result<Trust, jwe::DecryptError> {
    let opened = now(keys.decrypt_jwe(Jwe::parse_compact(token)?))?;
    assert_eq!(opened.plaintext(), b"content");
    Ok(opened.key().trust().clone())
}

fn refused(keys: &HeaderKeys, token: &str) -> String {
    decrypt(keys, token).unwrap_err().code().to_owned()
}

fn with_keys(keys: impl IntoIterator<Item = impl Into<Jwk>>) -> HeaderKeys {
    HeaderKeys::new(&bulla::backend()).store(store(keys))
}

#[test]
fn a_private_key_is_found_by_every_name_in_the_store_and_by_resolvers() {
    let mut certified = with_kid(leaf(), "a");
    certified.members_mut().x5c = Some(vec![LEAF_CERTIFICATE.to_vec()]);
    let stored = with_keys([certified.clone()]).header_jwk();
    for (said, kind) in [
        (json!({"kid":"a"}), "store"),
        (json!({"x5t": x5t(LEAF_CERTIFICATE)}), "store"),
        (json!({"x5t#S256": x5t_s256(LEAF_CERTIFICATE)}), "store"),
        (json!({"jwk": public_value(&leaf())}), "header-jwk"),
        (json!({"kid":"a", "x5c": x5c(&[LEAF_CERTIFICATE])}), "store"),
    ] {
        assert_eq!(
            decrypt(&stored, &token(&leaf(), said)).unwrap().kind(),
            kind
        );
    }
    let table = Table::of([(r#"kid "a""#.to_owned(), certified)]);
    let resolved = HeaderKeys::new(&bulla::backend()).resolver(table);
    assert_eq!(
        decrypt(&resolved, &token(&leaf(), json!({"kid":"a"})))
            .unwrap()
            .kind(),
        "resolver"
    );
    let nothing = HeaderKeys::new(&bulla::backend());
    assert_eq!(
        refused(&nothing, &token(&leaf(), json!({"kid":"a"}))),
        "jwk.not-found"
    );
}

/// A header has public keys, but if it had a private one, or said where one is: it would be the sender's.
#[test]
fn what_the_token_brings_decrypts_nothing() {
    let url = "https://issuer.example/jwks";
    let private: Value = serde_json::from_str(&Jwk::from(with_kid(leaf(), "a")).to_json()).unwrap();
    let web = Web::of([(url, json!({"keys":[private]}).to_string())]);
    let keys = HeaderKeys::new(&bulla::backend())
        .jwk_set_urls(AllowedUrls::https([url]).unwrap(), web.clone());
    assert_eq!(
        refused(&keys, &token(&leaf(), json!({"kid":"a","jku": url}))),
        "jwk.not-found"
    );
    assert!(web.asked().is_empty());
    let public_only = with_keys([with_kid(leaf(), "a").public()]);
    assert_eq!(
        refused(&public_only, &token(&leaf(), json!({"kid":"a"}))),
        "jwk.usage-mismatch"
    );
}

#[test]
fn what_disagrees_is_refused() {
    let keys = with_keys([with_kid(leaf(), "a")]);
    for said in [
        json!({"kid":"a","jwk": public_value(&stranger())}),
        json!({"kid":"a","x5c": x5c(&[LEAF_CERTIFICATE]),"x5t": x5t(b"another")}),
        json!({"kid":"a","x5c": x5c(&[crate::support::STRANGER_CERTIFICATE])}),
    ] {
        assert_eq!(refused(&keys, &token(&leaf(), said)), "jwk.disagrees");
    }
}

#[test]
fn legacy_algorithms_and_passwords_are_on_only_where_the_application_says_so() {
    let mut password = SecretJwk::new(b"correct horse battery staple".to_vec());
    password.members_mut().kid = Some("p".to_owned());
    let alg = KeyManagementAlg::Pbes2Hs256A128Kw;
    let encrypter =
        Encrypter::password_with(&bulla::backend(), password.k().clone(), alg, 1_000).unwrap();
    let token = jwe::Builder::new("content", ENC)
        .kid("p")
        .encrypt_compact(&encrypter)
        .unwrap();
    let keys = with_keys([password]);
    assert_eq!(refused(&keys, &token), "jwe.algorithm-not-allowed");
    assert_eq!(
        decrypt(&keys.key_management([alg]), &token).unwrap().kind(),
        "store"
    );
}

#[test]
fn each_recipient_finds_its_own_keys_and_every_failure_is_kept() {
    let other = with_kid(another(), "b");
    let to = |key: &bulla::jwk::PrivateJwk| bulla::encrypter_for(&key.public(), ALG).unwrap();
    let (first, second) = (to(&other), to(&with_kid(leaf(), "a")));
    let json = jwe::Builder::new("content", ENC)
        .encrypt_general(&[
            (&first, jwe::RecipientHeader::new()),
            (&second, jwe::RecipientHeader::new()),
        ])
        .unwrap();
    let keys = with_keys([with_kid(leaf(), "a"), with_kid(stranger(), "b")]);
    let opened = now(keys.decrypt_jwe(Jwe::parse_general(json.as_bytes()).unwrap())).unwrap();
    assert_eq!((opened.recipient(), opened.key().kid()), (1, Some("a")));
    let failures: Vec<_> = opened
        .failures()
        .iter()
        .map(|(index, error)| (*index, error.code()))
        .collect();
    assert_eq!(failures, [(0, "jwe.decryption-failed")]);

    let keys = with_keys([with_kid(leaf(), "a")]);
    let jwe = Jwe::parse_general(json.as_bytes()).unwrap();
    let found = now(keys.decryption_keys_for(&jwe)).unwrap();
    assert_eq!(
        found
            .failures()
            .map(|error| error.code())
            .collect::<Vec<_>>(),
        ["jwk.not-found"]
    );
    let opened = jwe.decrypt(&found).unwrap();
    assert_eq!(opened.failures()[0].1.code(), "jwk.not-found");
}

#[test]
fn expectations_take_all_steps_of_encrypted_and_of_nested_tokens() {
    let ours = with_kid(leaf(), "ours");
    let theirs = with_kid(stranger(), "theirs");
    let keys = with_keys([Jwk::from(ours.clone()), Jwk::from(theirs.public())]);
    let expect = Expectations::new("https://issuer.example", "api");
    let issue = || {
        jwt::issue("https://issuer.example")
            .audience("api")
            .expires_in(std::time::Duration::from_secs(60))
    };
    let to = bulla::encrypter_for(&ours.public(), ALG).unwrap();
    let encrypted = issue().encrypt(&to, ENC).unwrap();
    let valid =
        now(expect.resolve_and_decrypt::<serde::de::IgnoredAny>(&encrypted, &keys)).unwrap();
    assert_eq!(
        (valid.key().kid(), valid.key().trust().kind()),
        (Some("ours"), "store")
    );

    let signer = bulla::signer(&theirs).unwrap();
    let nested = issue().sign_then_encrypt(&signer, &to, ENC).unwrap();
    let valid =
        now(expect.resolve_decrypt_and_verify::<serde::de::IgnoredAny>(&nested, &keys)).unwrap();
    assert_eq!(valid.key().kid(), Some("theirs"));
    assert_eq!(valid.outer_key().unwrap().kid(), Some("ours"));
    let error =
        now(expect.resolve_and_decrypt::<serde::de::IgnoredAny>(&nested, &keys)).unwrap_err();
    assert_eq!(
        error.fault(),
        bulla::Fault::Token,
        "a token where claims were expected: {error}"
    );
    let without = with_keys([ours]);
    let error = now(expect.resolve_decrypt_and_verify::<serde::de::IgnoredAny>(&nested, &without));
    assert_eq!(error.unwrap_err().code(), "jwk.not-found");
}
