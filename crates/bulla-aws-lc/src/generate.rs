//! New key pairs.

use aws_lc_rs::agreement;
use aws_lc_rs::encoding::{AsBigEndian as _, AsDer as _, Curve25519SeedBin, EcPrivateKeyBin};
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P256K1_SHA256_FIXED_SIGNING,
    ECDSA_P384_SHA384_FIXED_SIGNING, ECDSA_P521_SHA512_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair,
    KeyPair as _, RsaKeyPair,
};
use bulla_core::SecretBytes;
use bulla_core::jwa::MlDsaParameters;
use bulla_core::jwk::{
    AkpPrivateKey, AkpPublicKey, EcCurve, EcPrivateKey, EcPublicKey, KeyError, OkpCurve,
    OkpPrivateKey, OkpPublicKey, PrivateKey, RsaCrt, RsaPrivateKey, RsaPublicKey,
};
use bulla_core::key::KeySpec;
use pkcs1::RsaPrivateKeyRef;
use pkcs8::PrivateKeyInfoRef;
use zeroize::Zeroizing;

use crate::complete::okp_public_of;
use crate::signature::mldsa;

pub(crate) fn generate(spec: KeySpec) -> Result<PrivateKey, KeyError> {
    match spec {
        KeySpec::Ec(curve) => ec(curve).map(PrivateKey::Ec),
        KeySpec::Okp(curve) => okp(curve).map(PrivateKey::Okp),
        KeySpec::MlDsa(parameters) => ml_dsa(parameters).map(PrivateKey::Akp),
        KeySpec::Rsa { bits } => rsa(bits).map(PrivateKey::Rsa),
        _ => Err(KeyError::Unsupported("the kind of key")),
    }
}

fn ec(curve: EcCurve) -> Result<EcPrivateKey, KeyError> {
    let algorithm = match curve {
        EcCurve::P256 => &ECDSA_P256_SHA256_FIXED_SIGNING,
        EcCurve::P384 => &ECDSA_P384_SHA384_FIXED_SIGNING,
        EcCurve::P521 => &ECDSA_P521_SHA512_FIXED_SIGNING,
        EcCurve::Secp256k1 => &ECDSA_P256K1_SHA256_FIXED_SIGNING,
        _ => return Err(KeyError::Unsupported("the curve")),
    };
    let pair = EcdsaKeyPair::generate(algorithm).map_err(|_| KeyError::Backend)?;
    let public = EcPublicKey::from_uncompressed(curve, pair.public_key().as_ref())?;
    // As long as the field, leading zeros kept.
    let d: EcPrivateKeyBin<'_> = pair
        .private_key()
        .as_be_bytes()
        .map_err(|_| KeyError::Backend)?;
    EcPrivateKey::new(public, d.as_ref())
}

fn okp(curve: OkpCurve) -> Result<OkpPrivateKey, KeyError> {
    let d: SecretBytes = match curve {
        OkpCurve::Ed25519 => {
            let pair = Ed25519KeyPair::generate().map_err(|_| KeyError::Backend)?;
            let seed = pair.seed().map_err(|_| KeyError::Backend)?;
            let seed: Curve25519SeedBin<'_> = seed.as_be_bytes().map_err(|_| KeyError::Backend)?;
            seed.as_ref().into()
        }
        OkpCurve::X25519 => {
            let key = agreement::PrivateKey::generate(&agreement::X25519)
                .map_err(|_| KeyError::Backend)?;
            let scalar: Curve25519SeedBin<'_> = key.as_be_bytes().map_err(|_| KeyError::Backend)?;
            scalar.as_ref().into()
        }
        OkpCurve::Ed448 | OkpCurve::X448 => random(curve.key_len())?,
        _ => return Err(KeyError::Unsupported("the curve")),
    };
    let public = OkpPublicKey::new(curve, okp_public_of(curve, d.expose())?)?;
    OkpPrivateKey::new(public, d)
}

fn ml_dsa(parameters: MlDsaParameters) -> Result<AkpPrivateKey, KeyError> {
    let seed = random(MlDsaParameters::SEED_LEN)?;
    let public = AkpPublicKey::new(parameters, mldsa::public_of(parameters, seed.expose())?)?;
    AkpPrivateKey::new(public, seed)
}

fn rsa(bits: usize) -> Result<RsaPrivateKey, KeyError> {
    let size = match bits {
        2048 => KeySize::Rsa2048,
        3072 => KeySize::Rsa3072,
        4096 => KeySize::Rsa4096,
        8192 => KeySize::Rsa8192,
        _ => {
            return Err(KeyError::Unsupported(
                "an RSA modulus of other than 2048, 3072, 4096 or 8192 bits",
            ));
        }
    };
    let pair = RsaKeyPair::generate(size).map_err(|_| KeyError::Backend)?;
    let pkcs8 = pair.as_der().map_err(|_| KeyError::Backend)?;
    let info = PrivateKeyInfoRef::try_from(pkcs8.as_ref()).map_err(|_| KeyError::Backend)?;
    let key =
        RsaPrivateKeyRef::try_from(info.private_key.as_bytes()).map_err(|_| KeyError::Backend)?;
    RsaPrivateKey::new(
        RsaPublicKey::new(key.modulus.as_bytes(), key.public_exponent.as_bytes())?,
        key.private_exponent.as_bytes(),
        Some(RsaCrt::new(
            key.prime1.as_bytes(),
            key.prime2.as_bytes(),
            key.exponent1.as_bytes(),
            key.exponent2.as_bytes(),
            key.coefficient.as_bytes(),
        )?),
    )
}

fn random(len: usize) -> Result<SecretBytes, KeyError> {
    let mut octets = Zeroizing::new(vec![0; len]);
    aws_lc_rs::rand::fill(&mut octets).map_err(|_| KeyError::Backend)?;
    Ok(octets.as_slice().into())
}
