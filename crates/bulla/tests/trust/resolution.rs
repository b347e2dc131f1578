//! What finds the key of a token, in which order, and what finds none.

use std::sync::Arc;

use bulla::Limits;
use bulla::jwa::{MacAlg, SignatureAlg};
use bulla::jwk::{Jwk, PrivateJwk};
use bulla::jws::{Builder, General, Headers, Jws, VerifyError};
use bulla::jwt::{self, Expectations};
use bulla::key::KeySetPolicy;
use bulla::trust::{AllowedUrls, FoundBy, HeaderKeys, KeyStore, ResolveError, Trust};
use serde_json::{Value, json};

use crate::support::{
    LEAF_CERTIFICATE, Paths, RENEWED_CERTIFICATE, ROOT_CERTIFICATE, STRANGER_CERTIFICATE, Table,
    Web, leaf, now, public_value, signer, store, stranger, token, with_kid, x5c, x5t, x5t_s256,
};

const JWKS: &str = "https://issuer.example/jwks";
const CHAIN: &str = "https://issuer.example/chain.pem";

fn nothing_on() -> HeaderKeys {
    HeaderKeys::new(&bulla::backend())
}

fn verify(keys: &HeaderKeys, token: &str) -> Result<Trust, VerifyError> {
    let verified = now(keys.verify_jws(Jws::parse_compact(token)?))?;
    assert_eq!(verified.payload(), b"payload");
    Ok(verified.verified()[0].key().trust().clone())
}

fn refused(keys: &HeaderKeys, token: &str) -> &'static str {
    verify(keys, token).unwrap_err().code()
}

fn set(keys: &[&PrivateJwk]) -> String {
    json!({"keys": keys.iter().map(|key| public_value(key)).collect::<Vec<_>>()}).to_string()
}

fn pem(certificates: &[&[u8]]) -> String {
    let block = |der: &&[u8]| {
        let text = crate::support::base64(der);
        format!("-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n")
    };
    certificates.iter().map(block).collect()
}

#[test]
fn nothing_is_on_by_default() {
    let keys = nothing_on();
    let leaf = leaf();
    for (parameters, code) in [
        (json!({}), "jwk.not-found"),
        (json!({"kid":"a"}), "jwk.not-found"),
        (json!({"x5t": x5t(LEAF_CERTIFICATE)}), "jwk.not-found"),
        (json!({"jwk": public_value(&leaf)}), "jwk.untrusted"),
        (
            json!({"x5c": x5c(&[LEAF_CERTIFICATE, ROOT_CERTIFICATE])}),
            "jwk.untrusted",
        ),
        (json!({"jku": JWKS}), "jwk.untrusted"),
        (json!({"x5u": CHAIN}), "jwk.untrusted"),
        (
            json!({"kid":"a","jwk": public_value(&leaf),"jku": JWKS}),
            "jwk.untrusted",
        ),
    ] {
        assert_eq!(
            refused(&keys, &token(&leaf, parameters.clone())),
            code,
            "{parameters}"
        );
    }
}

#[test]
fn a_store_is_asked_by_kid_then_by_the_certificate() {
    let mut certified = with_kid(leaf(), "a");
    certified.members_mut().x5c = Some(vec![LEAF_CERTIFICATE.to_vec()]);
    let keys = nothing_on().store(store([certified]));
    let (sha1, sha256) = (x5t(LEAF_CERTIFICATE), x5t_s256(LEAF_CERTIFICATE));
    for (parameters, expected) in [
        (json!({"kid":"a"}), FoundBy::Kid),
        (json!({"x5t": sha1}), FoundBy::CertificateSha1),
        (json!({"x5t#S256": sha256}), FoundBy::CertificateSha256),
        (
            json!({"kid":"a","x5t": sha1,"x5t#S256": sha256}),
            FoundBy::Kid,
        ),
        (
            json!({"kid":"unknown","x5t#S256": sha256}),
            FoundBy::CertificateSha256,
        ),
    ] {
        let why = verify(&keys, &token(&leaf(), parameters.clone())).unwrap();
        let because = Box::new(Trust::Caller);
        let found_by = expected;
        assert_eq!(why, Trust::Store { found_by, because }, "{parameters}");
    }
    assert_eq!(refused(&keys, &token(&leaf(), json!({}))), "jwk.not-found");
    assert_eq!(
        refused(&keys, &token(&leaf(), json!({"kid":"A"}))),
        "jwk.not-found"
    );
    let forged = token(&stranger(), json!({"kid":"a"}));
    assert_eq!(refused(&keys, &forged), "jws.signature-invalid");
}

