use bulla_core::SecretBytes;
use bulla_core::jwa::{Digest, KeyManagementAlg, MacAlg, SignatureAlg};
use bulla_core::jwk::PublicKey;
use bulla_core::key::BoxFuture;

use crate::VaultError;

/// One key, in one version, in a vault: its bare operations. What a backend implements.
///
/// The rules (hashing, verifying, trying again, bounds, metrics) are the [`KeyHandle`](crate::KeyHandle)'s. An
/// implementation makes one request a call, pins the version, and checks that the answer is of the key that it asked.
/// An operation that it leaves out is [`VaultError::Unsupported`].
pub trait VaultKey: Send + Sync {
    /// Signs. The signature is in the form that JOSE wants: R‖S for ECDSA, a salt as long as the digest for PSS.
    fn sign<'a>(
        &'a self,
        alg: SignatureAlg,
        message: &'a ToSign<'a>,
    ) -> BoxFuture<'a, Result<Vec<u8>, VaultError>> {
        let _ = message;
        unsupported(alg.name().as_str())
    }

    /// The authentication code of a message, which leaves the process.
    fn mac<'a>(
        &'a self,
        alg: MacAlg,
        message: &'a ToSign<'a>,
    ) -> BoxFuture<'a, Result<Vec<u8>, VaultError>> {
        let _ = message;
        unsupported(alg.name().as_str())
    }

    /// Encrypts a content encryption key with a key that has no public half.
    fn wrap<'a>(
        &'a self,
        alg: KeyManagementAlg,
        cek: &'a SecretBytes,
    ) -> BoxFuture<'a, Result<Vec<u8>, VaultError>> {
        let _ = cek;
        unsupported(alg.name().as_str())
    }

    /// Decrypts a content encryption key. Whatever is wrong with the octets is [`VaultError::Refused`].
    fn unwrap<'a>(
        &'a self,
        alg: KeyManagementAlg,
        encrypted_key: &'a [u8],
    ) -> BoxFuture<'a, Result<SecretBytes, VaultError>> {
        let _ = encrypted_key;
        unsupported(alg.name().as_str())
    }

    /// The shared secret Z with a key that is of the same curve: for the algorithms of ECDH-ES, before any derivation.
    fn agree<'a>(
        &'a self,
        ephemeral: &'a PublicKey,
    ) -> BoxFuture<'a, Result<SecretBytes, VaultError>> {
        let _ = ephemeral;
        unsupported("ECDH-ES")
    }
}

fn unsupported<'a, T: 'a + Send>(what: &str) -> BoxFuture<'a, Result<T, VaultError>> {
    Box::pin(core::future::ready(Err(VaultError::unsupported(what))))
}

/// What is signed: a digest wherever the algorithm takes one, so that the content stays here.
#[derive(Debug)]
#[allow(clippy::exhaustive_enums, reason = "there is no third form")]
pub enum ToSign<'a> {
    /// The digest of the message, by the hash of the algorithm.
    Digest(Digest),
    /// The message itself, for algorithms that take no digest: EdDSA, ML-DSA, HMAC.
    Whole(std::borrow::Cow<'a, [u8]>),
}

impl ToSign<'_> {
    /// The octets to send.
    #[must_use]
    pub fn octets(&self) -> &[u8] {
        match self {
            Self::Digest(digest) => digest.as_ref(),
            Self::Whole(message) => message,
        }
    }
}
