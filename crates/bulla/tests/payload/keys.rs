//! Somebody who signs, and somebody who decrypts.

use std::sync::LazyLock;

use bulla::jwa::{ContentEncryptionAlg, KeyManagementAlg, MacAlg, SignatureAlg};
use bulla::jwe::{Decrypted, Jwe};
use bulla::jwk::SecretJwk;
use bulla::jws::{Jws, Verified};
use bulla::key::{Decrypter, Encrypter, Signer, Verifier};

pub(crate) const ENC: ContentEncryptionAlg = ContentEncryptionAlg::A128Gcm;

pub(crate) struct Keys {
    pub(crate) signer: Signer,
    pub(crate) verifier: Verifier,
    pub(crate) encrypter: Encrypter,
    pub(crate) decrypter: Decrypter,
}

/// The same for every test; making keys takes time.
pub(crate) static KEYS: LazyLock<Keys> = LazyLock::new(Keys::new);

impl Keys {
    pub(crate) fn new() -> Self {
        let signing = bulla::generate(SignatureAlg::Es256).unwrap();
        let random = bulla::generate_secret(MacAlg::Hs256).unwrap();
        let wrapping = SecretJwk::new(random.k().expose().to_vec());
        let alg = KeyManagementAlg::A256Kw;
        Self {
            signer: bulla::signer(&signing).unwrap(),
            verifier: bulla::verifier(&signing.public()).unwrap(),
            encrypter: bulla::encrypter_for(&wrapping, alg).unwrap(),
            decrypter: bulla::decrypter_for(&wrapping, alg).unwrap(),
        }
    }
}

pub(crate) fn verified(token: &str) -> Jws<'_, Verified> {
    let jws = Jws::parse_compact(token).unwrap();
    jws.verify(&KEYS.verifier).unwrap()
}

pub(crate) fn decrypted(token: &str) -> Jwe<'_, Decrypted> {
    let jwe = Jwe::parse_compact(token).unwrap();
    jwe.decrypt(&KEYS.decrypter).unwrap()
}

/// Whoever wrote the token wrote them; no key of the application's is at fault.
#[test]
fn a_key_in_a_payload_that_cannot_be_read_is_the_tokens_fault() {
    for octets in [&b"{}"[..], b"[]", b"{", br#"{"kty":"new"}"#] {
        let error = bulla::payload::Decode::decode(&bulla::payload::JwkJson, octets).unwrap_err();
        assert_eq!(error.fault(), bulla::Fault::Token, "{error}");
    }
    let error = bulla::payload::Decode::decode(&bulla::payload::JwkSetJson, b"{}").unwrap_err();
    assert_eq!(error.fault(), bulla::Fault::Token, "{error}");
}
