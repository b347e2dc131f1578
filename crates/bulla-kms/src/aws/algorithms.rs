//! What KMS calls the algorithms of JOSE.

use aws_sdk_kms::types::{
    EncryptionAlgorithmSpec, KeyAgreementAlgorithmSpec, MacAlgorithmSpec, SigningAlgorithmSpec,
};
use bulla_core::jwa::{KeyManagementAlg, MacAlg, SignatureAlg, SignatureScheme};
use bulla_core::jwk::{EcCurve, OkpCurve, PublicKey};

/// Octets that KMS signs or authenticates as they are.
pub(super) const LIMIT: usize = 4096;

/// What KMS calls it, where it has it. `ED25519_PH_SHA_512` signs a hash and is another algorithm.
pub(super) fn signing(alg: SignatureAlg) -> Option<SigningAlgorithmSpec> {
    use SigningAlgorithmSpec as S;
    Some(match alg {
        SignatureAlg::Es256 | SignatureAlg::Es256k => S::EcdsaSha256,
        SignatureAlg::Es384 => S::EcdsaSha384,
        SignatureAlg::Es512 => S::EcdsaSha512,
        SignatureAlg::EdDsa | SignatureAlg::Ed25519 => S::Ed25519Sha512,
        SignatureAlg::MlDsa44 | SignatureAlg::MlDsa65 | SignatureAlg::MlDsa87 => S::MlDsaShake256,
        SignatureAlg::Ps256 => S::RsassaPssSha256,
        SignatureAlg::Ps384 => S::RsassaPssSha384,
        SignatureAlg::Ps512 => S::RsassaPssSha512,
        SignatureAlg::Rs256 => S::RsassaPkcs1V15Sha256,
        SignatureAlg::Rs384 => S::RsassaPkcs1V15Sha384,
        SignatureAlg::Rs512 => S::RsassaPkcs1V15Sha512,
        _ => return None,
    })
}

/// What a key signs: the algorithms that KMS lists for it and that are of its type and curve.
pub(super) fn signatures(listed: &[SigningAlgorithmSpec], key: &PublicKey) -> Vec<SignatureAlg> {
    SignatureAlg::table()
        .iter()
        .map(|row| row.alg)
        .filter(|alg| signing(*alg).is_some_and(|spec| listed.contains(&spec)))
        .filter(|alg| fits(*alg, key))
        .collect()
}

fn fits(alg: SignatureAlg, key: &PublicKey) -> bool {
    match (alg.facts().scheme, key) {
        (SignatureScheme::Ecdsa(curve, _), PublicKey::Ec(key)) => key.curve() == curve,
        (SignatureScheme::EdDsa(curves), PublicKey::Okp(key)) => {
            key.curve() == OkpCurve::Ed25519 && curves.contains(&key.curve())
        }
        (SignatureScheme::MlDsa(parameters), PublicKey::Akp(key)) => key.parameters() == parameters,
        (SignatureScheme::RsaPkcs1(_) | SignatureScheme::RsaPss(_), PublicKey::Rsa(_)) => true,
        _ => false,
    }
}

/// What KMS calls it.
pub(super) fn mac(alg: MacAlg) -> Option<MacAlgorithmSpec> {
    Some(match alg {
        MacAlg::Hs256 => MacAlgorithmSpec::HmacSha256,
        MacAlg::Hs384 => MacAlgorithmSpec::HmacSha384,
        MacAlg::Hs512 => MacAlgorithmSpec::HmacSha512,
        _ => return None,
    })
}

/// What an HMAC key computes. `HMAC_SHA_224` has no name in JOSE.
pub(super) fn macs(listed: &[MacAlgorithmSpec]) -> Vec<MacAlg> {
    MacAlg::table()
        .iter()
        .map(|row| row.alg)
        .filter(|alg| mac(*alg).is_some_and(|spec| listed.contains(&spec)))
        .collect()
}

/// What KMS calls it: OAEP with SHA-1 or SHA-256, and no other.
pub(super) fn encryption(alg: KeyManagementAlg) -> Option<EncryptionAlgorithmSpec> {
    match alg {
        KeyManagementAlg::RsaOaep => Some(EncryptionAlgorithmSpec::RsaesOaepSha1),
        KeyManagementAlg::RsaOaep256 => Some(EncryptionAlgorithmSpec::RsaesOaepSha256),
        _ => None,
    }
}

/// What a key decrypts, the stronger algorithm first.
pub(super) fn decryptions(listed: &[EncryptionAlgorithmSpec]) -> Vec<KeyManagementAlg> {
    [KeyManagementAlg::RsaOaep256, KeyManagementAlg::RsaOaep]
        .into_iter()
        .filter(|alg| encryption(*alg).is_some_and(|spec| listed.contains(&spec)))
        .collect()
}

/// What a key that agrees is for.
pub(super) fn agreements(
    listed: &[KeyAgreementAlgorithmSpec],
    key: &PublicKey,
) -> Vec<KeyManagementAlg> {
    let on_nist_curve =
        matches!(key, PublicKey::Ec(key) if !matches!(key.curve(), EcCurve::Secp256k1));
    if !on_nist_curve || !listed.contains(&KeyAgreementAlgorithmSpec::Ecdh) {
        return Vec::new();
    }
    vec![
        KeyManagementAlg::EcdhEs,
        KeyManagementAlg::EcdhEsA128Kw,
        KeyManagementAlg::EcdhEsA192Kw,
        KeyManagementAlg::EcdhEsA256Kw,
    ]
}
