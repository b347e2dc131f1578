use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rsa::{
    KeySize, OAEP_SHA1_MGF1SHA1, OAEP_SHA256_MGF1SHA256, OaepAlgorithm, OaepPrivateDecryptingKey,
    PrivateDecryptingKey,
};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P256K1_SHA256_ASN1_SIGNING,
    ECDSA_P384_SHA384_ASN1_SIGNING, ECDSA_P521_SHA512_ASN1_SIGNING, EcdsaKeyPair,
    EcdsaSigningAlgorithm, Ed25519KeyPair, KeyPair as _, ML_DSA_44_SIGNING, ML_DSA_65_SIGNING,
    ML_DSA_87_SIGNING, PqdsaKeyPair, RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512,
    RSA_PSS_SHA256, RSA_PSS_SHA384, RSA_PSS_SHA512, RsaEncoding, RsaKeyPair,
};
use aws_lc_rs::{agreement, digest, hmac, rand};
use bulla_core::jwa::{HashAlg, MacAlg, MlDsaParameters, SignatureAlg, SignatureScheme};
use bulla_core::jwk::EcCurve;

/// A key as a vault keeps it: the bare primitives, straight from the library, and none of Bulla's own code. ECDSA gives DER.
pub struct SoftKey {
    kind: Kind,
    spki: Vec<u8>,
}

/// What key to make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SoftSpec {
    Ec(EcCurve),
    /// For agreeing: aws-lc keeps these keys apart.
    EcAgreement(EcCurve),
    Ed25519,
    Hmac(HashAlg),
    MlDsa(MlDsaParameters),
    Rsa(usize),
}

/// What is signed.
#[derive(Clone, Copy)]
pub enum Message<'a> {
    Digest(&'a [u8]),
    Raw(&'a [u8]),
}

enum Kind {
    Agreement(agreement::PrivateKey),
    Ec(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
    Hmac(Vec<u8>),
    MlDsa(PqdsaKeyPair),
    Rsa(RsaKeyPair, OaepPrivateDecryptingKey),
}

impl SoftKey {
    pub fn generate(spec: SoftSpec) -> Self {
        let (kind, spki) = match spec {
            SoftSpec::Ec(curve) => {
                let pair = EcdsaKeyPair::generate(ecdsa(curve)).unwrap();
                let spki = pair.public_key().as_der().unwrap().as_ref().to_vec();
                (Kind::Ec(pair), spki)
            }
            SoftSpec::EcAgreement(curve) => {
                let key = agreement::PrivateKey::generate(ecdh(curve)).unwrap();
                let public = key.compute_public_key().unwrap();
                let spki = public.as_der().unwrap().as_ref().to_vec();
                (Kind::Agreement(key), spki)
            }
            SoftSpec::Ed25519 => {
                let pair = Ed25519KeyPair::generate().unwrap();
                let spki = pair.public_key().as_der().unwrap().as_ref().to_vec();
                (Kind::Ed25519(pair), spki)
            }
            SoftSpec::Hmac(hash) => {
                let mut secret = vec![0; hash.len()];
                rand::fill(&mut secret).unwrap();
                (Kind::Hmac(secret), Vec::new())
            }
            SoftSpec::MlDsa(parameters) => {
                let algorithm = match parameters {
                    MlDsaParameters::MlDsa44 => &ML_DSA_44_SIGNING,
                    MlDsaParameters::MlDsa65 => &ML_DSA_65_SIGNING,
                    _ => &ML_DSA_87_SIGNING,
                };
                let pair = PqdsaKeyPair::generate(algorithm).unwrap();
                let spki = pair.public_key().as_der().unwrap().as_ref().to_vec();
                (Kind::MlDsa(pair), spki)
            }
            SoftSpec::Rsa(bits) => {
                let size = match bits {
                    2048 => KeySize::Rsa2048,
                    3072 => KeySize::Rsa3072,
                    _ => KeySize::Rsa4096,
                };
                let decrypting = PrivateDecryptingKey::generate(size).unwrap();
                let spki = decrypting.public_key().as_der().unwrap().as_ref().to_vec();
                let pkcs8 = decrypting.as_der().unwrap();
                let signing = RsaKeyPair::from_pkcs8(pkcs8.as_ref()).unwrap();
                let opening = OaepPrivateDecryptingKey::new(decrypting).unwrap();
                (Kind::Rsa(signing, opening), spki)
            }
        };
        Self { kind, spki }
    }

    /// `SubjectPublicKeyInfo` in DER.
    pub fn spki(&self) -> &[u8] {
        &self.spki
    }

    /// A signature; `None` where the key or the form of the message does not fit the algorithm.
    pub fn sign(&self, alg: SignatureAlg, message: Message<'_>) -> Option<Vec<u8>> {
        match (&self.kind, alg.facts().scheme, message) {
            (Kind::Ec(pair), SignatureScheme::Ecdsa(_, hash), message) => {
                let signature = pair.sign_digest(&digest_of(hash, message)?).ok()?;
                Some(signature.as_ref().to_vec())
            }
            (Kind::Rsa(pair, _), SignatureScheme::RsaPkcs1(hash), message) => {
                rsa(pair, pkcs1(hash), &digest_of(hash, message)?)
            }
            (Kind::Rsa(pair, _), SignatureScheme::RsaPss(hash), message) => {
                rsa(pair, pss(hash), &digest_of(hash, message)?)
            }
            (Kind::Ed25519(pair), SignatureScheme::EdDsa(_), Message::Raw(message)) => {
                Some(pair.sign(message).as_ref().to_vec())
            }
            (Kind::MlDsa(pair), SignatureScheme::MlDsa(parameters), Message::Raw(message)) => {
                let mut signature = vec![0; parameters.signature_len()];
                pair.sign(message, &mut signature).ok()?;
                Some(signature)
            }
            _ => None,
        }
    }

    /// An authentication code.
    pub fn mac(&self, alg: MacAlg, message: &[u8]) -> Option<Vec<u8>> {
        let Kind::Hmac(secret) = &self.kind else {
            return None;
        };
        let algorithm = match alg {
            MacAlg::Hs384 => hmac::HMAC_SHA384,
            MacAlg::Hs512 => hmac::HMAC_SHA512,
            _ => hmac::HMAC_SHA256,
        };
        let key = hmac::Key::new(algorithm, secret);
        Some(hmac::sign(&key, message).as_ref().to_vec())
    }

    /// The secret of an HMAC key, for whoever verifies.
    pub fn secret(&self) -> Option<&[u8]> {
        match &self.kind {
            Kind::Hmac(secret) => Some(secret),
            _ => None,
        }
    }

    /// What RSA-OAEP encrypted, with SHA-1 or SHA-256.
    pub fn open(&self, sha256: bool, ciphertext: &[u8]) -> Option<Vec<u8>> {
        let Kind::Rsa(_, key) = &self.kind else {
            return None;
        };
        let algorithm: &'static OaepAlgorithm = if sha256 {
            &OAEP_SHA256_MGF1SHA256
        } else {
            &OAEP_SHA1_MGF1SHA1
        };
        let mut out = vec![0; key.min_output_size()];
        let plain = key.decrypt(algorithm, ciphertext, &mut out, None).ok()?;
        Some(plain.to_vec())
    }

    /// The shared secret Z with a peer, given as `SubjectPublicKeyInfo`.
    pub fn agree(&self, peer: &[u8]) -> Option<Vec<u8>> {
        let Kind::Agreement(key) = &self.kind else {
            return None;
        };
        let peer = agreement::UnparsedPublicKey::new(key.algorithm(), peer);
        agreement::agree(key, peer, (), |secret| Ok(secret.to_vec())).ok()
    }
}

fn ecdsa(curve: EcCurve) -> &'static EcdsaSigningAlgorithm {
    match curve {
        EcCurve::P384 => &ECDSA_P384_SHA384_ASN1_SIGNING,
        EcCurve::P521 => &ECDSA_P521_SHA512_ASN1_SIGNING,
        EcCurve::Secp256k1 => &ECDSA_P256K1_SHA256_ASN1_SIGNING,
        _ => &ECDSA_P256_SHA256_ASN1_SIGNING,
    }
}

