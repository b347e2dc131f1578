//! Keys for the contest, made anew for every run, in the encodings that the contestants import.

use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::rand::{SecureRandom as _, SystemRandom};
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P256K1_SHA256_FIXED_SIGNING,
    ECDSA_P384_SHA384_FIXED_SIGNING, ECDSA_P521_SHA512_FIXED_SIGNING, EcdsaKeyPair,
    EcdsaSigningAlgorithm, Ed25519KeyPair, KeyPair as _, ML_DSA_44_SIGNING, ML_DSA_65_SIGNING,
    ML_DSA_87_SIGNING, PqdsaKeyPair, PqdsaSigningAlgorithm, RsaKeyPair,
};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use crate::{Alg, Family};

/// A key of one algorithm's kind.
#[derive(Clone, Serialize, Deserialize)]
pub enum Key {
    Secret(Vec<u8>),
    Pair(KeyPair),
}

/// A key pair in the encodings that libraries import.
#[derive(Clone, Serialize, Deserialize)]
pub struct KeyPair {
    /// PKCS#8, version 1: the one that every library reads.
    pub pkcs8: Vec<u8>,
    /// SubjectPublicKeyInfo.
    pub spki: Vec<u8>,
    /// The public key as it stands in the SPKI: PKCS#1, an uncompressed point, raw octets.
    pub public: Vec<u8>,
    /// The seed of ML-DSA and Ed448 keys.
    pub seed: Vec<u8>,
}

impl Key {
    pub fn generate(alg: Alg) -> Self {
        let pair = match alg.family() {
            Family::Hmac => {
                let len = match alg {
                    Alg::Hs256 => 32,
                    Alg::Hs384 => 48,
                    _ => 64,
                };
                return Self::Secret(random(len));
            }
            Family::Rsa => rsa(),
            Family::Ec => ec(match alg {
                Alg::Es256 => &ECDSA_P256_SHA256_FIXED_SIGNING,
                Alg::Es384 => &ECDSA_P384_SHA384_FIXED_SIGNING,
                Alg::Es512 => &ECDSA_P521_SHA512_FIXED_SIGNING,
                _ => &ECDSA_P256K1_SHA256_FIXED_SIGNING,
            }),
            Family::Ed25519 => ed25519(),
            Family::Ed448 => ed448(),
            Family::MlDsa => ml_dsa(match alg {
                Alg::MlDsa44 => &ML_DSA_44_SIGNING,
                Alg::MlDsa65 => &ML_DSA_65_SIGNING,
                _ => &ML_DSA_87_SIGNING,
            }),
        };
        Self::Pair(pair)
    }

    pub fn secret(&self) -> Option<&[u8]> {
        match self {
            Self::Secret(secret) => Some(secret),
            Self::Pair(_) => None,
        }
    }

    pub fn pair(&self) -> Option<&KeyPair> {
        match self {
            Self::Secret(_) => None,
            Self::Pair(pair) => Some(pair),
        }
    }
}

impl KeyPair {
    pub fn private_pem(&self) -> String {
        pem("PRIVATE KEY", &self.pkcs8)
    }

    pub fn public_pem(&self) -> String {
        pem("PUBLIC KEY", &self.spki)
    }
}

fn rsa() -> KeyPair {
    let pair = RsaKeyPair::generate(KeySize::Rsa2048).expect("an RSA key");
    KeyPair {
        pkcs8: pair.as_der().expect("PKCS#8").as_ref().to_vec(),
        spki: pair.public_key().as_der().expect("SPKI").as_ref().to_vec(),
        public: pair.public_key().as_ref().to_vec(),
        seed: Vec::new(),
    }
}

fn ec(alg: &'static EcdsaSigningAlgorithm) -> KeyPair {
    let pair = EcdsaKeyPair::generate(alg).expect("an EC key");
    KeyPair {
        pkcs8: pair.to_pkcs8v1().expect("PKCS#8").as_ref().to_vec(),
        spki: pair.public_key().as_der().expect("SPKI").as_ref().to_vec(),
        public: pair.public_key().as_ref().to_vec(),
        seed: Vec::new(),
    }
}

fn ed25519() -> KeyPair {
    let pair = Ed25519KeyPair::generate().expect("an Ed25519 key");
    KeyPair {
        pkcs8: pair.to_pkcs8v1().expect("PKCS#8").as_ref().to_vec(),
        spki: pair.public_key().as_der().expect("SPKI").as_ref().to_vec(),
        public: pair.public_key().as_ref().to_vec(),
        seed: Vec::new(),
    }
}

/// aws-lc-rs has no Ed448; the two encodings of RFC 8410 are a fixed prefix and the octets.
fn ed448() -> KeyPair {
    const PKCS8: [u8; 16] = [
        0x30, 0x47, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x71, 4, 0x3b, 4, 0x39,
    ];
    const SPKI: [u8; 12] = [0x30, 0x43, 0x30, 5, 6, 3, 0x2b, 0x65, 0x71, 3, 0x3a, 0];
    let seed = random(57);
    let secret = seed.as_slice().try_into().expect("57 octets");
    let public = ed448_goldilocks_plus::SigningKey::from_bytes(secret)
        .verifying_key()
        .to_bytes()
        .to_vec();
    KeyPair {
        pkcs8: [PKCS8.as_slice(), &seed].concat(),
        spki: [SPKI.as_slice(), &public].concat(),
        public,
        seed,
    }
}

fn ml_dsa(alg: &'static PqdsaSigningAlgorithm) -> KeyPair {
    let seed = random(32);
    let pair = PqdsaKeyPair::from_seed(alg, &seed).expect("an ML-DSA key");
    KeyPair {
        pkcs8: pair.to_pkcs8v1().expect("PKCS#8").as_ref().to_vec(),
        spki: pair.public_key().as_der().expect("SPKI").as_ref().to_vec(),
        public: pair.public_key().as_ref().to_vec(),
        seed,
    }
}

fn random(len: usize) -> Vec<u8> {
    let mut octets = vec![0; len];
    SystemRandom::new().fill(&mut octets).expect("entropy");
    octets
}

fn pem(label: &str, der: &[u8]) -> String {
    let mut pem = format!("-----BEGIN {label}-----\n");
    let text = STANDARD.encode(der);
    for line in text.as_bytes().chunks(64) {
        pem.push_str(std::str::from_utf8(line).expect("base64 is ASCII"));
        pem.push('\n');
    }
    pem.push_str(&format!("-----END {label}-----\n"));
    pem
}
