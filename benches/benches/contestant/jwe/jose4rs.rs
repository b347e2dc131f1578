//! jose4rs 0.6, on aws-lc-sys.

use std::sync::LazyLock;

use jose4rs::jwa::{AlgorithmConstraints, ConstraintType};
use jose4rs::jwe::{ContentEncryptionAlgorithm, JsonWebEncryption, KeyManagementAlgorithm};
use jose4rs::jwk::JsonWebKey;
use jose4rs::jwx::JsonWebStructure as _;

use super::{JweKey, JweWork, Open, Seal};
use crate::rows::jwe::{KeyKind, Suite};

pub(crate) struct Jose4rs;

/// It blocks passwords by default.
static ANY: LazyLock<AlgorithmConstraints<KeyManagementAlgorithm>> =
    LazyLock::new(|| AlgorithmConstraints::new(ConstraintType::Block, []));

impl JweWork for Jose4rs {
    fn name(&self) -> &'static str {
        "jose4rs"
    }

    fn sealing(&self, suite: &Suite, key: &JweKey) -> Seal {
        let alg: KeyManagementAlgorithm = suite.alg.parse().expect("an algorithm");
        let enc: ContentEncryptionAlgorithm = suite.enc.parse().expect("an encryption");
        let key = JsonWebKey::from_json(&key.public).expect("a key");
        let password = suite.key == KeyKind::Password;
        Box::new(move |content| {
            let mut jwe = JsonWebEncryption::new();
            jwe.set_payload(content);
            jwe.set_algorithm(alg);
            jwe.set_encryption_method(enc);
            if password {
                jwe.set_algorithm_constraints(&ANY);
                jwe.set_header_value("p2c", 1000_u64.into());
            }
            jwe.encrypt(&key).expect("it encrypts");
            jwe.compact_serialization().expect("a token")
        })
    }

    fn opening(&self, suite: &Suite, key: &JweKey) -> Open {
        let key = JsonWebKey::from_json(&key.jwk).expect("a key");
        let password = suite.key == KeyKind::Password;
        Box::new(move |token, show| {
            let Ok(mut jwe) = JsonWebEncryption::from_compact_serialization(token) else {
                return false;
            };
            if password {
                jwe.set_algorithm_constraints(&ANY);
            }
            match jwe.payload(&key) {
                Ok(content) => {
                    show(content);
                    true
                }
                Err(_) => false,
            }
        })
    }
}
