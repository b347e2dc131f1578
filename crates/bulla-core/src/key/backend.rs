use core::fmt;
use std::sync::Arc;

use super::{AesKeyWrap, Agree, ContentKey, Mac, Sign, Unwrap, Verify, Wrap};
use crate::jwa::{ContentEncryptionAlg, HashAlg, KeyManagementAlg, MacAlg, SignatureAlg};
use crate::jwk::{EcCurve, KeyError, OkpCurve, PrivateKey, PublicKey};
use crate::secret::SecretBytes;

/// A provider of primitives: random octets, key generation, key derivation, and the binding of a key to an algorithm.
///
/// The core decides whether a key *may* be used (`use`, `key_ops`, `alg`, type, curve, least size) before it
/// asks a backend; the backend prepares whatever is costly, once, and refuses key material that is
/// mathematically wrong. Bound values need no backend any more.
pub trait Backend: Send + Sync + fmt::Debug {
    /// Fills `out` with random octets fit for keys.
    ///
    /// # Errors
    ///
    /// [`BackendError`] where there is no entropy.
    fn random(&self, out: &mut [u8]) -> Result<(), BackendError>;

    /// Generates a key pair.
    ///
    /// # Errors
    ///
    /// [`KeyError::Unsupported`] for a specification this backend cannot serve.
    fn generate(&self, spec: KeySpec) -> Result<PrivateKey, KeyError>;

    /// Prepares a private key for signing. Checks that its public half belongs to it.
    ///
    /// # Errors
    ///
    /// [`KeyError::Malformed`] for material that is wrong, [`KeyError::Unsupported`] for what this backend lacks.
    fn signer(&self, key: &PrivateKey, alg: SignatureAlg) -> Result<Arc<dyn Sign>, KeyError>;

    /// Prepares a public key for verifying. Checks that a point lies on its curve and is not of small order.
    ///
    /// # Errors
    ///
    /// As for [`signer`](Self::signer).
    fn verifier(&self, key: &PublicKey, alg: SignatureAlg) -> Result<Arc<dyn Verify>, KeyError>;

    /// Prepares a secret for computing authentication codes.
    ///
    /// # Errors
    ///
    /// As for [`signer`](Self::signer).
    fn mac(&self, secret: &SecretBytes, alg: MacAlg) -> Result<Arc<dyn Mac>, KeyError>;

    /// Prepares AES Key Wrap (RFC 3394) under a key of 16, 24 or 32 octets.
    ///
    /// # Errors
    ///
    /// [`BackendError`] for a key of another length.
    fn aes_key_wrap(&self, key: &SecretBytes) -> Result<Arc<dyn AesKeyWrap>, BackendError>;

    /// Prepares an RSA public key for encrypting keys.
    ///
    /// # Errors
    ///
    /// As for [`signer`](Self::signer).
    fn rsa_wrap(&self, key: &PublicKey, alg: KeyManagementAlg) -> Result<Arc<dyn Wrap>, KeyError>;

    /// Prepares an RSA private key for decrypting keys. Checks that its public half belongs to it.
    ///
    /// # Errors
    ///
    /// As for [`signer`](Self::signer).
    fn rsa_unwrap(
        &self,
        key: &PrivateKey,
        alg: KeyManagementAlg,
    ) -> Result<Arc<dyn Unwrap>, KeyError>;

    /// Prepares a private key for agreement. Checks that its public half belongs to it.
    ///
    /// # Errors
    ///
    /// As for [`signer`](Self::signer).
    fn agree(&self, key: &PrivateKey) -> Result<Arc<dyn Agree>, KeyError>;

    /// Checks that a public key can be agreed with: on its curve, not of small order.
    ///
    /// # Errors
    ///
    /// As for [`signer`](Self::signer).
    fn check_agreement_key(&self, key: &PublicKey) -> Result<(), KeyError>;

    /// Makes an ephemeral key on the peer's curve, agrees with the peer, and forgets the private half.
    /// Returns the ephemeral public key and the shared secret Z.
    ///
    /// # Errors
    ///
    /// [`BackendError`] for a peer that [`check_agreement_key`](Self::check_agreement_key) refuses, and for a
    /// secret that is all zero.
    fn ephemeral(&self, peer: &PublicKey) -> Result<(PublicKey, SecretBytes), BackendError>;

    /// The Concat KDF of NIST SP 800-56A §5.8.1 with SHA-256, as RFC 7518 §4.6.2 uses it, filling `out`.
    ///
    /// # Errors
    ///
    /// [`BackendError`] where the primitive fails.
    fn concat_kdf(
        &self,
        z: &SecretBytes,
        other_info: &[u8],
        out: &mut [u8],
    ) -> Result<(), BackendError>;

