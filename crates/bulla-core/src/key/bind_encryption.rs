//! What a key must be before it is bound to a key management algorithm.

use std::sync::Arc;

use super::decrypter::{Decrypter, DecrypterKind};
use super::encrypter::{DirectKey, Encrypter, EncrypterKind, pbes2};
use super::symmetric_wrap::{AesGcmKw, AesKw};
use super::{Backend, KeyInfo, Material};
use crate::jwa::{
    ContentEncryptionAlg, ContentEncryptionScheme, KeyManagementAlg, KeyManagementScheme,
};
use crate::jwk::{
    KeyError, KeyOperation, Members, OkpCurve, PrivateJwk, PublicJwk, PublicKey, PublicKeyUse,
    SecretJwk, UsageMismatch,
};

/// A key that belongs to key management algorithms.
pub trait KeyManagementKey: super::bind::sealed::Sealed {
    /// The algorithm that the key itself names. A symmetric key whose `alg` is a content encryption is a key
    /// for `dir` (RFC 7520 §5.6).
    ///
    /// # Errors
    ///
    /// [`KeyError::Ambiguous`] where it names none, [`KeyError::UsageMismatch`] where it is of another kind.
    fn own_key_management(&self) -> Result<KeyManagementAlg, KeyError>;
}

/// A key to encrypt with: a [`PublicJwk`] or a [`SecretJwk`].
pub trait EncryptionKey: KeyManagementKey {
    /// Binds the key to `alg` for encrypting; [`Encrypter::bind_to`] calls it.
    ///
    /// # Errors
    ///
    /// See [`Encrypter::bind_to`].
    fn bind_encrypter(
        &self,
        backend: &Arc<dyn Backend>,
        alg: KeyManagementAlg,
    ) -> Result<Encrypter, KeyError>;
}

/// A key to decrypt with: a [`PrivateJwk`] or a [`SecretJwk`].
pub trait DecryptionKey: KeyManagementKey {
    /// Binds the key to `alg` for decrypting; [`Decrypter::bind_to`] calls it.
    ///
    /// # Errors
    ///
    /// See [`Decrypter::bind_to`].
    fn bind_decrypter(
        &self,
        backend: &Arc<dyn Backend>,
        alg: KeyManagementAlg,
    ) -> Result<Decrypter, KeyError>;
}

impl KeyManagementKey for PublicJwk {
    fn own_key_management(&self) -> Result<KeyManagementAlg, KeyError> {
        own_alg(self.members())
    }
}

impl KeyManagementKey for PrivateJwk {
    fn own_key_management(&self) -> Result<KeyManagementAlg, KeyError> {
        own_alg(self.members())
    }
}

impl KeyManagementKey for SecretJwk {
    fn own_key_management(&self) -> Result<KeyManagementAlg, KeyError> {
        let alg = self.members().alg.as_ref();
        if alg.is_some_and(|alg| ContentEncryptionAlg::from_name(alg.as_str()).is_some()) {
            return Ok(KeyManagementAlg::Dir);
        }
        own_alg(self.members())
    }
}

impl EncryptionKey for PublicJwk {
    fn bind_encrypter(
        &self,
        backend: &Arc<dyn Backend>,
        alg: KeyManagementAlg,
    ) -> Result<Encrypter, KeyError> {
        check_members(self.members(), alg, Side::Encrypt)?;
        check_fit(self.key(), alg)?;
        crate::jwk::check_certificates(
            self.members(),
            self.key(),
            Some(alg.name()),
            backend.as_ref(),
        )?;
        let kind = match alg.facts().scheme {
            KeyManagementScheme::EcdhEs { wrap_len } => {
                backend.check_agreement_key(self.key())?;
                EncrypterKind::Agreed {
                    peer: self.key().clone(),
                    wrap_len,
                }
            }
            _ => EncrypterKind::Wrapped(backend.rsa_wrap(self.key(), alg)?),
        };
        Ok(Encrypter::new(
            alg.name().clone(),
            self.members().kid.clone(),
            kind,
            backend,
        ))
    }
}

