use std::sync::Mutex;

use bulla_core::jwa::{HashAlg, MlDsaParameters};
use bulla_core::jwk::EcCurve;
use serde_json::{Value, json};

use super::refusal::Refusal;
use crate::suite::{SoftKey, SoftSpec};

/// A key of the double.
pub(crate) struct DoubleKey {
    pub(crate) id: String,
    pub(crate) spec: KeySpec,
    pub(crate) usage: Usage,
    pub(crate) key: SoftKey,
    state: Mutex<&'static str>,
}

/// `KeySpec`: what kind of key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeySpec {
    Ec(EcCurve),
    Ed25519,
    Hmac(HashAlg),
    MlDsa(MlDsaParameters),
    Rsa(usize),
}

/// `KeyUsage`: what for; a key has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Usage {
    Sign,
    Decrypt,
    Agree,
    Mac,
}

impl DoubleKey {
    pub(super) fn new(id: &str, spec: KeySpec, usage: Usage) -> Self {
        let soft = match (spec, usage) {
            (KeySpec::Ec(curve), Usage::Agree) => SoftSpec::EcAgreement(curve),
            (KeySpec::Ec(curve), _) => SoftSpec::Ec(curve),
            (KeySpec::Ed25519, _) => SoftSpec::Ed25519,
            (KeySpec::Hmac(hash), _) => SoftSpec::Hmac(hash),
            (KeySpec::MlDsa(parameters), _) => SoftSpec::MlDsa(parameters),
            (KeySpec::Rsa(bits), _) => SoftSpec::Rsa(bits),
        };
        Self {
            id: id.to_owned(),
            spec,
            usage,
            key: SoftKey::generate(soft),
            state: Mutex::new("Enabled"),
        }
    }

    pub(crate) fn arn(&self) -> String {
        format!("arn:aws:kms:eu-west-1:111122223333:key/{}", self.id)
    }

    /// `Disabled`, `PendingDeletion`, `Enabled` and so on.
    pub(crate) fn set_state(&self, state: &'static str) {
        *self.state.lock().unwrap() = state;
    }

    pub(super) fn state(&self) -> &'static str {
        *self.state.lock().unwrap()
    }

    /// Whether it may be used at all, and for this.
    pub(super) fn usable(&self, usage: Usage) -> Result<(), Refusal> {
        let arn = self.arn();
        match self.state() {
            "Enabled" if self.usage == usage => Ok(()),
            "Enabled" => Err(Refusal::new(
                "InvalidKeyUsageException",
                format!("{arn} key usage is {}", self.usage_name()),
            )),
            "Disabled" => Err(Refusal::new(
                "DisabledException",
                format!("{arn} is disabled."),
            )),
            state => Err(Refusal::new(
                "KMSInvalidStateException",
                format!("{arn} is in state {state}."),
            )),
        }
    }

    pub(super) fn spec_name(&self) -> &'static str {
        match self.spec {
            KeySpec::Ec(EcCurve::P384) => "ECC_NIST_P384",
            KeySpec::Ec(EcCurve::P521) => "ECC_NIST_P521",
            KeySpec::Ec(EcCurve::Secp256k1) => "ECC_SECG_P256K1",
            KeySpec::Ec(_) => "ECC_NIST_P256",
            KeySpec::Ed25519 => "ECC_NIST_EDWARDS25519",
            KeySpec::Hmac(HashAlg::Sha384) => "HMAC_384",
            KeySpec::Hmac(HashAlg::Sha512) => "HMAC_512",
            KeySpec::Hmac(_) => "HMAC_256",
            KeySpec::MlDsa(MlDsaParameters::MlDsa44) => "ML_DSA_44",
            KeySpec::MlDsa(MlDsaParameters::MlDsa65) => "ML_DSA_65",
            KeySpec::MlDsa(_) => "ML_DSA_87",
            KeySpec::Rsa(2048) => "RSA_2048",
            KeySpec::Rsa(3072) => "RSA_3072",
            KeySpec::Rsa(_) => "RSA_4096",
        }
    }

    pub(super) fn usage_name(&self) -> &'static str {
        match self.usage {
            Usage::Sign => "SIGN_VERIFY",
            Usage::Decrypt => "ENCRYPT_DECRYPT",
            Usage::Agree => "KEY_AGREEMENT",
            Usage::Mac => "GENERATE_VERIFY_MAC",
        }
    }

    /// The list of algorithms that KMS gives for it, under its name.
    pub(super) fn algorithms(&self) -> (&'static str, Value) {
        match (self.usage, self.spec) {
            (Usage::Agree, _) => ("KeyAgreementAlgorithms", json!(["ECDH"])),
            (Usage::Decrypt, _) => (
                "EncryptionAlgorithms",
                json!(["RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256"]),
            ),
            (Usage::Mac, KeySpec::Hmac(HashAlg::Sha384)) => {
                ("MacAlgorithms", json!(["HMAC_SHA_384"]))
            }
            (Usage::Mac, KeySpec::Hmac(HashAlg::Sha512)) => {
                ("MacAlgorithms", json!(["HMAC_SHA_512"]))
            }
            (Usage::Mac, _) => ("MacAlgorithms", json!(["HMAC_SHA_256"])),
            (Usage::Sign, _) => ("SigningAlgorithms", json!(self.signing_algorithms())),
        }
    }

    pub(super) fn signing_algorithms(&self) -> &'static [&'static str] {
        match self.spec {
            KeySpec::Ec(EcCurve::P384) => &["ECDSA_SHA_384"],
            KeySpec::Ec(EcCurve::P521) => &["ECDSA_SHA_512"],
            KeySpec::Ec(_) => &["ECDSA_SHA_256"],
            KeySpec::Ed25519 => &["ED25519_PH_SHA_512", "ED25519_SHA_512"],
            KeySpec::MlDsa(_) => &["ML_DSA_SHAKE_256"],
            KeySpec::Hmac(_) => &[],
            KeySpec::Rsa(_) => &[
                "RSASSA_PKCS1_V1_5_SHA_256",
                "RSASSA_PKCS1_V1_5_SHA_384",
                "RSASSA_PKCS1_V1_5_SHA_512",
                "RSASSA_PSS_SHA_256",
                "RSASSA_PSS_SHA_384",
                "RSASSA_PSS_SHA_512",
            ],
        }
    }
}
