//! What a key must be before it is bound to an algorithm; told before any token is seen.

use std::sync::Arc;

use super::{Backend, Signer, Verifier};
use crate::jwa::{MacAlg, SignatureAlg, SignatureScheme};
use crate::jwk::{
    KeyError, KeyOperation, Members, OkpCurve, PrivateJwk, PublicJwk, PublicKey, PublicKeyUse,
    SecretJwk, UsageMismatch,
};

pub(crate) mod sealed {
    pub trait Sealed {}
    impl Sealed for crate::jwk::PublicJwk {}
    impl Sealed for crate::jwk::PrivateJwk {}
    impl Sealed for crate::jwk::SecretJwk {}
}

/// A key that belongs to one kind of algorithm.
pub trait Bindable: sealed::Sealed {
    /// The kind: [`SignatureAlg`] for key pairs, [`MacAlg`] for secrets. There is no common parent.
    type Alg: Copy;

    /// The algorithm that the key itself fixes: its `alg`, or the only one that its type and curve allow.
    ///
    /// # Errors
    ///
    /// [`KeyError::Ambiguous`] where several would do (RSA or `oct` without `alg`),
    /// [`KeyError::UsageMismatch`] where `alg` is of another kind, or unknown.
    fn own_alg(&self) -> Result<Self::Alg, KeyError>;
}

/// A key that can sign: a [`PrivateJwk`] or a [`SecretJwk`].
pub trait SigningKey: Bindable {
    /// Binds the key to `alg` for signing; [`Signer::bind_to`] calls it.
    ///
    /// # Errors
    ///
    /// See [`Signer::bind_to`].
    fn bind_signer(&self, backend: &Arc<dyn Backend>, alg: Self::Alg) -> Result<Signer, KeyError>;
}

/// A key that can verify: a [`PublicJwk`] or a [`SecretJwk`].
pub trait VerificationKey: Bindable {
    /// Binds the key to `alg` for verifying; [`Verifier::bind_to`] calls it.
    ///
    /// # Errors
    ///
    /// See [`Verifier::bind_to`].
    fn bind_verifier(
        &self,
        backend: &Arc<dyn Backend>,
        alg: Self::Alg,
    ) -> Result<Verifier, KeyError>;
}

impl Bindable for PublicJwk {
    type Alg = SignatureAlg;

    fn own_alg(&self) -> Result<SignatureAlg, KeyError> {
        own_signature_alg(self.members(), self.key())
    }
}

impl Bindable for PrivateJwk {
    type Alg = SignatureAlg;

    fn own_alg(&self) -> Result<SignatureAlg, KeyError> {
        own_signature_alg(self.members(), &self.key().public())
    }
}

impl Bindable for SecretJwk {
    type Alg = MacAlg;

    fn own_alg(&self) -> Result<MacAlg, KeyError> {
        let alg = self.members().alg.as_ref().ok_or(KeyError::Ambiguous)?;
        MacAlg::from_name(alg.as_str())
            .ok_or_else(|| KeyError::UsageMismatch(UsageMismatch::Operation(alg.clone())))
    }
}

impl SigningKey for PrivateJwk {
    fn bind_signer(
        &self,
        backend: &Arc<dyn Backend>,
        alg: SignatureAlg,
    ) -> Result<Signer, KeyError> {
        let public = self.key().public();
        check_members(self.members(), &KeyOperation::Sign, alg.name())?;
        check_fit(&public, alg)?;
        crate::jwk::check_certificates(
            self.members(),
            &public,
            Some(alg.name()),
            backend.as_ref(),
        )?;
        let sign = backend.signer(self.key(), alg)?;
        Ok(Signer::new(sign, self.members().kid.clone()))
    }
}

impl SigningKey for SecretJwk {
    fn bind_signer(&self, backend: &Arc<dyn Backend>, alg: MacAlg) -> Result<Signer, KeyError> {
        check_members(self.members(), &KeyOperation::Sign, alg.name())?;
        check_mac_len(self, alg)?;
        Ok(Signer::from_mac(
            backend.mac(self.k(), alg)?,
            self.members().kid.clone(),
        ))
    }
}

impl VerificationKey for PublicJwk {
    fn bind_verifier(
        &self,
        backend: &Arc<dyn Backend>,
        alg: SignatureAlg,
    ) -> Result<Verifier, KeyError> {
        check_members(self.members(), &KeyOperation::Verify, alg.name())?;
        check_fit(self.key(), alg)?;
        crate::jwk::check_certificates(
            self.members(),
            self.key(),
            Some(alg.name()),
            backend.as_ref(),
        )?;
        let verify = backend.verifier(self.key(), alg)?;
        Ok(Verifier::of_public(verify, self))
    }
}

