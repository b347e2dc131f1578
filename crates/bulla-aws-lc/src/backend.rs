use std::sync::Arc;

use bulla_core::SecretBytes;
use bulla_core::jwa::{ContentEncryptionAlg, HashAlg, KeyManagementAlg, MacAlg, SignatureAlg};
use bulla_core::jwk::{KeyError, PrivateKey, PublicKey};
use bulla_core::key::{
    AesKeyWrap, Agree, Backend, BackendError, ContentKey, KeySpec, Mac, PartialPrivateKey, Sign,
    Unwrap, Verify, Wrap,
};

use crate::key_management::{aes_kw, ecdh, rsa};
use crate::{cbc, complete, content_encryption, generate, hash, kdf, mac, signature};

/// This backend, ready to be given to whatever binds keys.
#[must_use]
pub fn backend() -> Arc<dyn Backend> {
    Arc::new(AwsLc)
}

/// The backend. It has no state: two are as good as one.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct AwsLc;

impl Backend for AwsLc {
    fn random(&self, out: &mut [u8]) -> Result<(), BackendError> {
        aws_lc_rs::rand::fill(out).map_err(|_| BackendError)
    }

    fn generate(&self, spec: KeySpec) -> Result<PrivateKey, KeyError> {
        generate::generate(spec)
    }

    fn signer(&self, key: &PrivateKey, alg: SignatureAlg) -> Result<Arc<dyn Sign>, KeyError> {
        signature::signer(key, alg)
    }

    fn verifier(&self, key: &PublicKey, alg: SignatureAlg) -> Result<Arc<dyn Verify>, KeyError> {
        signature::verifier(key, alg)
    }

    fn mac(&self, secret: &SecretBytes, alg: MacAlg) -> Result<Arc<dyn Mac>, KeyError> {
        mac::mac(secret, alg)
    }

    fn aes_key_wrap(&self, key: &SecretBytes) -> Result<Arc<dyn AesKeyWrap>, BackendError> {
        aes_kw::key_wrap(key)
    }

    fn rsa_wrap(&self, key: &PublicKey, alg: KeyManagementAlg) -> Result<Arc<dyn Wrap>, KeyError> {
        rsa::wrap(key, alg)
    }

    fn rsa_unwrap(
        &self,
        key: &PrivateKey,
        alg: KeyManagementAlg,
    ) -> Result<Arc<dyn Unwrap>, KeyError> {
        rsa::unwrap(key, alg)
    }

    fn agree(&self, key: &PrivateKey) -> Result<Arc<dyn Agree>, KeyError> {
        ecdh::agree(key)
    }

    fn check_agreement_key(&self, key: &PublicKey) -> Result<(), KeyError> {
        ecdh::check(key)
    }

    fn ephemeral(&self, peer: &PublicKey) -> Result<(PublicKey, SecretBytes), BackendError> {
        ecdh::ephemeral(peer)
    }

    fn concat_kdf(
        &self,
        z: &SecretBytes,
        other_info: &[u8],
        out: &mut [u8],
    ) -> Result<(), BackendError> {
        ecdh::concat_kdf(z, other_info, out)
    }

    fn content_key(
        &self,
        key: &SecretBytes,
        enc: ContentEncryptionAlg,
    ) -> Result<Arc<dyn ContentKey>, BackendError> {
        content_encryption::content_key(key, enc)
    }

    fn with_content_key(
        &self,
        key: &SecretBytes,
        enc: ContentEncryptionAlg,
        operation: &mut dyn FnMut(&dyn ContentKey) -> Result<(), BackendError>,
    ) -> Result<(), BackendError> {
        content_encryption::with_content_key(key, enc, operation)
    }

    fn complete(&self, key: PartialPrivateKey) -> Result<PrivateKey, KeyError> {
        complete::complete(key)
    }

    fn certificate_sha1(&self, certificate: &[u8]) -> [u8; 20] {
        hash::sha1(certificate)
    }

    fn pbkdf2(
        &self,
        hash: HashAlg,
        password: &[u8],
        salt: &[u8],
        iterations: u32,
        out: &mut [u8],
    ) -> Result<(), BackendError> {
        kdf::pbkdf2(hash, password, salt, iterations, out)
    }

    fn aes_cbc_encrypt(
        &self,
        key: &[u8],
        iv: &[u8; 16],
        data: &[u8],
    ) -> Result<Vec<u8>, BackendError> {
        cbc::encrypt(key, iv, data)
    }

    fn aes_cbc_decrypt(
        &self,
        key: &[u8],
        iv: &[u8; 16],
        data: &[u8],
    ) -> Result<SecretBytes, BackendError> {
        cbc::decrypt(key, iv, data)
    }
}
