//! The bare calls.

use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    self as aws, EcdsaKeyPair, EcdsaSigningAlgorithm, Ed25519KeyPair, ParsedPublicKey,
    PqdsaKeyPair, PqdsaSigningAlgorithm, RsaEncoding, RsaKeyPair, VerificationAlgorithm,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bulla_bench_harness::{Alg, Family, Key, KeyPair};
use k256::pkcs8::{DecodePrivateKey as _, DecodePublicKey as _};

use crate::rows::scaling::Shared;

/// Writes a signature over the input.
pub(crate) type SignRaw = Box<dyn FnMut(&[u8], &mut Vec<u8>)>;

/// Whether a signature is right.
pub(crate) type VerifyRaw = Box<dyn FnMut(&[u8], &[u8]) -> bool>;

/// The signing input and the decoded signature.
pub(crate) fn split(token: &str) -> Option<(&str, Vec<u8>)> {
    let (input, signature) = token.rsplit_once('.')?;
    Some((input, URL_SAFE_NO_PAD.decode(signature).ok()?))
}

/// The same, owned.
pub(crate) fn split_owned(token: &str) -> (String, Vec<u8>) {
    let (input, signature) = split(token).expect("a compact token");
    (input.to_owned(), signature)
}

pub(crate) fn sign_raw(alg: Alg, key: &Key) -> SignRaw {
    if let Some(secret) = key.secret() {
        let key = hmac::Key::new(hmac_algorithm(alg), secret);
        return Box::new(move |input, out| copy(out, hmac::sign(&key, input).as_ref()));
    }
    let pair = key.pair().expect("a key pair");
    match alg {
        Alg::Rs256 => sign_rsa(&aws::RSA_PKCS1_SHA256, pair),
        Alg::Rs384 => sign_rsa(&aws::RSA_PKCS1_SHA384, pair),
        Alg::Rs512 => sign_rsa(&aws::RSA_PKCS1_SHA512, pair),
        Alg::Ps256 => sign_rsa(&aws::RSA_PSS_SHA256, pair),
        Alg::Ps384 => sign_rsa(&aws::RSA_PSS_SHA384, pair),
        Alg::Ps512 => sign_rsa(&aws::RSA_PSS_SHA512, pair),
        Alg::Es256 => sign_ecdsa(&aws::ECDSA_P256_SHA256_FIXED_SIGNING, pair),
        Alg::Es384 => sign_ecdsa(&aws::ECDSA_P384_SHA384_FIXED_SIGNING, pair),
        Alg::Es512 => sign_ecdsa(&aws::ECDSA_P521_SHA512_FIXED_SIGNING, pair),
        Alg::Es256k => sign_k256(pair),
        Alg::Ed25519 => {
            let key = Ed25519KeyPair::from_pkcs8(&pair.pkcs8).expect("a key");
            Box::new(move |input, out| copy(out, key.sign(input).as_ref()))
        }
        Alg::Ed448 => {
            let seed = pair.seed.as_slice().try_into().expect("57 octets");
            let key = ed448_goldilocks_plus::SigningKey::from_bytes(seed);
            Box::new(move |input, out| copy(out, &key.sign_raw(input).to_bytes()))
        }
        Alg::MlDsa44 => sign_ml_dsa(&aws::ML_DSA_44_SIGNING, pair),
        Alg::MlDsa65 => sign_ml_dsa(&aws::ML_DSA_65_SIGNING, pair),
        Alg::MlDsa87 => sign_ml_dsa(&aws::ML_DSA_87_SIGNING, pair),
        Alg::Hs256 | Alg::Hs384 | Alg::Hs512 => unreachable!("a MAC has no key pair"),
    }
}

pub(crate) fn verify_raw(alg: Alg, key: &Key) -> VerifyRaw {
    if let Some(secret) = key.secret() {
        let key = hmac::Key::new(hmac_algorithm(alg), secret);
        return Box::new(move |input, tag| hmac::verify(&key, input, tag).is_ok());
    }
    let pair = key.pair().expect("a key pair");
    match alg.family() {
        Family::Ed448 => return verify_ed448(pair),
        _ if alg == Alg::Es256k => return verify_k256(pair),
        _ => {}
    }
    let verification: &'static dyn VerificationAlgorithm = match alg {
        Alg::Rs256 => &aws::RSA_PKCS1_2048_8192_SHA256,
        Alg::Rs384 => &aws::RSA_PKCS1_2048_8192_SHA384,
        Alg::Rs512 => &aws::RSA_PKCS1_2048_8192_SHA512,
        Alg::Ps256 => &aws::RSA_PSS_2048_8192_SHA256,
        Alg::Ps384 => &aws::RSA_PSS_2048_8192_SHA384,
        Alg::Ps512 => &aws::RSA_PSS_2048_8192_SHA512,
        Alg::Es256 => &aws::ECDSA_P256_SHA256_FIXED,
        Alg::Es384 => &aws::ECDSA_P384_SHA384_FIXED,
        Alg::Es512 => &aws::ECDSA_P521_SHA512_FIXED,
        Alg::Ed25519 => &aws::ED25519,
        Alg::MlDsa44 => &aws::ML_DSA_44,
        Alg::MlDsa65 => &aws::ML_DSA_65,
        Alg::MlDsa87 => &aws::ML_DSA_87,
        other => unreachable!("{other:?} is not aws-lc-rs's"),
    };
    verify_aws(verification, &pair.public)
}

