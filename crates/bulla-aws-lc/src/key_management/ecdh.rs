//! Ephemeral-static Diffie-Hellman (RFC 7518 §4.6, RFC 8037 §3.2) and its Concat KDF.

use std::sync::Arc;

use aws_lc_rs::agreement::{self, ECDH_P256, ECDH_P384, ECDH_P521, UnparsedPublicKey, X25519};
use aws_lc_rs::kdf::{SskdfDigestAlgorithmId, get_sskdf_digest_algorithm, sskdf_digest};
use bulla_core::SecretBytes;
use bulla_core::jwk::{
    EcCurve, EcPublicKey, KeyError, OkpCurve, OkpPublicKey, PrivateKey, PublicKey,
};
use bulla_core::key::{Agree, BackendError, UnwrapError};
use ed448_goldilocks_plus::x448;
use zeroize::Zeroizing;

const CONTRADICTION: KeyError = KeyError::malformed("d", "does not belong to the public key");

pub(crate) fn agree(key: &PrivateKey) -> Result<Arc<dyn Agree>, KeyError> {
    let public = Peer::of(&key.public())?;
    let d = match key {
        PrivateKey::Ec(key) => key.d(),
        PrivateKey::Okp(key) => key.d(),
        _ => return Err(MISFIT),
    };
    let private = match &public {
        Peer::AwsLc(algorithm, octets) => {
            let key = agreement::PrivateKey::from_private_key(algorithm, d.expose())
                .map_err(|_| CONTRADICTION)?;
            let own = key.compute_public_key().map_err(|_| KeyError::Backend)?;
            if own.as_ref() != octets.as_slice() {
                return Err(CONTRADICTION);
            }
            Private::AwsLc(key)
        }
        Peer::X448(octets) => {
            let d: [u8; 56] = d.expose().try_into().map_err(|_| CONTRADICTION)?;
            let d = Zeroizing::new(d);
            if x448::x448(*d, x448::X448_BASEPOINT_BYTES) != *octets {
                return Err(CONTRADICTION);
            }
            Private::X448(d)
        }
    };
    Ok(Arc::new(private))
}

/// A point that is not on its curve, or of small order, fails an agreement with a key of our own.
pub(crate) fn check(key: &PublicKey) -> Result<(), KeyError> {
    let peer = Peer::of(key)?;
    peer.ephemeral()
        .map(drop)
        .map_err(|_| KeyError::malformed("x, y", "are no point to agree with"))
}

pub(crate) fn ephemeral(peer: &PublicKey) -> Result<(PublicKey, SecretBytes), BackendError> {
    let peer_key = Peer::of(peer).map_err(|_| BackendError)?;
    let (octets, z) = peer_key.ephemeral()?;
    let public = match peer {
        PublicKey::Ec(peer) => EcPublicKey::from_uncompressed(peer.curve(), &octets)
            .map(PublicKey::Ec)
            .map_err(|_| BackendError)?,
        PublicKey::Okp(peer) => OkpPublicKey::new(peer.curve(), octets)
            .map(PublicKey::Okp)
            .map_err(|_| BackendError)?,
        _ => return Err(BackendError),
    };
    Ok((public, z))
}

pub(crate) fn concat_kdf(
    z: &SecretBytes,
    other_info: &[u8],
    out: &mut [u8],
) -> Result<(), BackendError> {
    let algorithm =
        get_sskdf_digest_algorithm(SskdfDigestAlgorithmId::Sha256).ok_or(BackendError)?;
    sskdf_digest(algorithm, z.expose(), other_info, out).map_err(|_| BackendError)
}

/// The core has compared key and algorithm before; a caller of the trait may not have.
const MISFIT: KeyError = KeyError::Unsupported("agreement with a key of this type and curve");

/// A public key as the primitive wants it.
enum Peer {
    AwsLc(&'static agreement::Algorithm, Vec<u8>),
    X448([u8; 56]),
}

enum Private {
    AwsLc(agreement::PrivateKey),
    X448(Zeroizing<[u8; 56]>),
}

impl Peer {
    fn of(key: &PublicKey) -> Result<Self, KeyError> {
        match key {
            PublicKey::Ec(key) => {
                let algorithm = match key.curve() {
                    EcCurve::P256 => &ECDH_P256,
                    EcCurve::P384 => &ECDH_P384,
                    EcCurve::P521 => &ECDH_P521,
                    _ => return Err(MISFIT),
                };
                Ok(Self::AwsLc(algorithm, key.to_uncompressed()))
            }
            PublicKey::Okp(key) => match key.curve() {
                OkpCurve::X25519 => Ok(Self::AwsLc(&X25519, key.x().to_vec())),
                OkpCurve::X448 => key.x().try_into().map(Self::X448).map_err(|_| MISFIT),
                _ => Err(MISFIT),
            },
            _ => Err(MISFIT),
        }
    }

    /// A new key pair's public octets, and what it agrees on with this peer.
    fn ephemeral(&self) -> Result<(Vec<u8>, SecretBytes), BackendError> {
        match self {
            Self::AwsLc(algorithm, octets) => {
                let private =
                    agreement::PrivateKey::generate(algorithm).map_err(|_| BackendError)?;
                let public = private.compute_public_key().map_err(|_| BackendError)?;
                Ok((
                    public.as_ref().to_vec(),
                    shared(&private, algorithm, octets)?,
                ))
            }
            Self::X448(peer) => {
                let mut private = Zeroizing::new([0; 56]);
                aws_lc_rs::rand::fill(private.as_mut_slice()).map_err(|_| BackendError)?;
                let public = x448::x448(*private, x448::X448_BASEPOINT_BYTES);
                Ok((public.to_vec(), shared_x448(&private, peer)?))
            }
        }
    }
}

impl Agree for Private {
    fn agree(&self, ephemeral: &PublicKey) -> Result<SecretBytes, UnwrapError> {
        let peer = Peer::of(ephemeral).map_err(|_| UnwrapError::Failed)?;
        match (self, &peer) {
            (Self::AwsLc(private), Peer::AwsLc(algorithm, octets)) => {
                Ok(shared(private, algorithm, octets)?)
            }
            (Self::X448(private), Peer::X448(octets)) => Ok(shared_x448(private, octets)?),
            _ => Err(UnwrapError::Failed),
        }
    }
}

/// aws-lc refuses points off the curve, and of X25519 the secret that is all zero.
fn shared(
    private: &agreement::PrivateKey,
    algorithm: &'static agreement::Algorithm,
    peer: &[u8],
) -> Result<SecretBytes, BackendError> {
    agreement::agree(
        private,
        UnparsedPublicKey::new(algorithm, peer),
        BackendError,
        |z| Ok(SecretBytes::from(z)),
    )
}

/// RFC 7748 §6.2: a secret that is all zero came from a point of small order.
fn shared_x448(private: &[u8; 56], peer: &[u8; 56]) -> Result<SecretBytes, BackendError> {
    let z = Zeroizing::new(x448::x448(*private, *peer));
    if z.iter().fold(0, |any, octet| any | octet) == 0 {
        return Err(BackendError);
    }
    Ok(SecretBytes::from(z.as_slice()))
}
