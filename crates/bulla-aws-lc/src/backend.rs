use std::sync::Arc;

use bulla_core::SecretBytes;
use bulla_core::jwa::{HashAlg, MacAlg, SignatureAlg};
use bulla_core::jwk::{KeyError, PrivateKey, PublicKey};
use bulla_core::key::{Backend, BackendError, KeySpec, Mac, PartialPrivateKey, Sign, Verify};

use crate::{cbc, complete, generate, hash, kdf, mac, signature};

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