pub(crate) fn hmac_algorithm(alg: Alg) -> hmac::Algorithm {
    match alg {
        Alg::Hs256 => hmac::HMAC_SHA256,
        Alg::Hs384 => hmac::HMAC_SHA384,
        _ => hmac::HMAC_SHA512,
    }
}

fn sign_rsa(encoding: &'static dyn RsaEncoding, pair: &KeyPair) -> SignRaw {
    let key = RsaKeyPair::from_pkcs8(&pair.pkcs8).expect("a key");
    let random = SystemRandom::new();
    Box::new(move |input, out| {
        out.resize(key.public_modulus_len(), 0);
        key.sign(encoding, &random, input, out).expect("it signs");
    })
}

pub(super) fn sign_ecdsa(alg: &'static EcdsaSigningAlgorithm, pair: &KeyPair) -> SignRaw {
    let key = EcdsaKeyPair::from_pkcs8(alg, &pair.pkcs8).expect("a key");
    let random = SystemRandom::new();
    Box::new(move |input, out| {
        copy(out, key.sign(&random, input).expect("it signs").as_ref());
    })
}

fn sign_ml_dsa(alg: &'static PqdsaSigningAlgorithm, pair: &KeyPair) -> SignRaw {
    let key = PqdsaKeyPair::from_seed(alg, &pair.seed).expect("a key");
    Box::new(move |input, out| {
        out.resize(alg.signature_len(), 0);
        key.sign(input, out).expect("it signs");
    })
}

fn sign_k256(pair: &KeyPair) -> SignRaw {
    use k256::ecdsa::signature::Signer as _;
    let key = k256::ecdsa::SigningKey::from_pkcs8_der(&pair.pkcs8).expect("a key");
    Box::new(move |input, out| {
        let signature: k256::ecdsa::Signature = key.sign(input);
        copy(out, &signature.to_bytes());
    })
}

pub(super) fn verify_aws(alg: &'static dyn VerificationAlgorithm, public: &[u8]) -> VerifyRaw {
    let key = ParsedPublicKey::new(alg, public).expect("a key");
    Box::new(move |input, signature| key.verify_sig(input, signature).is_ok())
}

fn verify_k256(pair: &KeyPair) -> VerifyRaw {
    use k256::ecdsa::signature::Verifier as _;
    let key = k256::ecdsa::VerifyingKey::from_public_key_der(&pair.spki).expect("a key");
    Box::new(move |input, signature| {
        k256::ecdsa::Signature::from_slice(signature)
            .is_ok_and(|signature| key.verify(input, &signature.normalize_s()).is_ok())
    })
}

fn verify_ed448(pair: &KeyPair) -> VerifyRaw {
    let public = pair.public.as_slice().try_into().expect("57 octets");
    let key = ed448_goldilocks_plus::VerifyingKey::from_bytes(public).expect("a key");
    Box::new(move |input, signature| {
        ed448_goldilocks_plus::Signature::from_slice(signature)
            .is_ok_and(|signature| key.verify_raw(&signature, input).is_ok())
    })
}

fn copy(out: &mut Vec<u8>, octets: &[u8]) {
    out.clear();
    out.extend_from_slice(octets);
}

/// The same primitive for several threads.
pub(super) fn shared(alg: Alg, key: &Key) -> Option<Shared> {
    if let Some(secret) = key.secret() {
        let key = hmac::Key::new(hmac_algorithm(alg), secret);
        return Some(Box::new(move |token| {
            split(token)
                .is_some_and(|(input, tag)| hmac::verify(&key, input.as_bytes(), &tag).is_ok())
        }));
    }
    let key = ParsedPublicKey::new(&aws::ECDSA_P256_SHA256_FIXED, &key.pair()?.public).ok()?;
    Some(Box::new(move |token| {
        split(token)
            .is_some_and(|(input, signature)| key.verify_sig(input.as_bytes(), &signature).is_ok())
    }))
}
