//! A backend that computes nothing and believes everything, so that the fuzzer reaches every parser.

use std::sync::Arc;

use bulla_core::SecretBytes;
use bulla_core::jwa::{ContentEncryptionAlg, HashAlg, KeyManagementAlg, MacAlg, SignatureAlg};
use bulla_core::jwk::{
    AkpPrivateKey, AkpPublicKey, EcPrivateKey, EcPublicKey, KeyError, OkpPrivateKey, OkpPublicKey,
    PrivateKey, PublicKey,
};
use bulla_core::key::{
    AesKeyWrap, Agree, Backend, BackendError, ContentKey, ContentTag, KeySpec, Mac,
    PartialPrivateKey, Sign, Unwrap, UnwrapError, Verify, Wrap,
};

/// The backend. It deciphers by changing nothing, so that what a file encrypts is parsed as it stands.
#[derive(Debug)]
pub(crate) struct Trusting;

const NONE: KeyError = KeyError::Unsupported("everything that takes arithmetic");

impl Backend for Trusting {
    fn random(&self, out: &mut [u8]) -> Result<(), BackendError> {
        out.fill(7);
        Ok(())
    }

    fn generate(&self, _: KeySpec) -> Result<PrivateKey, KeyError> {
        Err(NONE)
    }

    fn signer(&self, _: &PrivateKey, _: SignatureAlg) -> Result<Arc<dyn Sign>, KeyError> {
        Err(NONE)
    }

    fn verifier(&self, _: &PublicKey, _: SignatureAlg) -> Result<Arc<dyn Verify>, KeyError> {
        Err(NONE)
    }

    fn mac(&self, _: &SecretBytes, _: MacAlg) -> Result<Arc<dyn Mac>, KeyError> {
        Err(NONE)
    }

    fn aes_key_wrap(&self, _: &SecretBytes) -> Result<Arc<dyn AesKeyWrap>, BackendError> {
        Ok(Arc::new(Self))
    }

    fn rsa_wrap(&self, _: &PublicKey, _: KeyManagementAlg) -> Result<Arc<dyn Wrap>, KeyError> {
        Err(NONE)
    }

    fn rsa_unwrap(&self, _: &PrivateKey, _: KeyManagementAlg) -> Result<Arc<dyn Unwrap>, KeyError> {
        Err(NONE)
    }

    fn agree(&self, _: &PrivateKey) -> Result<Arc<dyn Agree>, KeyError> {
        Ok(Arc::new(Self))
    }

    fn check_agreement_key(&self, _: &PublicKey) -> Result<(), KeyError> {
        Ok(())
    }

    fn ephemeral(&self, _: &PublicKey) -> Result<(PublicKey, SecretBytes), BackendError> {
        Err(BackendError)
    }

    fn concat_kdf(&self, _: &SecretBytes, _: &[u8], out: &mut [u8]) -> Result<(), BackendError> {
        out.fill(7);
        Ok(())
    }

    fn content_key(
        &self,
        _: &SecretBytes,
        _: ContentEncryptionAlg,
    ) -> Result<Arc<dyn ContentKey>, BackendError> {
        Ok(Arc::new(Self))
    }

    fn complete(&self, key: PartialPrivateKey) -> Result<PrivateKey, KeyError> {
        match key {
            PartialPrivateKey::Ec { curve, d, public } => {
                let public = EcPublicKey::from_uncompressed(curve, &public.ok_or(NONE)?)?;
                EcPrivateKey::new(public, d).map(PrivateKey::Ec)
            }
            PartialPrivateKey::Okp { curve, d, public } => {
                // Files seldom carry it, and every string of the right length is a public key here.
                let x = public.unwrap_or_else(|| d.expose().to_vec());
                OkpPrivateKey::new(OkpPublicKey::new(curve, x)?, d).map(PrivateKey::Okp)
            }
            PartialPrivateKey::MlDsa {
                parameters,
                seed,
                public,
            } => {
                let public = AkpPublicKey::new(parameters, public.ok_or(NONE)?)?;
                AkpPrivateKey::new(public, seed).map(PrivateKey::Akp)
            }
            PartialPrivateKey::Rsa(key) => Ok(PrivateKey::Rsa(key)),
            _ => Err(NONE),
        }
    }

    fn certificate_sha1(&self, _: &[u8]) -> [u8; 20] {
        [7; 20]
    }

    fn pbkdf2(
        &self,
        _: HashAlg,
        _: &[u8],
        _: &[u8],
        _: u32,
        out: &mut [u8],
    ) -> Result<(), BackendError> {
        out.fill(7);
        Ok(())
    }

    fn aes_cbc_encrypt(
        &self,
        _: &[u8],
        _: &[u8; 16],
        data: &[u8],
    ) -> Result<Vec<u8>, BackendError> {
        Ok(data.to_vec())
    }

    fn aes_cbc_decrypt(
        &self,
        _: &[u8],
        _: &[u8; 16],
        data: &[u8],
    ) -> Result<SecretBytes, BackendError> {
        Ok(SecretBytes::from(data.to_vec()))
    }
}

impl AesKeyWrap for Trusting {
    fn wrap(&self, key: &SecretBytes) -> Result<Vec<u8>, BackendError> {
        Ok(key.expose().to_vec())
    }

    /// Whatever was wrapped, a content encryption key of 32 octets comes out.
    fn unwrap_key(&self, _: &[u8]) -> Result<SecretBytes, BackendError> {
        Ok(SecretBytes::from(vec![7; 32]))
    }
}

impl Agree for Trusting {
    fn agree(&self, _: &PublicKey) -> Result<SecretBytes, UnwrapError> {
        Ok(SecretBytes::from(vec![7; 32]))
    }
}

/// Reads content as its own ciphertext with every tag right; writes none.
impl ContentKey for Trusting {
    fn encrypt(&self, _: &[u8], _: &[u8], _: &mut Vec<u8>) -> Result<ContentTag, BackendError> {
        Err(BackendError)
    }

    fn decrypt(&self, _: &[u8], _: &[u8], _: &mut Vec<u8>, _: &[u8]) -> Result<(), BackendError> {
        Ok(())
    }
}