#[test]
fn a_resolver_is_asked_by_the_same_names_where_no_store_has_the_key() {
    let row = |name: String| (name, leaf());
    let table = Table::of([row(format!("x5t#S256 {}", x5t_s256(LEAF_CERTIFICATE)))]);
    let keys = nothing_on()
        .store(store([with_kid(leaf(), "stored")]))
        .resolver(table.clone());
    let parameters =
        json!({"kid":"a","x5t": x5t(LEAF_CERTIFICATE),"x5t#S256": x5t_s256(LEAF_CERTIFICATE)});
    let why = verify(&keys, &token(&leaf(), parameters)).unwrap();
    let found_by = FoundBy::CertificateSha256;
    let name = "a table".to_owned();
    assert_eq!(why, Trust::Resolver { name, found_by });
    assert_eq!(table.asked().len(), 3);
    assert_eq!(table.asked()[0], r#"kid "a""#);
    verify(&keys, &token(&leaf(), json!({"kid":"stored"}))).unwrap();
    assert_eq!(table.asked().len(), 3, "the store had it");
}

#[test]
fn a_resolver_that_fails_is_passed_over_and_its_error_kept() {
    let good = Table::of([(r#"kid "a""#.to_owned(), leaf())]);
    let keys = nothing_on().resolver(Table::broken()).resolver(good);
    let found = token(&leaf(), json!({"kid":"a"}));
    verify(&keys, &found).unwrap();
    let jws = Jws::parse_compact(&found).unwrap();
    let resolved = now(keys.keys_for(&jws)).unwrap();
    let codes: Vec<_> = resolved.failures().map(ResolveError::code).collect();
    assert_eq!(codes, ["io.read"]);

    let error = verify(&keys, &token(&leaf(), json!({"kid":"b"}))).unwrap_err();
    assert_eq!(error.code(), "io.read", "trying again may help: {error}");
    let VerifyError::Resolve(error) = error else {
        panic!("{error:?}")
    };
    let ResolveError::Several(errors) = *error else {
        panic!("{error:?}")
    };
    let codes: Vec<_> = errors.iter().map(ResolveError::code).collect();
    assert_eq!(
        codes,
        ["io.read", "jwk.not-found"],
        "in the order of the tries"
    );
}

#[test]
fn a_certificate_chain_vouches_for_its_key_if_it_is_validated() {
    let paths = Arc::new(Paths::default());
    let keys = nothing_on().certificates(paths.clone());
    let good = token(
        &leaf(),
        json!({"kid":"any","x5c": x5c(&[LEAF_CERTIFICATE, ROOT_CERTIFICATE])}),
    );
    let anchor = "CN=Test Root".to_owned();
    assert_eq!(
        verify(&keys, &good).unwrap(),
        Trust::CertificatePath { anchor }
    );
    let own = token(&stranger(), json!({"x5c": x5c(&[STRANGER_CERTIFICATE])}));
    assert_eq!(refused(&keys, &own), "x509.untrusted");
    let borrowed = token(
        &stranger(),
        json!({"x5c": x5c(&[LEAF_CERTIFICATE, ROOT_CERTIFICATE])}),
    );
    assert_eq!(refused(&keys, &borrowed), "jws.signature-invalid");
    assert_eq!(*paths.asked.lock().unwrap(), 3);
}

/// The path validation is somebody else's code.
#[test]
fn a_validated_path_must_be_that_of_the_token() {
    let paths = Arc::new(Paths {
        answers: Some(stranger().public()),
        ..Paths::default()
    });
    let keys = nothing_on().certificates(paths);
    let token = token(
        &stranger(),
        json!({"x5c": x5c(&[LEAF_CERTIFICATE, ROOT_CERTIFICATE])}),
    );
    assert_eq!(refused(&keys, &token), "jwk.disagrees");
}

#[test]
fn what_the_path_permits_the_key_binds_it() {
    let mut encrypts = leaf().public();
    encrypts.members_mut().key_ops = Some(vec![bulla::jwk::KeyOperation::WrapKey]);
    let paths = Arc::new(Paths {
        answers: Some(encrypts),
        ..Paths::default()
    });
    let keys = nothing_on().certificates(paths);
    let token = token(
        &leaf(),
        json!({"x5c": x5c(&[LEAF_CERTIFICATE, ROOT_CERTIFICATE])}),
    );
    assert_eq!(refused(&keys, &token), "jwk.usage-mismatch");
}

#[test]
fn a_listed_chain_is_fetched_and_validated() {
    let chain = pem(&[LEAF_CERTIFICATE, ROOT_CERTIFICATE]);
    let web = Web::of([(CHAIN, chain)]);
    let urls = AllowedUrls::https([CHAIN]).unwrap();
    let on = || nothing_on().certificate_urls(urls.clone(), web.clone());
    let good = token(&leaf(), json!({"x5u": CHAIN, "x5t": x5t(LEAF_CERTIFICATE)}));
    assert_eq!(
        refused(&on(), &good),
        "jwk.untrusted",
        "nothing could validate it"
    );
    assert!(web.asked().is_empty());
    let why = verify(&on().certificates(Arc::new(Paths::default())), &good).unwrap();
    let (url, anchor) = (CHAIN.to_owned(), "CN=Test Root".to_owned());
    assert_eq!(why, Trust::CertificateUrl { url, anchor });

    for page in [
        pem(&[STRANGER_CERTIFICATE]),
        pem(&[ROOT_CERTIFICATE, LEAF_CERTIFICATE]),
        pem(&[LEAF_CERTIFICATE; 9]),
        "<html>".to_owned(),
        String::new(),
    ] {
        let web = Web::of([(CHAIN, &page)]);
        let keys = nothing_on().certificates(Arc::new(Paths::default()));
        let keys = keys.certificate_urls(urls.clone(), web);
        verify(&keys, &token(&leaf(), json!({"x5u": CHAIN}))).unwrap_err();
    }
}

#[test]
fn a_listed_set_vouches_for_its_keys() {
    let web = Web::of([(
        JWKS,
        set(&[&with_kid(stranger(), "b"), &with_kid(leaf(), "a")]),
    )]);
    let keys = nothing_on().jwk_set_urls(AllowedUrls::https([JWKS]).unwrap(), web.clone());
    let url = JWKS.to_owned();
    let why = Trust::JwkSetUrl { url };
    assert_eq!(
        verify(&keys, &token(&leaf(), json!({"jku": JWKS, "kid": "a"}))).unwrap(),
        why
    );
    assert_eq!(
        verify(&keys, &token(&leaf(), json!({"jku": JWKS}))).unwrap(),
        why
    );
    let forged = token(&leaf(), json!({"jku": JWKS, "kid": "b"}));
    assert_eq!(refused(&keys, &forged), "jws.signature-invalid");
    let unknown = token(&leaf(), json!({"jku": JWKS, "kid": "c"}));
    assert_eq!(refused(&keys, &unknown), "jwk.not-found");
    let gone = nothing_on().jwk_set_urls(AllowedUrls::https([JWKS]).unwrap(), Web::of([("", "")]));
    assert_eq!(refused(&gone, &unknown), "remote.unavailable");
}

/// A secret that anybody can fetch is none.
#[test]
fn only_the_public_keys_of_a_set_count() {
    let mut secret = bulla::generate_secret(MacAlg::Hs256).unwrap();
    secret.members_mut().kid = Some("s".to_owned());
    let token = Builder::new("payload")
        .header("jku", JWKS)
        .sign_compact(&bulla::signer(&secret).unwrap())
        .unwrap();
    let private: Value = serde_json::from_str(&Jwk::from(with_kid(leaf(), "p")).to_json()).unwrap();
    let secret: Value = serde_json::from_str(&Jwk::from(secret).to_json()).unwrap();
    let web = Web::of([(JWKS, json!({"keys":[secret, private]}).to_string())]);
    let keys = nothing_on().jwk_set_urls(AllowedUrls::https([JWKS]).unwrap(), web);
    assert_eq!(refused(&keys, &token), "jwk.not-found");
    let by_private = crate::support::token(&leaf(), json!({"jku": JWKS, "kid": "p"}));
    assert_eq!(refused(&keys, &by_private), "jwk.not-found");
}

#[test]
fn a_jwk_is_one_more_name_for_a_key_that_is_trusted_already() {
    let mut restricted = leaf().public();
    restricted.members_mut().kid = Some("mine".to_owned());
    let on = nothing_on().store(store([restricted])).header_jwk();
    let token = token(&leaf(), json!({"jwk": public_value(&leaf())}));
    let why = verify(&on, &token).unwrap();
    let Trust::HeaderJwk { thumbprint, by } = why else {
        panic!("{why}")
    };
    assert_eq!(thumbprint, bulla::jwk::thumbprint::sha256(&leaf().into()));
    assert!(matches!(
        *by,
        Trust::Store {
            found_by: FoundBy::Thumbprint,
            ..
        }
    ));
    let jws = Jws::parse_compact(&token).unwrap();
    let found = now(on.keys_for(&jws)).unwrap();
    assert_eq!(
        found.keys().next().unwrap().info().kid(),
        Some("mine"),
        "the stored key is used"
    );

    let own = crate::support::token(&stranger(), json!({"jwk": public_value(&stranger())}));
    assert_eq!(refused(&on, &own), "jwk.untrusted");
    let off = nothing_on().store(store([leaf()]));
    assert_eq!(
        refused(&off, &token),
        "jwk.untrusted",
        "not asked by thumbprint"
    );
}

/// What the stored key is not for, the header's copy of it is not for either.
#[test]
fn a_jwk_does_not_widen_what_the_stored_key_is_for() {
    let mut other_alg = leaf().public();
    other_alg.members_mut().alg = Some(SignatureAlg::Es384.name().clone());
    let on = nothing_on().store(store([other_alg])).header_jwk();
    let token = token(&leaf(), json!({"jwk": public_value(&leaf())}));
    assert_eq!(refused(&on, &token), "jwk.usage-mismatch");
}

/// Store, resolver, `x5c`, `x5u`, `jku`: whatever finds the key first keeps the rest from being asked.
#[test]
fn the_order_is_that_of_the_documentation_and_the_first_that_has_a_key_decides() {
    let parameters = json!({"kid":"a","jku": JWKS, "x5u": CHAIN, "x5c": x5c(&[LEAF_CERTIFICATE, ROOT_CERTIFICATE])});
    let token = token(&leaf(), parameters);
    let kinds = [
        "store",
        "resolver",
        "certificate-path",
        "certificate-url",
        "jwk-set-url",
    ];
    for (first, kind) in kinds.into_iter().enumerate() {
        let paths = Arc::new(Paths::default());
        let table = Table::of([(r#"kid "a""#.to_owned(), leaf())]);
        let empty = Table::of::<Jwk>([]);
        let web = Web::of([
            (JWKS, set(&[&with_kid(leaf(), "a")])),
            (CHAIN, pem(&[LEAF_CERTIFICATE, ROOT_CERTIFICATE])),
        ]);
        let mut keys = nothing_on();
        // The parts are switched on in another order than that in which they are asked.
        keys = keys.jwk_set_urls(AllowedUrls::https([JWKS]).unwrap(), web.clone());
        if first <= 3 {
            keys = keys.certificate_urls(AllowedUrls::https([CHAIN]).unwrap(), web.clone());
        }
        if first <= 3 {
            keys = keys.certificates(paths.clone());
        }
        keys = keys.resolver(if first <= 1 { table.clone() } else { empty });
        keys = keys.store(if first == 0 {
            store([with_kid(leaf(), "a")])
        } else {
            store(Vec::<Jwk>::new())
        });
        // There is no switching off `x5c` alone: a chain that is refused is passed over.
        let token = match first {
            3 => crate::support::token(
                &leaf(),
                json!({"kid":"a","jku": JWKS, "x5u": CHAIN, "x5c": x5c(&[LEAF_CERTIFICATE])}),
            ),
            _ => token.clone(),
        };
        assert_eq!(verify(&keys, &token).unwrap().kind(), kind);
        let asked = web.asked();
        match first {
            0..=2 => assert!(asked.is_empty(), "{asked:?}"),
            3 => assert_eq!(asked, [CHAIN]),
            _ => assert_eq!(asked, [JWKS]),
        }
        assert_eq!(table.asked().is_empty(), first != 1);
        assert_eq!(*paths.asked.lock().unwrap() == 0, !(2..=3).contains(&first));
    }
}

/// A key that is named, but is for something else, is not passed over for one that the token brings.
#[test]
fn a_named_key_that_is_unfit_ends_the_search() {
    let web = Web::of([(JWKS, set(&[&with_kid(leaf(), "a")]))]);
    let urls = AllowedUrls::https([JWKS]).unwrap();
    let token = token(&leaf(), json!({"kid":"a","jku": JWKS}));
    let mut other_alg = with_kid(leaf(), "a");
    other_alg.members_mut().alg = Some(SignatureAlg::Es384.name().clone());
    let mut encrypts = with_kid(leaf(), "a");
    encrypts.members_mut().key_use = Some(bulla::jwk::PublicKeyUse::Encryption);
    let mut derives = with_kid(leaf(), "a");
    derives.members_mut().key_ops = Some(vec![bulla::jwk::KeyOperation::DeriveKey]);
    let mut rsa = bulla::generate(SignatureAlg::Ps256).unwrap();
    rsa.members_mut().kid = Some("a".to_owned());
    let mut secret = bulla::generate_secret(MacAlg::Hs256).unwrap();
    secret.members_mut().kid = Some("a".to_owned());
    let unfit: [Jwk; 5] = [
        other_alg.into(),
        encrypts.into(),
        derives.into(),
        rsa.into(),
        secret.into(),
    ];
    for key in unfit {
        let keys = nothing_on()
            .store(store([key]))
            .jwk_set_urls(urls.clone(), web.clone());
        assert_eq!(refused(&keys, &token), "jwk.usage-mismatch");
    }
    assert!(web.asked().is_empty());
}

#[test]
fn the_policy_of_the_application_holds() {
    let keys = nothing_on().store(store([with_kid(leaf(), "a")]));
    let keys = keys.policy(KeySetPolicy::signatures([SignatureAlg::Ps256]));
    let token = token(&leaf(), json!({"kid":"a"}));
    assert_eq!(refused(&keys, &token), "jws.algorithm-not-allowed");
    for header in [
        r#"{"alg":"none","kid":"a"}"#,
        r#"{"kid":"a"}"#,
        r#"{"alg":"es256","kid":"a"}"#,
    ] {
        let none = format!("{}.eA.", bulla::base64url::encode(header));
        assert_eq!(
            refused(&nothing_on().store(store([with_kid(leaf(), "a")])), &none),
            "jws.algorithm-not-allowed"
        );
    }
}

#[test]
fn a_secret_of_the_store_verifies_a_mac_and_nothing_else_does() {
    let mut secret = bulla::generate_secret(MacAlg::Hs256).unwrap();
    secret.members_mut().kid = Some("a".to_owned());
    let token = Builder::new("payload")
        .sign_compact(&bulla::signer(&secret).unwrap())
        .unwrap();
    let keys = nothing_on().store(store([secret]));
    assert_eq!(verify(&keys, &token).unwrap().kind(), "store");
    let public = nothing_on().store(store([with_kid(leaf(), "a")]));
    assert_eq!(refused(&public, &token), "jwk.usage-mismatch");
}

#[test]
fn as_many_keys_are_tried_as_the_limit_says() {
    let mut decoys: Vec<PrivateJwk> = (0..3)
        .map(|_| with_kid(bulla::generate(SignatureAlg::Es256).unwrap(), "a"))
        .collect();
    let within = token(&leaf(), json!({"kid":"a"}));
    decoys.push(with_kid(leaf(), "a"));
    verify(&nothing_on().store(store(decoys.clone())), &within).unwrap();
    decoys.insert(
        0,
        with_kid(bulla::generate(SignatureAlg::Es256).unwrap(), "a"),
    );
    let keys = nothing_on().store(store(decoys.clone()));
    let error = verify(&keys, &within).unwrap_err();
    let VerifyError::Several(errors) = &error else {
        panic!("{error:?}")
    };
    assert_eq!(errors.len(), 4, "every failure is kept");
    let fewer = Limits {
        keys_tried: 2,
        ..Limits::default()
    };
    let jws = Jws::parse_compact(&within).unwrap();
    let found = now(keys.clone().limits(fewer).keys_for(&jws)).unwrap();
    assert_eq!(found.keys().count(), 2);

    // Both halves of a pair are one key, and what does not fit is not tried.
    let mut mixed: Vec<Jwk> = Vec::new();
    for key in &decoys[..3] {
        mixed.push(key.clone().into());
        mixed.push(key.public().into());
        let mut encrypts = bulla::generate(SignatureAlg::Es256).unwrap();
        encrypts.members_mut().kid = Some("a".to_owned());
        encrypts.members_mut().key_use = Some(bulla::jwk::PublicKeyUse::Encryption);
        mixed.push(encrypts.into());
    }
    mixed.push(with_kid(leaf(), "a").into());
    verify(&nothing_on().store(store(mixed)), &within).unwrap();
}

#[test]
fn names_and_chains_are_bounded() {
    let limits = Limits {
        kid: 8,
        x5c: 1,
        ..Limits::default()
    };
    let keys = nothing_on()
        .store(store([with_kid(leaf(), "123456789")]))
        .limits(limits);
    let long = token(&leaf(), json!({"kid":"123456789"}));
    let chain = token(
        &leaf(),
        json!({"x5c": x5c(&[LEAF_CERTIFICATE, ROOT_CERTIFICATE])}),
    );
    for token in [long, chain] {
        assert_eq!(refused(&keys, &token), "jwk.limit-exceeded");
    }
}

#[test]
fn a_set_over_the_limits_is_refused_whole() {
    let page = set(&[&with_kid(leaf(), "a"), &with_kid(stranger(), "b")]);
    let token = token(&leaf(), json!({"jku": JWKS, "kid": "a"}));
    let on = |limits| {
        let urls = AllowedUrls::https([JWKS]).unwrap();
        nothing_on()
            .jwk_set_urls(urls, Web::of([(JWKS, &page)]))
            .limits(limits)
    };
    verify(&on(Limits::default()), &token).unwrap();
    let keys = 1;
    assert_eq!(
        refused(
            &on(Limits {
                keys,
                ..Limits::default()
            }),
            &token
        ),
        "jwk.limit-exceeded"
    );
    // A fetcher that does not keep to the bound it is given is not believed.
    let jwk_set = page.len() - 1;
    assert_eq!(
        refused(
            &on(Limits {
                jwk_set,
                ..Limits::default()
            }),
            &token
        ),
        "jwk.limit-exceeded"
    );
}

/// In JSON, each signature has keys of its own, and the error of one is not that of the others.
#[test]
fn each_signature_finds_its_own_keys() {
    let (leaf, stranger) = (with_kid(leaf(), "a"), with_kid(stranger(), "b"));
    let evil = Headers::new().protected("jku", "https://evil.example/");
    let general = General::new("payload")
        .sign(&Headers::new().kid("a"), &signer(&leaf))
        .and_then(|general| general.sign(&evil, &signer(&stranger)))
        .and_then(General::finish)
        .unwrap();
    let keys = nothing_on().store(store([leaf]));
    let jws = Jws::parse_general(general.as_bytes()).unwrap();
    let resolved = now(keys.keys_for(&jws)).unwrap();
    let verified = jws.verify(&resolved).unwrap();
    assert_eq!(verified.verified().len(), 1);
    let (index, error) = &verified.failures()[0];
    assert_eq!((*index, error.code()), (1, "jwk.untrusted"));
    let jws = Jws::parse_general(general.as_bytes()).unwrap();
    let error = jws.verify_all(&resolved).unwrap_err();
    assert_eq!(error.code(), "jwk.untrusted");
}

/// A stranger on the way can change it, and would choose what is fetched and validated.
#[test]
fn what_a_token_brings_counts_in_the_protected_header_alone() {
    let web = Web::of([
        (JWKS, set(&[&with_kid(leaf(), "a")])),
        (CHAIN, pem(&[LEAF_CERTIFICATE, ROOT_CERTIFICATE])),
    ]);
    let paths = Arc::new(Paths::default());
    let keys = nothing_on()
        .store(store([leaf()]))
        .header_jwk()
        .certificates(paths.clone())
        .certificate_urls(AllowedUrls::https([CHAIN]).unwrap(), web.clone())
        .jwk_set_urls(AllowedUrls::https([JWKS]).unwrap(), web.clone());
    for (name, value) in [
        ("jwk", public_value(&leaf())),
        ("x5c", x5c(&[LEAF_CERTIFICATE, ROOT_CERTIFICATE])),
        ("x5u", json!(CHAIN)),
        ("jku", json!(JWKS)),
    ] {
        let json = Builder::new("payload")
            .unprotected(name, value.clone())
            .sign_flattened(&signer(&leaf()))
            .unwrap();
        let jws = Jws::parse_flattened(json.as_bytes()).unwrap();
        let error = now(keys.verify_jws(jws)).unwrap_err();
        assert_eq!(error.code(), "jwk.untrusted", "{name}");
        assert_eq!(
            (web.asked().len(), *paths.asked.lock().unwrap()),
            (0, 0),
            "{name}"
        );
        let json = Builder::new("payload")
            .header(name, value)
            .sign_flattened(&signer(&leaf()))
            .unwrap();
        let jws = Jws::parse_flattened(json.as_bytes()).unwrap();
        now(keys.verify_jws(jws)).unwrap();
        web.asked.lock().unwrap().clear();
        *paths.asked.lock().unwrap() = 0;
    }
    // A name only chooses among trusted keys.
    let json = Builder::new("payload")
        .unprotected("kid", "a")
        .sign_flattened(&signer(&leaf()))
        .unwrap();
    let keys = nothing_on().store(store([with_kid(leaf(), "a")]));
    now(keys.verify_jws(Jws::parse_flattened(json.as_bytes()).unwrap())).unwrap();
}

/// The snapshot of one token is not a set of keys for any.
#[test]
fn what_was_resolved_serves_tokens_that_name_their_key_alike() {
    let keys = nothing_on().store(store([with_kid(leaf(), "a")]));
    let first = token(&leaf(), json!({"kid":"a"}));
    let resolved = now(keys.keys_for(&Jws::parse_compact(&first).unwrap())).unwrap();
    Jws::parse_compact(&first)
        .unwrap()
        .verify(&resolved)
        .unwrap();
    for other in [
        json!({}),
        json!({"kid":"b"}),
        json!({"kid":"a","x5t": x5t(LEAF_CERTIFICATE)}),
    ] {
        let other = token(&leaf(), other);
        let error = Jws::parse_compact(&other)
            .unwrap()
            .verify(&resolved)
            .unwrap_err();
        assert_eq!(error.code(), "jwk.not-found");
    }
}

#[test]
fn a_key_taken_out_of_the_store_is_found_no_more() {
    let kept = store([with_kid(leaf(), "a")]);
    let keys = nothing_on().store(kept.clone());
    let token = token(&leaf(), json!({"kid":"a"}));
    verify(&keys, &token).unwrap();
    kept.remove(bulla::trust::KeyName::Kid("a"));
    assert_eq!(refused(&keys, &token), "jwk.not-found");
}

#[test]
fn expectations_take_all_steps_at_once() {
    let keys = nothing_on().store(store([with_kid(leaf(), "a")]));
    let token = jwt::issue("https://issuer.example")
        .audience("api")
        .expires_in(std::time::Duration::from_secs(60))
        .sign(&bulla::signer(&with_kid(leaf(), "a")).unwrap())
        .unwrap();
    let expect = Expectations::new("https://issuer.example", "api");
    let valid = now(expect.resolve_and_verify::<serde::de::IgnoredAny>(&token, &keys)).unwrap();
    assert_eq!(valid.key().trust().kind(), "store");
    let other = Expectations::new("https://issuer.example", "another");
    let error = now(other.resolve_and_verify::<serde::de::IgnoredAny>(&token, &keys)).unwrap_err();
    assert_eq!(error.code(), "jwt.audience-mismatch");
    let error =
        now(expect.resolve_and_verify::<serde::de::IgnoredAny>(&token, &nothing_on())).unwrap_err();
    assert_eq!(error.code(), "jwk.not-found");
}

/// The same key under another certificate: the token names a certificate that is not the stored one.
#[test]
fn a_renewed_certificate_is_another_name() {
    let mut certified = with_kid(leaf(), "a");
    certified.members_mut().x5c = Some(vec![LEAF_CERTIFICATE.to_vec()]);
    let keys = nothing_on().store(store([certified]));
    let renewed = x5c(&[RENEWED_CERTIFICATE, ROOT_CERTIFICATE]);
    verify(&keys, &token(&leaf(), json!({"kid":"a","x5c": renewed}))).unwrap();
    let named = json!({"kid":"a","x5t": x5t(RENEWED_CERTIFICATE)});
    assert_eq!(refused(&keys, &token(&leaf(), named)), "jwk.disagrees");
}
