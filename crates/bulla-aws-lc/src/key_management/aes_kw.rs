//! AES Key Wrap (RFC 3394), for A128KW, A192KW, A256KW and what is built on them.

use std::sync::Arc;

use aws_lc_rs::cipher::{
    AES_192, DecryptingKey, DecryptionContext, EncryptingKey, EncryptionContext, UnboundCipherKey,
};
use aws_lc_rs::constant_time;
use aws_lc_rs::key_wrap::{AES_128, AES_256, AesBlockCipher, AesKek, KeyWrap as _};
use bulla_core::SecretBytes;
use bulla_core::key::{AesKeyWrap, BackendError};
use zeroize::Zeroizing;

pub(crate) fn key_wrap(key: &SecretBytes) -> Result<Arc<dyn AesKeyWrap>, BackendError> {
    let cipher = match key.len() {
        16 => &AES_128,
        32 => &AES_256,
        24 => return Ok(Arc::new(Kw192::new(key)?)),
        _ => return Err(BackendError),
    };
    Ok(Arc::new(Kw {
        cipher,
        key: key.clone(),
    }))
}

/// A semiblock of RFC 3394.
const BLOCK: usize = 8;

/// A wrapped key is one semiblock longer than the key, and a key has at least two.
fn is_wrappable(len: usize) -> bool {
    len >= 2 * BLOCK && len.is_multiple_of(BLOCK)
}

struct Kw {
    cipher: &'static AesBlockCipher,
    /// aws-lc consumes its key with each use; the schedule costs less than the wrapping.
    key: SecretBytes,
}

impl Kw {
    fn kek(&self) -> Result<AesKek, BackendError> {
        AesKek::new(self.cipher, self.key.expose()).map_err(|_| BackendError)
    }
}

impl AesKeyWrap for Kw {
    fn wrap(&self, key: &SecretBytes) -> Result<Vec<u8>, BackendError> {
        if !is_wrappable(key.len()) {
            return Err(BackendError);
        }
        let mut wrapped = vec![0; key.len() + BLOCK];
        let length = self
            .kek()?
            .wrap(key.expose(), &mut wrapped)
            .map_err(|_| BackendError)?
            .len();
        wrapped.truncate(length);
        Ok(wrapped)
    }

    fn unwrap_key(&self, wrapped: &[u8]) -> Result<SecretBytes, BackendError> {
        let len = wrapped
            .len()
            .checked_sub(BLOCK)
            .filter(|len| is_wrappable(*len))
            .ok_or(BackendError)?;
        // aws-lc wants room for the wrapped length.
        let mut key = Zeroizing::new(vec![0; len + BLOCK]);
        let length = self
            .kek()?
            .unwrap(wrapped, &mut key)
            .map_err(|_| BackendError)?
            .len();
        key.truncate(length);
        Ok(SecretBytes::from(core::mem::take(&mut *key)))
    }
}

/// A192KW: aws-lc wraps with 128 and 256 bits only, so the six rounds of RFC 3394 §2.2 run over its AES-192.
struct Kw192 {
    encrypting: EncryptingKey,
    decrypting: DecryptingKey,
}

/// RFC 3394 §2.2.3.1.
const INITIAL_VALUE: [u8; BLOCK] = [0xa6; BLOCK];

impl Kw192 {
    fn new(key: &SecretBytes) -> Result<Self, BackendError> {
        let unbound = || UnboundCipherKey::new(&AES_192, key.expose()).map_err(|_| BackendError);
        Ok(Self {
            encrypting: EncryptingKey::ecb(unbound()?).map_err(|_| BackendError)?,
            decrypting: DecryptingKey::ecb(unbound()?).map_err(|_| BackendError)?,
        })
    }
}

impl AesKeyWrap for Kw192 {
    fn wrap(&self, key: &SecretBytes) -> Result<Vec<u8>, BackendError> {
        if !is_wrappable(key.len()) {
            return Err(BackendError);
        }
        let mut register = INITIAL_VALUE;
        let mut blocks = Zeroizing::new(key.expose().to_vec());
        let mut step = 0_u64;
        for _ in 0..6 {
            for block in blocks.chunks_exact_mut(BLOCK) {
                step += 1;
                let mut both = Zeroizing::new(
                    [register, block.try_into().map_err(|_| BackendError)?].concat(),
                );
                self.encrypting
                    .less_safe_encrypt(&mut both, EncryptionContext::None)
                    .map_err(|_| BackendError)?;
                let (high, low) = both.split_at(BLOCK);
                register = xor(high, step)?;
                block.copy_from_slice(low);
            }
        }
        Ok([register.as_slice(), blocks.as_slice()].concat())
    }

    fn unwrap_key(&self, wrapped: &[u8]) -> Result<SecretBytes, BackendError> {
        let (register, blocks) = wrapped.split_first_chunk::<BLOCK>().ok_or(BackendError)?;
        if !is_wrappable(blocks.len()) {
            return Err(BackendError);
        }
        let mut register = *register;
        let mut blocks = Zeroizing::new(blocks.to_vec());
        let mut step = 6 * (blocks.len() / BLOCK) as u64;
        for _ in 0..6 {
            for block in blocks.rchunks_exact_mut(BLOCK) {
                let high = xor(&register, step)?;
                let mut both = Zeroizing::new(
                    [high, (&*block).try_into().map_err(|_| BackendError)?].concat(),
                );
                self.decrypting
                    .decrypt(&mut both, DecryptionContext::None)
                    .map_err(|_| BackendError)?;
                let (high, low) = both.split_at(BLOCK);
                register = high.try_into().map_err(|_| BackendError)?;
                block.copy_from_slice(low);
                step -= 1;
            }
        }
        constant_time::verify_slices_are_equal(&register, &INITIAL_VALUE)
            .map_err(|_| BackendError)?;
        Ok(SecretBytes::from(core::mem::take(&mut *blocks)))
    }
}

fn xor(register: &[u8], step: u64) -> Result<[u8; BLOCK], BackendError> {
    let register: [u8; BLOCK] = register.try_into().map_err(|_| BackendError)?;
    Ok((u64::from_be_bytes(register) ^ step).to_be_bytes())
}
