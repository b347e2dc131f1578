//! The three serializations of a JWE, and compressed content.

use std::sync::{Arc, LazyLock};

use bulla_core::base64url;
use bulla_core::jwa::KeyManagementAlg;
use bulla_core::jwe::{Encrypted, Jwe};
use bulla_core::jwk::{PrivateJwk, SecretJwk};
use bulla_core::key::{Backend, Decrypter};
use miniz_oxide::inflate::decompress_to_vec_with_limit;

use crate::trusting::Trusting;

/// What inflating may come to, as the limits say.
const INFLATED: usize = 250 * 1024;

/// A compact token.
pub fn jwe_compact(octets: &[u8]) {
    let Ok(text) = str::from_utf8(octets) else {
        return;
    };
    if let Ok(jwe) = Jwe::parse_compact(text) {
        assert_eq!(jwe.recipients().len(), 1);
        read(jwe);
    }
}

/// A flattened JWE.
pub fn jwe_flattened(octets: &[u8]) {
    if let Ok(jwe) = Jwe::parse_flattened(octets) {
        assert!(
            Jwe::parse_general(octets).is_err(),
            "flattened and general at once"
        );
        assert_eq!(jwe.recipients().len(), 1);
        read(jwe);
    }
}

/// A general JWE.
pub fn jwe_general(octets: &[u8]) {
    if let Ok(jwe) = Jwe::parse_general(octets) {
        assert!(
            Jwe::parse_flattened(octets).is_err(),
            "flattened and general at once"
        );
        assert!((1..=16).contains(&jwe.recipients().len()));
        read(jwe);
    }
}

/// Content that says it is DEFLATE: what is inflated piece by piece is what is inflated at once.
pub fn inflate(octets: &[u8]) {
    let header = base64url::encode(br#"{"alg":"dir","enc":"A256GCM","zip":"DEF"}"#);
    let iv = base64url::encode([7; 12]);
    let tag = base64url::encode([7; 16]);
    let token = format!("{header}..{iv}.{}.{tag}", base64url::encode(octets));
    let jwe = Jwe::parse_compact(&token).expect("the token is well formed");
    let whole = decompress_to_vec_with_limit(octets, INFLATED);
    match jwe.decrypt(&*KEYS) {
        Ok(decrypted) => assert_eq!(Some(decrypted.plaintext()), whole.ok().as_deref()),
        // What ends too late is no complete stream; the reference does not look that far.
        Err(error) => assert!(whole.is_err() || is_followed(octets), "{error}"),
    }
}

/// Whether octets follow the stream: then the stream without the last of them says the same.
fn is_followed(octets: &[u8]) -> bool {
    octets
        .split_last()
        .is_some_and(|(_, before)| decompress_to_vec_with_limit(before, INFLATED).is_ok())
}

/// Asks a token everything, and decrypts it by whatever key its header asks for.
fn read(jwe: Jwe<'_, Encrypted>) {
    for recipient in jwe.recipients() {
        let header = recipient.header();
        let _ = (
            header.typ(),
            header.cty(),
            header.kid(),
            header.crit(),
            header.jwk(),
        );
    }
    if let Ok(decrypted) = jwe.decrypt(&*KEYS) {
        let compressed = decrypted.header().get("zip").is_some();
        assert!(
            !compressed || decrypted.plaintext().len() <= INFLATED,
            "inflated too far"
        );
    }
}

/// One key of each shape: direct, agreed, wrapped, and a password.
static KEYS: LazyLock<Vec<Decrypter>> = LazyLock::new(|| {
    let backend: Arc<dyn Backend> = Arc::new(Trusting);
    let secret = SecretJwk::new(vec![7; 32]);
    let x25519 = PrivateJwk::parse(
        r#"{"kty":"OKP","crv":"X25519","d":"dwdtCnMYpX08FsFyUbJmRd9ML4frwJkqsXf7pR25LCo",
            "x":"hSDwCYkwp1R0i33ctD73Wg2_Og0mOBr066SpjqqbTmo"}"#,
    )
    .expect("the key of RFC 7748 §6.1");
    [
        Decrypter::bind_to(&backend, &secret, KeyManagementAlg::Dir),
        Decrypter::bind_to(&backend, &secret, KeyManagementAlg::A256Kw),
        Decrypter::bind_to(&backend, &secret, KeyManagementAlg::A256GcmKw),
        Decrypter::bind_to(&backend, &x25519, KeyManagementAlg::EcdhEs),
        Decrypter::bind_to(&backend, &x25519, KeyManagementAlg::EcdhEsA256Kw),
        Decrypter::password(
            &backend,
            b"password".to_vec(),
            KeyManagementAlg::Pbes2Hs256A128Kw,
        ),
    ]
    .into_iter()
    .collect::<Result<_, _>>()
    .expect("every key fits its algorithm")
});
