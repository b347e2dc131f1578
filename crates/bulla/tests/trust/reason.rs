//! A verified token says why its key was trusted.

use bulla::jwa::{ContentEncryptionAlg, KeyManagementAlg, SignatureAlg};
use bulla::jwe::{self, Jwe};
use bulla::jwk::Jwk;
use bulla::jws::{Builder, Jws};
use bulla::key::{DecryptionKeySet, KeySet, KeySetPolicy};
use bulla::trust::{FoundBy, KeyName, Trust};
use bulla::{Trusted, Untrusted};

fn reasons() -> Vec<Trust> {
    let url = || "https://issuer.example/jwks".to_owned();
    let anchor = || "CN=Root".to_owned();
    let found_by = FoundBy::CertificateSha256;
    let name = || "keys.p12".to_owned();
    vec![
        Trust::Caller,
        Trust::Resolver {
            name: name(),
            found_by,
        },
        Trust::CertificatePath { anchor: anchor() },
        Trust::CertificateUrl {
            url: url(),
            anchor: anchor(),
        },
        Trust::JwkSetUrl { url: url() },
        Trust::Store {
            found_by: FoundBy::Kid,
            because: Box::new(Trust::Caller),
        },
        Trust::HeaderJwk {
            thumbprint: [0; 32],
            by: Box::new(Trust::Resolver {
                name: name(),
                found_by: FoundBy::Thumbprint,
            }),
        },
    ]
}

#[test]
fn a_plain_key_is_trusted_by_the_caller_and_a_trusted_one_by_its_reason() {
    let key = bulla::generate(SignatureAlg::Es256).unwrap();
    let token = Builder::new("x")
        .sign_compact(&bulla::signer(&key).unwrap())
        .unwrap();
    let plain = bulla::verifier(&key.public()).unwrap();
    let verified = Jws::parse_compact(&token).unwrap().verify(&plain).unwrap();
    assert_eq!(*verified.verified()[0].key().trust(), Trust::Caller);
    for why in reasons() {
        let trusted = Trusted::new(key.public(), why.clone());
        let verifier = bulla::verifier(&trusted).unwrap();
        assert_eq!(*verifier.info().trust(), why);
        let verified = Jws::parse_compact(&token)
            .unwrap()
            .verify(&verifier)
            .unwrap();
        assert_eq!(*verified.verified()[0].key().trust(), why);
        let brought = Untrusted::new(key.public()).trusted_because(why.clone());
        assert_eq!(brought, trusted);
    }
    let brought = Untrusted::new(key.public()).trust();
    assert_eq!(*brought.why(), Trust::Caller);
}

#[test]
fn a_decrypted_token_says_it_too() {
    let jwk = bulla::generate_spec(bulla::key::KeySpec::Ec(bulla::jwk::EcCurve::P256)).unwrap();
    let alg = KeyManagementAlg::EcdhEs;
    let enc = ContentEncryptionAlg::A128Gcm;
    for why in reasons() {
        let trusted = Trusted::new(jwk.clone(), why.clone());
        let to = trusted.clone().map(|key| key.public());
        let token = jwe::Builder::new("x", enc)
            .encrypt_compact(&bulla::encrypter_for(&to, alg).unwrap())
            .unwrap();
        let decrypter = bulla::decrypter_for(&trusted, alg).unwrap();
        let opened = Jwe::parse_compact(&token)
            .unwrap()
            .decrypt(&decrypter)
            .unwrap();
        assert_eq!(*opened.key().trust(), why);
    }
}

#[test]
fn the_rows_of_a_set_keep_their_own_reasons() {
    let key = bulla::generate(SignatureAlg::Es256).unwrap();
    let keys: Vec<Trusted<Jwk>> = reasons()
        .into_iter()
        .map(|why| Trusted::new(Jwk::Private(key.clone()), why))
        .collect();
    let backend = bulla::backend();
    let set = KeySet::compile_trusted(&keys, &backend, &KeySetPolicy::default());
    let of_rows: Vec<Trust> = set
        .verifiers()
        .map(|row| row.info().trust().clone())
        .collect();
    assert_eq!(of_rows, reasons());
    let plain = KeySet::compile_keys([&*keys[1]], &backend, &KeySetPolicy::default());
    let why = plain.verifiers().next().unwrap().info().trust().clone();
    assert_eq!(why, Trust::Caller);

    let jwk = bulla::generate_spec(bulla::key::KeySpec::Ec(bulla::jwk::EcCurve::P256)).unwrap();
    let alg = KeyManagementAlg::EcdhEs;
    let to = bulla::encrypter_for(&jwk.public(), alg).unwrap();
    let token = jwe::Builder::new("x", ContentEncryptionAlg::A128Gcm)
        .encrypt_compact(&to)
        .unwrap();
    for why in reasons() {
        let key = Trusted::new(Jwk::Private(jwk.clone()), why.clone());
        let set = DecryptionKeySet::compile_trusted([&key], &backend, &[alg]);
        let opened = Jwe::parse_compact(&token).unwrap().decrypt(&set).unwrap();
        assert_eq!(*opened.key().trust(), why);
    }
}

/// They go to logs: whoever writes a certificate must not write lines there.
#[test]
fn reasons_and_names_print_on_one_line() {
    let evil = "evil\r\nlevel=info all is well\u{202e}\u{1b}[2J".to_owned();
    let texts = [
        Trust::CertificatePath {
            anchor: evil.clone(),
        }
        .to_string(),
        Trust::JwkSetUrl { url: evil.clone() }.to_string(),
        KeyName::Kid(&evil).to_string(),
    ];
    for text in texts {
        assert!(
            !text.chars().any(|c| c.is_control() || c == '\u{202e}'),
            "{text:?}"
        );
    }
    let mut kinds: Vec<&str> = reasons().iter().map(Trust::kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    assert_eq!(kinds.len(), reasons().len());
}
