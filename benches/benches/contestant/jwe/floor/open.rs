use aws_lc_rs::agreement::{PrivateKey, UnparsedPublicKey, agree};
use aws_lc_rs::key_wrap::{AES_128, AES_256, AesBlockCipher, AesKek, KeyWrap as _};
use aws_lc_rs::rsa::{OAEP_SHA256_MGF1SHA256, OaepPrivateDecryptingKey, PrivateDecryptingKey};
use serde_json::Value;

use super::content::{Enc, Opener};
use super::{curve, derive, private, stretch};
use crate::contestant::jwe::{JweKey, RawKey};
use crate::rows::jwe::Suite;

/// What is left to do once a token has been taken apart.
pub(crate) struct Opening {
    suite: Suite,
    enc: Enc,
    kind: Kind,
    aad: Vec<u8>,
    encrypted_key: Vec<u8>,
    iv: Vec<u8>,
    ciphertext: Vec<u8>,
    tag: Vec<u8>,
    buffer: Vec<u8>,
}

enum Kind {
    Direct(Opener),
    AesKw(Vec<u8>),
    Rsa(OaepPrivateDecryptingKey),
    Agreement { own: PrivateKey, epk: Vec<u8> },
    Password { password: Vec<u8>, p2s: Vec<u8> },
}

impl Opening {
    pub(super) fn new(suite: &Suite, key: &JweKey, token: &str) -> Self {
        let mut parts = token.split('.');
        let segment = parts.next().expect("a header");
        let header: Value = serde_json::from_slice(&decode(segment)).expect("a header");
        let mut next = || decode(parts.next().expect("five parts"));
        let (encrypted_key, iv, ciphertext, tag) = (next(), next(), next(), next());
        let enc = Enc::of(suite.enc);
        let kind = match &key.raw {
            RawKey::Secret(octets) if suite.is_direct() => Kind::Direct(Opener::new(enc, octets)),
            RawKey::Secret(octets) => Kind::AesKw(octets.clone()),
            RawKey::Rsa { pkcs8, .. } => {
                let key = PrivateDecryptingKey::from_pkcs8(pkcs8).expect("a key");
                Kind::Rsa(OaepPrivateDecryptingKey::new(key).expect("a key"))
            }
            RawKey::Agreement {
                private: octets, ..
            } => Kind::Agreement {
                own: private(suite, octets),
                epk: point(&header["epk"]),
            },
            RawKey::Password(octets) => Kind::Password {
                password: octets.clone(),
                p2s: decode(header["p2s"].as_str().expect("a salt")),
            },
        };
        Self {
            suite: *suite,
            enc,
            kind,
            aad: segment.as_bytes().to_vec(),
            encrypted_key,
            iv,
            ciphertext,
            tag,
            buffer: Vec::new(),
        }
    }

    /// The length of the content.
    pub(crate) fn open(&mut self) -> usize {
        let mut cek = [0; 256];
        let cek = match &self.kind {
            Kind::Direct(opener) => {
                return opener.open(
                    &self.iv,
                    &self.aad,
                    &self.ciphertext,
                    &self.tag,
                    &mut self.buffer,
                );
            }
            Kind::AesKw(kek) => unwrap(&AES_256, kek, &self.encrypted_key, &mut cek),
            Kind::Rsa(key) => &*key
                .decrypt(&OAEP_SHA256_MGF1SHA256, &self.encrypted_key, &mut cek, None)
                .expect("it decrypts"),
            Kind::Agreement { own, epk } => {
                let mut derived = [0; 32];
                let epk = UnparsedPublicKey::new(curve(&self.suite), epk);
                agree(own, epk, (), |z| {
                    derive(&self.suite, z, &mut derived);
                    Ok(())
                })
                .expect("it agrees");
                if self.suite.is_direct() {
                    cek[..derived.len()].copy_from_slice(&derived);
                    &cek[..derived.len()]
                } else {
                    unwrap(&AES_256, &derived, &self.encrypted_key, &mut cek)
                }
            }
            Kind::Password { password, p2s } => {
                let kek = stretch(&self.suite, password, p2s);
                unwrap(&AES_128, &kek, &self.encrypted_key, &mut cek)
            }
        };
        Opener::new(self.enc, cek).open(
            &self.iv,
            &self.aad,
            &self.ciphertext,
            &self.tag,
            &mut self.buffer,
        )
    }

    /// That the floor does the work it is timed for.
    pub(crate) fn check(&mut self, content: &[u8]) {
        let len = self.open();
        assert_eq!(&self.buffer[..len], content, "the floor opens it");
    }
}

fn unwrap<'a>(
    cipher: &'static AesBlockCipher,
    kek: &[u8],
    encrypted_key: &[u8],
    cek: &'a mut [u8],
) -> &'a [u8] {
    let kek = AesKek::new(cipher, kek).expect("a key");
    kek.unwrap(encrypted_key, cek).expect("it unwraps")
}

/// An ephemeral key as aws-lc-rs takes it.
fn point(epk: &Value) -> Vec<u8> {
    let member = |name: &str| epk[name].as_str().map(decode);
    let x = member("x").expect("a point");
    match member("y") {
        Some(y) => [&[4], x.as_slice(), y.as_slice()].concat(),
        None => x,
    }
}

fn decode(text: &str) -> Vec<u8> {
    base64_simd::URL_SAFE_NO_PAD
        .decode_to_vec(text)
        .expect("base64url")
}