impl VerificationKey for SecretJwk {
    fn bind_verifier(&self, backend: &Arc<dyn Backend>, alg: MacAlg) -> Result<Verifier, KeyError> {
        check_members(self.members(), &KeyOperation::Verify, alg.name())?;
        check_mac_len(self, alg)?;
        Ok(Verifier::of_secret(backend.mac(self.k(), alg)?, self))
    }
}

fn own_signature_alg(members: &Members, key: &PublicKey) -> Result<SignatureAlg, KeyError> {
    if let Some(alg) = &members.alg {
        return SignatureAlg::from_name(alg.as_str())
            .ok_or_else(|| KeyError::UsageMismatch(UsageMismatch::Operation(alg.clone())));
    }
    let mut fitting = SignatureAlg::table()
        .iter()
        .filter(|row| fits(key, row.scheme));
    match (fitting.next(), fitting.next()) {
        (Some(only), None) => Ok(only.alg),
        // The one pair with two names: without `alg` it is the older, polymorphic one (RFC 8037).
        (Some(first), Some(_)) if matches!(first.scheme, SignatureScheme::EdDsa(_)) => {
            Ok(first.alg)
        }
        (Some(_), Some(_)) => Err(KeyError::Ambiguous),
        (None, _) => Err(KeyError::UsageMismatch(UsageMismatch::Type {
            found: key.describe(),
            expected: "a key that signs",
        })),
    }
}

/// Whether key type and curve are the scheme's.
pub(crate) fn fits(key: &PublicKey, scheme: SignatureScheme) -> bool {
    match (key, scheme) {
        (PublicKey::Ec(key), SignatureScheme::Ecdsa(curve, _)) => key.curve() == curve,
        (PublicKey::Okp(key), SignatureScheme::EdDsa(curves)) => curves.contains(&key.curve()),
        (PublicKey::Akp(key), SignatureScheme::MlDsa(parameters)) => key.parameters() == parameters,
        (PublicKey::Rsa(_), SignatureScheme::RsaPkcs1(_) | SignatureScheme::RsaPss(_)) => true,
        _ => false,
    }
}

fn check_fit(key: &PublicKey, alg: SignatureAlg) -> Result<(), KeyError> {
    let scheme = alg.facts().scheme;
    if !fits(key, scheme) {
        let expected = match scheme {
            SignatureScheme::Ecdsa(curve, _) => match curve {
                crate::jwk::EcCurve::P256 => "EC P-256",
                crate::jwk::EcCurve::P384 => "EC P-384",
                crate::jwk::EcCurve::P521 => "EC P-521",
                crate::jwk::EcCurve::Secp256k1 => "EC secp256k1",
            },
            SignatureScheme::EdDsa([OkpCurve::Ed25519]) => "OKP Ed25519",
            SignatureScheme::EdDsa([OkpCurve::Ed448]) => "OKP Ed448",
            SignatureScheme::EdDsa(_) => "OKP Ed25519 or Ed448",
            SignatureScheme::MlDsa(_) => "AKP of that algorithm",
            SignatureScheme::RsaPkcs1(_) | SignatureScheme::RsaPss(_) => "RSA",
        };
        return Err(KeyError::UsageMismatch(UsageMismatch::Type {
            found: key.describe(),
            expected,
        }));
    }
    if let PublicKey::Rsa(key) = key {
        key.check_strength()?;
    }
    Ok(())
}

fn check_mac_len(key: &SecretJwk, alg: MacAlg) -> Result<(), KeyError> {
    let required = alg.facts().hash.len();
    if key.k().len() < required {
        return Err(KeyError::TooWeak {
            bits: key.k().len() * 8,
            required: required * 8,
        });
    }
    Ok(())
}

fn check_members(
    members: &Members,
    operation: &KeyOperation,
    asked: &crate::jwa::AlgName,
) -> Result<(), KeyError> {
    let mismatch = |mismatch| Err(KeyError::UsageMismatch(mismatch));
    match &members.alg {
        Some(alg) if alg != asked => {
            return mismatch(UsageMismatch::Alg {
                key: alg.clone(),
                asked: asked.clone(),
            });
        }
        _ => {}
    }
    match &members.key_use {
        None | Some(PublicKeyUse::Signature) => {}
        Some(_) => return mismatch(UsageMismatch::Use),
    }
    match &members.key_ops {
        Some(operations) if !operations.contains(operation) => mismatch(UsageMismatch::KeyOps),
        _ => Ok(()),
    }
}