impl EncryptionKey for SecretJwk {
    fn bind_encrypter(
        &self,
        backend: &Arc<dyn Backend>,
        alg: KeyManagementAlg,
    ) -> Result<Encrypter, KeyError> {
        check_members(self.members(), alg, Side::Encrypt)?;
        let kind = match Symmetric::bind(self, backend, alg)? {
            Symmetric::Direct(key) => EncrypterKind::Direct(key),
            Symmetric::AesKw(key) => EncrypterKind::Wrapped(Arc::new(key)),
            Symmetric::AesGcmKw(key) => EncrypterKind::Wrapped(Arc::new(key)),
            Symmetric::Pbes2(key) => EncrypterKind::Wrapped(Arc::new(key)),
        };
        Ok(Encrypter::new(
            alg.name().clone(),
            self.members().kid.clone(),
            kind,
            backend,
        ))
    }
}

impl DecryptionKey for PrivateJwk {
    fn bind_decrypter(
        &self,
        backend: &Arc<dyn Backend>,
        alg: KeyManagementAlg,
    ) -> Result<Decrypter, KeyError> {
        let public = self.key().public();
        check_members(self.members(), alg, Side::Decrypt)?;
        check_fit(&public, alg)?;
        crate::jwk::check_certificates(
            self.members(),
            &public,
            Some(alg.name()),
            backend.as_ref(),
        )?;
        let kind = match alg.facts().scheme {
            KeyManagementScheme::EcdhEs { wrap_len } => DecrypterKind::Agreed {
                agree: backend.agree(self.key())?,
                wrap_len,
            },
            _ => DecrypterKind::Wrapped(backend.rsa_unwrap(self.key(), alg)?),
        };
        let material = Material::Public(public);
        let info = KeyInfo::new(alg.name().clone(), self.members().kid.clone(), material);
        Ok(Decrypter::new(info, kind, backend))
    }
}

impl DecryptionKey for SecretJwk {
    fn bind_decrypter(
        &self,
        backend: &Arc<dyn Backend>,
        alg: KeyManagementAlg,
    ) -> Result<Decrypter, KeyError> {
        check_members(self.members(), alg, Side::Decrypt)?;
        let kind = match Symmetric::bind(self, backend, alg)? {
            Symmetric::Direct(key) => DecrypterKind::Direct(Arc::new(key)),
            Symmetric::AesKw(key) => {
                DecrypterKind::Wrapped(Arc::new(key) as Arc<dyn super::Unwrap>)
            }
            Symmetric::AesGcmKw(key) => {
                DecrypterKind::Wrapped(Arc::new(key) as Arc<dyn super::Unwrap>)
            }
            Symmetric::Pbes2(key) => {
                DecrypterKind::Wrapped(Arc::new(key) as Arc<dyn super::Unwrap>)
            }
        };
        let material = Material::Secret(self.k().clone());
        let info = KeyInfo::new(alg.name().clone(), self.members().kid.clone(), material);
        Ok(Decrypter::new(info, kind, backend))
    }
}

/// What a symmetric key becomes; the same for both sides.
enum Symmetric {
    Direct(DirectKey),
    AesKw(AesKw),
    AesGcmKw(AesGcmKw),
    Pbes2(super::symmetric_wrap::Pbes2),
}

impl Symmetric {
    fn bind(
        key: &SecretJwk,
        backend: &Arc<dyn Backend>,
        alg: KeyManagementAlg,
    ) -> Result<Self, KeyError> {
        let name = || alg.name().clone();
        let expect_len = |expected: usize| {
            if key.k().len() == expected {
                Ok(())
            } else {
                Err(KeyError::malformed(
                    "k",
                    "is not as long as the algorithm requires",
                ))
            }
        };
        let failed = |_| KeyError::Backend;
        match alg.facts().scheme {
            KeyManagementScheme::Direct => Ok(Self::Direct(DirectKey::new(
                key.k().clone(),
                key.members().alg.as_ref(),
            )?)),
            KeyManagementScheme::AesKw { key_len } => {
                expect_len(key_len)?;
                Ok(Self::AesKw(AesKw {
                    alg: name(),
                    key: backend.aes_key_wrap(key.k()).map_err(failed)?,
                }))
            }
            KeyManagementScheme::AesGcmKw { key_len } => {
                expect_len(key_len)?;
                let gcm = ContentEncryptionAlg::table().iter().find(|row| {
                    row.scheme == ContentEncryptionScheme::AesGcm && row.key_len == key_len
                });
                let gcm = gcm.ok_or(KeyError::Backend)?;
                let content = backend.content_key(key.k(), gcm.alg).map_err(failed)?;
                Ok(Self::AesGcmKw(AesGcmKw {
                    alg: name(),
                    key: content,
                    backend: Arc::clone(backend),
                }))
            }
            KeyManagementScheme::Pbes2 { .. } => Ok(Self::Pbes2(pbes2(
                backend,
                key.k().clone(),
                alg,
                crate::Limits::DEFAULT.p2c_max,
            )?)),
            KeyManagementScheme::EcdhEs { .. } => Err(unfit("oct", "EC or OKP")),
            KeyManagementScheme::RsaOaep(_) | KeyManagementScheme::RsaPkcs1 => {
                Err(unfit("oct", "RSA"))
            }
        }
    }
}

