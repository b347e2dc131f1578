//! Algorithms of JOSE as mechanisms of PKCS#11.

use bulla_core::jwa::{
    HashAlg, KeyManagementAlg, KeyManagementScheme, MacAlg, SignatureAlg, SignatureScheme,
};
use bulla_core::jwk::OkpCurve;
use cryptoki::mechanism::dsa::{HedgeType, SignAdditionalContext};
use cryptoki::mechanism::eddsa::{EddsaParams, EddsaSignatureScheme};
use cryptoki::mechanism::rsa::{PkcsMgfType, PkcsOaepParams, PkcsOaepSource, PkcsPssParams};
use cryptoki::mechanism::{Mechanism, MechanismType};

/// What signs with `alg`, for a key on this Edwards curve where it is one. What is given to it: see [`signed_octets`].
pub(super) fn signature(alg: SignatureAlg, curve: Option<OkpCurve>) -> Option<Mechanism<'static>> {
    Some(match alg.facts().scheme {
        SignatureScheme::Ecdsa(..) => Mechanism::Ecdsa,
        SignatureScheme::RsaPkcs1(_) => Mechanism::RsaPkcs,
        SignatureScheme::RsaPss(hash) => {
            let (hash_alg, mgf) = hash_and_mgf(Some(hash))?;
            Mechanism::RsaPkcsPss(PkcsPssParams {
                hash_alg,
                mgf,
                // As long as the hash (RFC 7518 §3.5).
                s_len: hash.len().try_into().ok()?,
            })
        }
        SignatureScheme::EdDsa(_) => Mechanism::Eddsa(EddsaParams::new(match curve? {
            OkpCurve::Ed25519 => EddsaSignatureScheme::Ed25519,
            OkpCurve::Ed448 => EddsaSignatureScheme::Ed448(&[]),
            _ => return None,
        })),
        SignatureScheme::MlDsa(_) => {
            Mechanism::MlDsa(SignAdditionalContext::new(HedgeType::Preferred, None))
        }
        _ => return None,
    })
}

/// What computes authentication codes with `alg`.
pub(super) fn mac(alg: MacAlg) -> Option<Mechanism<'static>> {
    Some(match alg.facts().hash {
        HashAlg::Sha256 => Mechanism::Sha256Hmac,
        HashAlg::Sha384 => Mechanism::Sha384Hmac,
        HashAlg::Sha512 => Mechanism::Sha512Hmac,
        _ => return None,
    })
}

/// What decrypts with `alg`. RSA1_5 is not offered: whoever can make a vault decrypt may learn from how it fails.
pub(super) fn decryption(alg: KeyManagementAlg) -> Option<Mechanism<'static>> {
    Some(match alg.facts().scheme {
        KeyManagementScheme::RsaOaep(hash) => {
            let (hash, mgf) = hash_and_mgf(hash)?;
            Mechanism::RsaPkcsOaep(PkcsOaepParams::new(hash, mgf, PkcsOaepSource::empty()))
        }
        KeyManagementScheme::AesKw { .. } => Mechanism::AesKeyWrap,
        _ => return None,
    })
}

/// What a mechanism is given: PKCS#1 takes the digest with the name of its hash (RFC 8017 §9.2), every other one the
/// digest, or the message, as it is.
pub(super) fn signed_octets(alg: SignatureAlg, octets: &[u8]) -> Vec<u8> {
    let prefix: &[u8] = match alg.facts().scheme {
        SignatureScheme::RsaPkcs1(HashAlg::Sha256) => &DIGEST_INFO_SHA256,
        SignatureScheme::RsaPkcs1(HashAlg::Sha384) => &DIGEST_INFO_SHA384,
        SignatureScheme::RsaPkcs1(HashAlg::Sha512) => &DIGEST_INFO_SHA512,
        _ => &[],
    };
    [prefix, octets].concat()
}

/// MGF1 is on the same hash everywhere in JOSE. `None` is SHA-1.
fn hash_and_mgf(hash: Option<HashAlg>) -> Option<(MechanismType, PkcsMgfType)> {
    Some(match hash {
        None => (MechanismType::SHA1, PkcsMgfType::MGF1_SHA1),
        Some(HashAlg::Sha256) => (MechanismType::SHA256, PkcsMgfType::MGF1_SHA256),
        Some(HashAlg::Sha384) => (MechanismType::SHA384, PkcsMgfType::MGF1_SHA384),
        Some(HashAlg::Sha512) => (MechanismType::SHA512, PkcsMgfType::MGF1_SHA512),
        _ => return None,
    })
}

// `DigestInfo` of RFC 8017 §9.2, note 1, up to the digest.
const DIGEST_INFO_SHA256: [u8; 19] = digest_info(1, 32);
const DIGEST_INFO_SHA384: [u8; 19] = digest_info(2, 48);
const DIGEST_INFO_SHA512: [u8; 19] = digest_info(3, 64);

/// `SEQUENCE { SEQUENCE { 2.16.840.1.101.3.4.2.(hash), NULL }, OCTET STRING of (len) }`
const fn digest_info(hash: u8, len: u8) -> [u8; 19] {
    [
        0x30,
        17 + len,
        0x30,
        0x0d,
        0x06,
        0x09,
        0x60,
        0x86,
        0x48,
        0x01,
        0x65,
        0x03,
        0x04,
        0x02,
        hash,
        0x05,
        0x00,
        0x04,
        len,
    ]
}