    /// Prepares a content encryption key.
    ///
    /// # Errors
    ///
    /// [`BackendError`] for a key that is not as long as `enc` requires.
    fn content_key(
        &self,
        key: &SecretBytes,
        enc: ContentEncryptionAlg,
    ) -> Result<Arc<dyn ContentKey>, BackendError>;

    /// Hands a content encryption key to `operation` that is used there, for one token, and nowhere else. By default it is
    /// prepared as any; a backend that can spare itself something for a single use does so here.
    ///
    /// # Errors
    ///
    /// As for [`content_key`](Self::content_key), and those of `operation`.
    fn with_content_key(
        &self,
        key: &SecretBytes,
        enc: ContentEncryptionAlg,
        operation: &mut dyn FnMut(&dyn ContentKey) -> Result<(), BackendError>,
    ) -> Result<(), BackendError> {
        operation(self.content_key(key, enc)?.as_ref())
    }

    /// Completes and checks a private key: computes the public half (EC, OKP, AKP) or the primes (RSA) where
    /// they are missing, and refuses a public half that is not its own. PEM import and `jwk convert` use it.
    ///
    /// # Errors
    ///
    /// As for [`signer`](Self::signer).
    fn complete(&self, key: PartialPrivateKey) -> Result<PrivateKey, KeyError>;

    /// SHA-1 of a certificate, for `x5t` (RFC 7515 §4.1.7) and nothing else.
    fn certificate_sha1(&self, certificate: &[u8]) -> [u8; 20];

    /// PBKDF2 with HMAC (RFC 8018 §5.2), filling `out`.
    ///
    /// # Errors
    ///
    /// [`BackendError`] for zero iterations.
    fn pbkdf2(
        &self,
        hash: HashAlg,
        password: &[u8],
        salt: &[u8],
        iterations: u32,
        out: &mut [u8],
    ) -> Result<(), BackendError>;

    /// AES-CBC with PKCS#7 padding, without authentication: for password-protected PKCS#8 files alone.
    ///
    /// # Errors
    ///
    /// [`BackendError`] for a key that is not 16, 24 or 32 octets.
    fn aes_cbc_encrypt(
        &self,
        key: &[u8],
        iv: &[u8; 16],
        data: &[u8],
    ) -> Result<Vec<u8>, BackendError>;

    /// The reverse of [`aes_cbc_encrypt`](Self::aes_cbc_encrypt).
    ///
    /// # Errors
    ///
    /// [`BackendError`] for a key of the wrong length or padding that is not PKCS#7.
    fn aes_cbc_decrypt(
        &self,
        key: &[u8],
        iv: &[u8; 16],
        data: &[u8],
    ) -> Result<SecretBytes, BackendError>;
}

/// Private key material as files carry it: some have no public half, some RSA keys no primes.
#[derive(Debug)]
#[non_exhaustive]
pub enum PartialPrivateKey {
    /// A scalar; the uncompressed public point where the file has it.
    Ec {
        /// The curve.
        curve: EcCurve,
        /// The scalar, as long as the field.
        d: SecretBytes,
        /// `04 ‖ x ‖ y`.
        public: Option<Vec<u8>>,
    },
    /// A seed or Montgomery scalar; the public key where the file has it.
    Okp {
        /// The curve.
        curve: OkpCurve,
        /// The private octets.
        d: SecretBytes,
        /// The public octets.
        public: Option<Vec<u8>>,
    },
    /// A seed; the public key where the file has it.
    MlDsa {
        /// The parameter set.
        parameters: crate::jwa::MlDsaParameters,
        /// The 32-octet seed.
        seed: SecretBytes,
        /// The encoded public key.
        public: Option<Vec<u8>>,
    },
    /// An RSA key, perhaps without its primes.
    Rsa(crate::jwk::RsaPrivateKey),
}

/// What key pair to generate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeySpec {
    /// `kty: EC`
    Ec(EcCurve),
    /// `kty: OKP`
    Okp(OkpCurve),
    /// `kty: AKP`
    MlDsa(crate::jwa::MlDsaParameters),
    /// `kty: RSA`, with a modulus of this many bits: 2048, 3072, 4096 or 8192.
    Rsa {
        /// Bits of the modulus.
        bits: usize,
    },
}

/// A primitive failed. There is nothing more to say about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BackendError;

impl fmt::Display for BackendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a primitive failed")
    }
}

impl std::error::Error for BackendError {}