fn own_alg(members: &Members) -> Result<KeyManagementAlg, KeyError> {
    let alg = members.alg.as_ref().ok_or(KeyError::Ambiguous)?;
    KeyManagementAlg::from_name(alg.as_str())
        .ok_or_else(|| KeyError::UsageMismatch(UsageMismatch::Operation(alg.clone())))
}

fn unfit(found: &'static str, expected: &'static str) -> KeyError {
    KeyError::UsageMismatch(UsageMismatch::Type { found, expected })
}

fn check_fit(key: &PublicKey, alg: KeyManagementAlg) -> Result<(), KeyError> {
    match (alg.facts().scheme, key) {
        (KeyManagementScheme::EcdhEs { .. }, PublicKey::Ec(ec)) => {
            // RFC 8812 §3.1 registers secp256k1 for signatures alone.
            if ec.curve() == crate::jwk::EcCurve::Secp256k1 {
                return Err(unfit("EC secp256k1", "EC P-256, P-384 or P-521"));
            }
            Ok(())
        }
        (KeyManagementScheme::EcdhEs { .. }, PublicKey::Okp(okp))
            if matches!(okp.curve(), OkpCurve::X25519 | OkpCurve::X448) =>
        {
            Ok(())
        }
        (KeyManagementScheme::EcdhEs { .. }, _) => {
            Err(unfit(key.describe(), "EC, or OKP X25519 or X448"))
        }
        (KeyManagementScheme::RsaOaep(_) | KeyManagementScheme::RsaPkcs1, PublicKey::Rsa(rsa)) => {
            rsa.check_strength()
        }
        (KeyManagementScheme::RsaOaep(_) | KeyManagementScheme::RsaPkcs1, _) => {
            Err(unfit(key.describe(), "RSA"))
        }
        _ => Err(unfit(key.describe(), "oct")),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Encrypt,
    Decrypt,
}

fn check_members(members: &Members, alg: KeyManagementAlg, side: Side) -> Result<(), KeyError> {
    let mismatch = |mismatch| Err(KeyError::UsageMismatch(mismatch));
    if let Some(own) = &members.alg {
        let direct =
            alg == KeyManagementAlg::Dir && ContentEncryptionAlg::from_name(own.as_str()).is_some();
        if own != alg.name() && !direct {
            return mismatch(UsageMismatch::Alg {
                key: own.clone(),
                asked: alg.name().clone(),
            });
        }
    }
    match &members.key_use {
        None | Some(PublicKeyUse::Encryption) => {}
        Some(_) => return mismatch(UsageMismatch::Use),
    }
    let Some(operations) = &members.key_ops else {
        return Ok(());
    };
    let allowed = match (alg.facts().scheme, side) {
        // Public keys of an agreement take no part in an operation of their own: WebCrypto writes an empty list.
        (KeyManagementScheme::EcdhEs { .. }, Side::Encrypt) if operations.is_empty() => {
            return Ok(());
        }
        (KeyManagementScheme::EcdhEs { .. }, _) => {
            [KeyOperation::DeriveKey, KeyOperation::DeriveBits]
        }
        (KeyManagementScheme::Pbes2 { .. }, _) => {
            [KeyOperation::DeriveKey, KeyOperation::DeriveBits]
        }
        (KeyManagementScheme::Direct, Side::Encrypt) => {
            [KeyOperation::Encrypt, KeyOperation::Encrypt]
        }
        (KeyManagementScheme::Direct, Side::Decrypt) => {
            [KeyOperation::Decrypt, KeyOperation::Decrypt]
        }
        (_, Side::Encrypt) => [KeyOperation::WrapKey, KeyOperation::Encrypt],
        (_, Side::Decrypt) => [KeyOperation::UnwrapKey, KeyOperation::Decrypt],
    };
    if operations
        .iter()
        .any(|operation| allowed.contains(operation))
    {
        Ok(())
    } else {
        mismatch(UsageMismatch::KeyOps)
    }
}
