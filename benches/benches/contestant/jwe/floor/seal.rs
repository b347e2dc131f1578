use std::hint::black_box;

use aws_lc_rs::agreement::{ParsedPublicKey, PrivateKey, UnparsedPublicKey, agree};
use aws_lc_rs::key_wrap::{AES_128, AES_256, AesKek, KeyWrap as _};
use aws_lc_rs::rand;
use aws_lc_rs::rsa::{OAEP_SHA256_MGF1SHA256, OaepPublicEncryptingKey, PublicEncryptingKey};

use super::content::{Enc, Sealer};
use super::{curve, derive, stretch};
use crate::contestant::jwe::{JweKey, RawKey};
use crate::rows::jwe::Suite;

/// Everything that a compact token is made of, but its text.
pub(crate) struct Sealing {
    suite: Suite,
    enc: Enc,
    kind: Kind,
    one_draw: bool,
    aad: Vec<u8>,
    buffer: Vec<u8>,
}

enum Kind {
    Direct(Sealer),
    AesKw(Vec<u8>),
    Rsa(OaepPublicEncryptingKey),
    Agreement(ParsedPublicKey),
    Password(Vec<u8>),
}

impl Sealing {
    pub(super) fn new(suite: &Suite, key: &JweKey, one_draw: bool) -> Self {
        let enc = Enc::of(suite.enc);
        let kind = match &key.raw {
            RawKey::Secret(octets) if suite.is_direct() => Kind::Direct(Sealer::new(enc, octets)),
            RawKey::Secret(octets) => Kind::AesKw(octets.clone()),
            RawKey::Rsa { spki, .. } => {
                let key = PublicEncryptingKey::from_der(spki).expect("a key");
                Kind::Rsa(OaepPublicEncryptingKey::new(key).expect("a key"))
            }
            RawKey::Agreement { public, .. } => {
                let peer = UnparsedPublicKey::new(curve(suite), public);
                Kind::Agreement(ParsedPublicKey::try_from(&peer).expect("a key"))
            }
            RawKey::Password(octets) => Kind::Password(octets.clone()),
        };
        let header = format!(r#"{{"alg":"{}","enc":"{}"}}"#, suite.alg, suite.enc);
        let mut aad = Vec::new();
        base64_simd::URL_SAFE_NO_PAD.encode_append(header.as_bytes(), &mut aad);
        Self {
            suite: *suite,
            enc,
            kind,
            one_draw,
            aad,
            buffer: Vec::new(),
        }
    }

    pub(crate) fn seal(&mut self, content: &[u8]) -> [u8; 16] {
        let mut drawn = [0; Enc::KEY_LEN + 16];
        let iv_len = self.enc.iv_len();
        let (cek, rest) = drawn.split_at_mut(Enc::KEY_LEN);
        let iv = &mut rest[..iv_len];
        match &self.kind {
            Kind::Direct(_) => random(iv),
            Kind::Agreement(peer) if self.suite.is_direct() => {
                random(iv);
                agreed(&self.suite, peer, cek);
            }
            _ if self.one_draw => random(&mut drawn[..Enc::KEY_LEN + iv_len]),
            _ => {
                random(cek);
                random(iv);
            }
        }
        let (cek, rest) = drawn.split_at(Enc::KEY_LEN);
        let iv = &rest[..iv_len];
        let mut wrapped = [0; 512];
        match &self.kind {
            Kind::Direct(sealer) => {
                return sealer.seal(iv, &self.aad, content, &mut self.buffer);
            }
            Kind::Agreement(_) if self.suite.is_direct() => {}
            Kind::Agreement(peer) => {
                let mut kek = [0; 32];
                agreed(&self.suite, peer, &mut kek);
                wrap(&AES_256, &kek, cek, &mut wrapped);
            }
            Kind::AesKw(kek) => wrap(&AES_256, kek, cek, &mut wrapped),
            Kind::Rsa(key) => {
                let out = &mut wrapped[..key.ciphertext_size()];
                key.encrypt(&OAEP_SHA256_MGF1SHA256, cek, out, None)
                    .expect("it encrypts");
            }
            Kind::Password(password) => {
                let mut p2s = [0; 16];
                random(&mut p2s);
                let kek = stretch(&self.suite, password, &p2s);
                wrap(&AES_128, &kek, cek, &mut wrapped);
            }
        }
        black_box(&wrapped);
        Sealer::new(self.enc, cek).seal(iv, &self.aad, content, &mut self.buffer)
    }
}

/// A new ephemeral key, its public half, and what it derives with the peer.
fn agreed(suite: &Suite, peer: &ParsedPublicKey, key: &mut [u8]) {
    let ephemeral = PrivateKey::generate(curve(suite)).expect("a key");
    black_box(ephemeral.compute_public_key().expect("its public half"));
    agree(&ephemeral, peer.clone(), (), |z| {
        derive(suite, z, key);
        Ok(())
    })
    .expect("it agrees");
}

fn wrap(
    cipher: &'static aws_lc_rs::key_wrap::AesBlockCipher,
    kek: &[u8],
    cek: &[u8],
    out: &mut [u8],
) {
    let kek = AesKek::new(cipher, kek).expect("a key");
    kek.wrap(cek, out).expect("it wraps");
}

fn random(octets: &mut [u8]) {
    rand::fill(octets).expect("entropy");
}