fn ecdh(curve: EcCurve) -> &'static agreement::Algorithm {
    match curve {
        EcCurve::P384 => &agreement::ECDH_P384,
        EcCurve::P521 => &agreement::ECDH_P521,
        _ => &agreement::ECDH_P256,
    }
}

fn digest_of(hash: HashAlg, message: Message<'_>) -> Option<digest::Digest> {
    let algorithm = match hash {
        HashAlg::Sha384 => &digest::SHA384,
        HashAlg::Sha512 => &digest::SHA512,
        _ => &digest::SHA256,
    };
    match message {
        Message::Digest(digest) => digest::Digest::import_less_safe(digest, algorithm).ok(),
        Message::Raw(message) => Some(digest::digest(algorithm, message)),
    }
}

fn rsa(
    pair: &RsaKeyPair,
    encoding: &'static dyn RsaEncoding,
    digest: &digest::Digest,
) -> Option<Vec<u8>> {
    let mut signature = vec![0; pair.public_modulus_len()];
    pair.sign_digest(encoding, digest, &mut signature).ok()?;
    Some(signature)
}

fn pkcs1(hash: HashAlg) -> &'static dyn RsaEncoding {
    match hash {
        HashAlg::Sha384 => &RSA_PKCS1_SHA384,
        HashAlg::Sha512 => &RSA_PKCS1_SHA512,
        _ => &RSA_PKCS1_SHA256,
    }
}

fn pss(hash: HashAlg) -> &'static dyn RsaEncoding {
    match hash {
        HashAlg::Sha384 => &RSA_PSS_SHA384,
        HashAlg::Sha512 => &RSA_PSS_SHA512,
        _ => &RSA_PSS_SHA256,
    }
}
