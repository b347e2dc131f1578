use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use bulla_core::SecretBytes;
use bulla_core::jwa::{ContentEncryptionAlg, HashAlg, KeyManagementAlg, MacAlg, SignatureAlg};
use bulla_core::jwk::{KeyError, PrivateKey, PublicKey};
use bulla_core::key::{
    AesKeyWrap, Agree, Backend, BackendError, ContentKey, KeySpec, Mac, PartialPrivateKey, Sign,
    Unwrap, Verify, Wrap,
};

/// A backend whose random octets are given beforehand, for the byte-exact examples of the RFCs.
///
/// Everything else is another backend's, its own randomness in signatures and generated keys included.
#[derive(Debug)]
pub struct FixedRandom {
    inner: Arc<dyn Backend>,
    octets: Mutex<VecDeque<u8>>,
    ephemeral: Option<PrivateKey>,
}

impl FixedRandom {
    /// Hands out `octets` in order; who asks for more than there are gets an error.
    #[must_use]
    pub fn new(inner: Arc<dyn Backend>, octets: impl Into<Vec<u8>>) -> Self {
        Self {
            inner,
            octets: Mutex::new(octets.into().into()),
            ephemeral: None,
        }
    }

    /// Agrees with this key wherever an ephemeral one would be made.
    #[must_use]
    pub fn with_ephemeral(mut self, key: PrivateKey) -> Self {
        self.ephemeral = Some(key);
        self
    }
}

impl Backend for FixedRandom {
    fn random(&self, out: &mut [u8]) -> Result<(), BackendError> {
        let mut octets = self.octets.lock().unwrap_or_else(PoisonError::into_inner);
        let len = out.len();
        if octets.len() < len {
            return Err(BackendError);
        }
        out.iter_mut()
            .zip(octets.drain(..len))
            .for_each(|(to, from)| *to = from);
        Ok(())
    }

    fn generate(&self, spec: KeySpec) -> Result<PrivateKey, KeyError> {
        self.inner.generate(spec)
    }

    fn signer(&self, key: &PrivateKey, alg: SignatureAlg) -> Result<Arc<dyn Sign>, KeyError> {
        self.inner.signer(key, alg)
    }

    fn verifier(&self, key: &PublicKey, alg: SignatureAlg) -> Result<Arc<dyn Verify>, KeyError> {
        self.inner.verifier(key, alg)
    }

    fn mac(&self, secret: &SecretBytes, alg: MacAlg) -> Result<Arc<dyn Mac>, KeyError> {
        self.inner.mac(secret, alg)
    }

    fn aes_key_wrap(&self, key: &SecretBytes) -> Result<Arc<dyn AesKeyWrap>, BackendError> {
        self.inner.aes_key_wrap(key)
    }

    fn rsa_wrap(&self, key: &PublicKey, alg: KeyManagementAlg) -> Result<Arc<dyn Wrap>, KeyError> {
        self.inner.rsa_wrap(key, alg)
    }

    fn rsa_unwrap(
        &self,
        key: &PrivateKey,
        alg: KeyManagementAlg,
    ) -> Result<Arc<dyn Unwrap>, KeyError> {
        self.inner.rsa_unwrap(key, alg)
    }

    fn agree(&self, key: &PrivateKey) -> Result<Arc<dyn Agree>, KeyError> {
        self.inner.agree(key)
    }

    fn check_agreement_key(&self, key: &PublicKey) -> Result<(), KeyError> {
        self.inner.check_agreement_key(key)
    }

    fn ephemeral(&self, peer: &PublicKey) -> Result<(PublicKey, SecretBytes), BackendError> {
        let Some(ephemeral) = &self.ephemeral else {
            return self.inner.ephemeral(peer);
        };
        let agree = self.inner.agree(ephemeral).map_err(|_| BackendError)?;
        let z = agree.agree(peer).map_err(|_| BackendError)?;
        Ok((ephemeral.public(), z))
    }

    fn concat_kdf(
        &self,
        z: &SecretBytes,
        other_info: &[u8],
        out: &mut [u8],
    ) -> Result<(), BackendError> {
        self.inner.concat_kdf(z, other_info, out)
    }

    fn content_key(
        &self,
        key: &SecretBytes,
        enc: ContentEncryptionAlg,
    ) -> Result<Arc<dyn ContentKey>, BackendError> {
        self.inner.content_key(key, enc)
    }

    fn complete(&self, key: PartialPrivateKey) -> Result<PrivateKey, KeyError> {
        self.inner.complete(key)
    }

    fn certificate_sha1(&self, certificate: &[u8]) -> [u8; 20] {
        self.inner.certificate_sha1(certificate)
    }

    fn pbkdf2(
        &self,
        hash: HashAlg,
        password: &[u8],
        salt: &[u8],
        iterations: u32,
        out: &mut [u8],
    ) -> Result<(), BackendError> {
        self.inner.pbkdf2(hash, password, salt, iterations, out)
    }

    fn aes_cbc_encrypt(
        &self,
        key: &[u8],
        iv: &[u8; 16],
        data: &[u8],
    ) -> Result<Vec<u8>, BackendError> {
        self.inner.aes_cbc_encrypt(key, iv, data)
    }

    fn aes_cbc_decrypt(
        &self,
        key: &[u8],
        iv: &[u8; 16],
        data: &[u8],
    ) -> Result<SecretBytes, BackendError> {
        self.inner.aes_cbc_decrypt(key, iv, data)
    }
}
