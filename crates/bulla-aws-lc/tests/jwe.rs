//! Every pair of key management and content encryption, in every serialization, with real keys.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "the helpers of tests may fail as tests do"
)]

use bulla_core::jwa::{ContentEncryptionAlg, KeyManagementAlg, KeyManagementScheme};
use bulla_core::jwe::{Builder, Deflate, Jwe, RecipientHeader};
use bulla_core::jwk::{EcCurve, OkpCurve, PrivateJwk, SecretJwk};
use bulla_core::key::{AsyncDecrypter, Decrypter, Encrypter, KeySpec};

fn pairs(alg: KeyManagementAlg, enc: ContentEncryptionAlg) -> Vec<(Encrypter, Decrypter)> {
    let backend = bulla_aws_lc::backend();
    let secret = |len: usize| {
        let mut octets = vec![0; len];
        backend.random(&mut octets).unwrap();
        let key = SecretJwk::new(octets);
        let encrypter = Encrypter::bind_to(&backend, &key, alg).unwrap();
        vec![(encrypter, Decrypter::bind_to(&backend, &key, alg).unwrap())]
    };
    let pair = |spec| {
        let key = PrivateJwk::new(backend.generate(spec).unwrap());
        let encrypter = Encrypter::bind_to(&backend, &key.public(), alg).unwrap();
        (encrypter, Decrypter::bind_to(&backend, &key, alg).unwrap())
    };
    match alg.facts().scheme {
        KeyManagementScheme::Direct => secret(enc.facts().key_len),
        KeyManagementScheme::AesKw { key_len } | KeyManagementScheme::AesGcmKw { key_len } => {
            secret(key_len)
        }
        KeyManagementScheme::Pbes2 { .. } => {
            let encrypter =
                Encrypter::password_with(&backend, b"secret".as_slice(), alg, 1000).unwrap();
            vec![(
                encrypter,
                Decrypter::password(&backend, b"secret".as_slice(), alg).unwrap(),
            )]
        }
        KeyManagementScheme::EcdhEs { .. } => [
            KeySpec::Ec(EcCurve::P256),
            KeySpec::Ec(EcCurve::P384),
            KeySpec::Ec(EcCurve::P521),
            KeySpec::Okp(OkpCurve::X25519),
            KeySpec::Okp(OkpCurve::X448),
        ]
        .map(pair)
        .into(),
        _ => vec![pair(KeySpec::Rsa { bits: 2048 })],
    }
}

#[test]
fn what_is_encrypted_is_decrypted_in_every_form() {
    for alg in KeyManagementAlg::table().iter().map(|row| row.alg) {
        for enc in ContentEncryptionAlg::table().iter().map(|row| row.alg) {
            for (encrypter, decrypter) in pairs(alg, enc) {
                let build = || Builder::new("content", enc).apu("Alice").apv("Bob");
                let compact = build().encrypt_compact(&encrypter).unwrap();
                let jwe = Jwe::parse_compact(&compact)
                    .unwrap()
                    .decrypt(&decrypter)
                    .unwrap();
                assert_eq!(jwe.plaintext(), b"content", "{alg} {enc}");
                let flat = build()
                    .aad("aad")
                    .zip(Deflate)
                    .encrypt_flattened(&encrypter)
                    .unwrap();
                let jwe = Jwe::parse_flattened(flat.as_bytes())
                    .unwrap()
                    .decrypt(&decrypter)
                    .unwrap();
                assert_eq!(jwe.plaintext(), b"content", "{alg} {enc}");
                let tampered = flat.replace("\"aad\":\"", "\"aad\":\"AA");
                let error = Jwe::parse_flattened(tampered.as_bytes())
                    .unwrap()
                    .decrypt(&decrypter)
                    .unwrap_err();
                assert!(
                    matches!(error.code(), "jwe.decryption-failed" | "jwe.malformed"),
                    "{error}"
                );
                let general = build()
                    .encrypt_general(&[(&encrypter, RecipientHeader::new())])
                    .unwrap();
                let jwe = Jwe::parse_general(general.as_bytes())
                    .unwrap()
                    .decrypt(&decrypter)
                    .unwrap();
                assert_eq!(jwe.plaintext(), b"content", "{alg} {enc}");
            }
        }
    }
}

#[test]
fn recipients_of_different_algorithms_share_one_content_key() {
    let enc = ContentEncryptionAlg::A128CbcHs256;
    let several: Vec<_> = KeyManagementAlg::table()
        .iter()
        .map(|row| row.alg)
        .filter(|alg| !matches!(alg, KeyManagementAlg::Dir | KeyManagementAlg::EcdhEs))
        .filter_map(|alg| pairs(alg, enc).pop())
        .take(16)
        .collect();
    let recipients: Vec<_> = several
        .iter()
        .map(|(encrypter, _)| (encrypter, RecipientHeader::new().parameter("n", 1)))
        .collect();
    let general = Builder::new("content", enc)
        .unprotected("cty", "text/plain")
        .encrypt_general(&recipients)
        .unwrap();
    for (index, (_, decrypter)) in several.iter().enumerate() {
        let jwe = Jwe::parse_general(general.as_bytes())
            .unwrap()
            .decrypt(decrypter)
            .unwrap();
        assert_eq!(
            (jwe.plaintext(), jwe.recipient()),
            (b"content".as_slice(), index)
        );
        assert_eq!(jwe.header().cty(), Some("text/plain"));
    }
    let (direct, _) = pairs(KeyManagementAlg::EcdhEs, enc).remove(0);
    let two = [
        (&direct, RecipientHeader::new()),
        (&several[0].0, RecipientHeader::new()),
    ];
    assert_eq!(
        Builder::new("", enc)
            .encrypt_general(&two)
            .unwrap_err()
            .code(),
        "jwe.one-recipient-only"
    );
}

#[test]
fn a_local_key_serves_where_a_remote_one_is_expected() {
    for alg in [
        KeyManagementAlg::Dir,
        KeyManagementAlg::EcdhEs,
        KeyManagementAlg::EcdhEsA256Kw,
        KeyManagementAlg::RsaOaep,
    ] {
        let enc = ContentEncryptionAlg::A256CbcHs512;
        let (encrypter, decrypter) = pairs(alg, enc).remove(0);
        let token = Builder::new("content", enc)
            .encrypt_compact(&encrypter)
            .unwrap();
        let remote = AsyncDecrypter::from(decrypter);
        let jwe = Jwe::parse_compact(&token).unwrap();
        let jwe = now(jwe.decrypt_async(&remote)).unwrap();
        assert_eq!(jwe.plaintext(), b"content", "{alg}");
    }
}

/// Runs a future that is ready at once.
fn now<T>(future: impl Future<Output = T>) -> T {
    let mut future = std::pin::pin!(future);
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match future.as_mut().poll(&mut context) {
        std::task::Poll::Ready(value) => value,
        std::task::Poll::Pending => panic!("a local key waits for nothing"),
    }
}
