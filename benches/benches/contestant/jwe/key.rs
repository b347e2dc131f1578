//! Keys to encrypt to, made anew for every run: as JWK, and as the primitives take them.

use aws_lc_rs::rand::{SecureRandom as _, SystemRandom};
use bulla::jwk::pem::{write_pkcs8, write_spki};
use bulla::jwk::{EcCurve, OkpCurve, PrivateKey, SecretJwk};
use bulla::key::KeySpec;

use crate::rows::jwe::KeyKind;

/// A key in the encodings that contestants import.
pub(crate) struct JweKey {
    /// The private or secret key, a JWK.
    pub(crate) jwk: String,
    /// The public key, a JWK; the same as `jwk` for a secret.
    pub(crate) public: String,
    pub(crate) raw: RawKey,
}

/// What the primitives take.
pub(crate) enum RawKey {
    Secret(Vec<u8>),
    Rsa { pkcs8: Vec<u8>, spki: Vec<u8> },
    Agreement { private: Vec<u8>, public: Vec<u8> },
    Password(Vec<u8>),
}

impl JweKey {
    pub(crate) fn generate(kind: KeyKind) -> Self {
        match kind {
            KeyKind::Secret(len) => Self::secret(RawKey::Secret(random(len))),
            KeyKind::Password => {
                Self::secret(RawKey::Password(b"correct horse battery staple".to_vec()))
            }
            KeyKind::Rsa => Self::pair(KeySpec::Rsa { bits: 2048 }),
            KeyKind::P256 => Self::pair(KeySpec::Ec(EcCurve::P256)),
            KeyKind::X25519 => Self::pair(KeySpec::Okp(OkpCurve::X25519)),
        }
    }

    fn secret(raw: RawKey) -> Self {
        let (RawKey::Secret(octets) | RawKey::Password(octets)) = &raw else {
            unreachable!("made of octets")
        };
        let jwk = SecretJwk::new(octets.clone()).to_json().to_string();
        Self {
            public: jwk.clone(),
            jwk,
            raw,
        }
    }

    fn pair(spec: KeySpec) -> Self {
        let key = bulla::generate_spec(spec).expect("a key");
        let raw = match key.key() {
            PrivateKey::Rsa(_) => RawKey::Rsa {
                pkcs8: write_pkcs8(key.key()).expect("PKCS#8").as_der().to_vec(),
                spki: write_spki(&key.key().public())
                    .expect("SPKI")
                    .as_der()
                    .to_vec(),
            },
            PrivateKey::Ec(ec) => RawKey::Agreement {
                private: ec.d().expose().to_vec(),
                public: ec.public().to_uncompressed(),
            },
            PrivateKey::Okp(okp) => RawKey::Agreement {
                private: okp.d().expose().to_vec(),
                public: okp.public().x().to_vec(),
            },
            _ => unreachable!("nothing else encrypts"),
        };
        Self {
            jwk: key.to_json().to_string(),
            public: key.public().to_json(),
            raw,
        }
    }
}

fn random(len: usize) -> Vec<u8> {
    let mut octets = vec![0; len];
    SystemRandom::new().fill(&mut octets).expect("entropy");
    octets
}
