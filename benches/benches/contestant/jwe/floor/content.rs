//! Content encryption alone.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::cipher::{
    AES_128, DecryptionContext, EncryptionContext, PaddedBlockDecryptingKey,
    PaddedBlockEncryptingKey, UnboundCipherKey,
};
use aws_lc_rs::iv::FixedLength;
use aws_lc_rs::{constant_time, hmac};

/// A content encryption of the contest.
#[derive(Clone, Copy)]
pub(super) enum Enc {
    A256Gcm,
    A128CbcHs256,
}

impl Enc {
    pub(super) fn of(name: &str) -> Self {
        match name {
            "A256GCM" => Self::A256Gcm,
            "A128CBC-HS256" => Self::A128CbcHs256,
            other => unreachable!("{other} is not in the contest"),
        }
    }

    pub(super) const KEY_LEN: usize = 32;

    pub(super) const fn iv_len(self) -> usize {
        match self {
            Self::A256Gcm => 12,
            Self::A128CbcHs256 => 16,
        }
    }
}

pub(super) enum Sealer {
    Gcm(LessSafeKey),
    Cbc(hmac::Key, PaddedBlockEncryptingKey),
}

impl Sealer {
    pub(super) fn new(enc: Enc, key: &[u8]) -> Self {
        match enc {
            Enc::A256Gcm => Self::Gcm(gcm(key)),
            Enc::A128CbcHs256 => Self::Cbc(
                hmac::Key::new(hmac::HMAC_SHA256, &key[..16]),
                PaddedBlockEncryptingKey::cbc_pkcs7(cbc(&key[16..])).expect("a key"),
            ),
        }
    }

    /// The tag; the ciphertext stands in `buffer`.
    pub(super) fn seal(
        &self,
        iv: &[u8],
        aad: &[u8],
        content: &[u8],
        buffer: &mut Vec<u8>,
    ) -> [u8; 16] {
        match self {
            Self::Gcm(key) => {
                buffer.resize(content.len(), 0);
                let nonce = Nonce::try_assume_unique_for_key(iv).expect("12 octets");
                let mut tag = [0; 16];
                key.seal_out_of_place_scatter(
                    nonce,
                    Aad::from(aad),
                    content,
                    buffer,
                    &[],
                    &mut tag,
                )
                .expect("it seals");
                tag
            }
            Self::Cbc(mac, key) => {
                buffer.clear();
                buffer.extend_from_slice(content);
                let vector: &[u8; 16] = iv.try_into().expect("16 octets");
                key.less_safe_encrypt(buffer, EncryptionContext::Iv128(FixedLength::from(vector)))
                    .expect("it seals");
                tag(mac, iv, aad, buffer)
            }
        }
    }
}

pub(super) enum Opener {
    Gcm(LessSafeKey),
    Cbc(hmac::Key, PaddedBlockDecryptingKey),
}

impl Opener {
    pub(super) fn new(enc: Enc, key: &[u8]) -> Self {
        match enc {
            Enc::A256Gcm => Self::Gcm(gcm(key)),
            Enc::A128CbcHs256 => Self::Cbc(
                hmac::Key::new(hmac::HMAC_SHA256, &key[..16]),
                PaddedBlockDecryptingKey::cbc_pkcs7(cbc(&key[16..])).expect("a key"),
            ),
        }
    }

    /// How much of `buffer` is content.
    pub(super) fn open(
        &self,
        iv: &[u8],
        aad: &[u8],
        ciphertext: &[u8],
        code: &[u8],
        buffer: &mut Vec<u8>,
    ) -> usize {
        match self {
            Self::Gcm(key) => {
                buffer.resize(ciphertext.len(), 0);
                let nonce = Nonce::try_assume_unique_for_key(iv).expect("12 octets");
                key.open_separate_gather(nonce, Aad::from(aad), ciphertext, code, buffer)
                    .expect("it opens");
                buffer.len()
            }
            Self::Cbc(mac, key) => {
                let right = tag(mac, iv, aad, ciphertext);
                constant_time::verify_slices_are_equal(&right, code).expect("it opens");
                buffer.clear();
                buffer.extend_from_slice(ciphertext);
                let vector: &[u8; 16] = iv.try_into().expect("16 octets");
                key.decrypt(buffer, DecryptionContext::Iv128(FixedLength::from(vector)))
                    .expect("it opens")
                    .len()
            }
        }
    }
}

fn gcm(key: &[u8]) -> LessSafeKey {
    LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key).expect("a key"))
}

fn cbc(key: &[u8]) -> UnboundCipherKey {
    UnboundCipherKey::new(&AES_128, key).expect("a key")
}

/// RFC 7518 §5.2.2.1.
fn tag(mac: &hmac::Key, iv: &[u8], aad: &[u8], ciphertext: &[u8]) -> [u8; 16] {
    let mut context = hmac::Context::with_key(mac);
    context.update(aad);
    context.update(iv);
    context.update(ciphertext);
    context.update(&(aad.len() as u64 * 8).to_be_bytes());
    let code = context.sign();
    code.as_ref()[..16].try_into().expect("16 octets")
}
