//! Keys made once a suite: one for each maker and kind.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::algorithm::{ContentEncryption, KeyKind, KeyManagement};
use crate::Failure;
use crate::interop::party::{Party, base64url, member};

/// More than ASCII, so that both sides must take its octets as they are.
pub(super) const PASSWORD: &str = "zażółć gęślą jaźń";

/// Bits of an RSA key; larger ones differ in nothing but time.
const RSA_BITS: u32 = 2048;

/// A key and the half that encrypts.
#[derive(Debug, Clone)]
pub(super) struct KeyPair {
    pub(super) private: Value,
    pub(super) public: Value,
}

/// The keys made so far.
#[derive(Debug, Default)]
pub(super) struct Keyring {
    made: BTreeMap<(&'static str, KeyKind), KeyPair>,
}

impl Keyring {
    /// The key `maker` made for `row` with `enc`.
    pub(super) fn of(
        &mut self,
        maker: &mut dyn Party,
        row: &KeyManagement,
        enc: &ContentEncryption,
    ) -> Result<KeyPair, Failure> {
        let kind = row.key.with(enc);
        let index = (maker.name(), kind);
        if let Some(pair) = self.made.get(&index) {
            return Ok(pair.clone());
        }
        let private = make(maker, kind)?;
        let public = if kind.is_shared() {
            private.clone()
        } else {
            member(maker.ask("public", json!({ "key": private }))?, "key")?
        };
        let pair = KeyPair { private, public };
        self.made.insert(index, pair.clone());
        Ok(pair)
    }
}

fn make(maker: &mut dyn Party, kind: KeyKind) -> Result<Value, Failure> {
    let question = match kind {
        KeyKind::Octets(bits) => json!({ "kty": "oct", "size": bits }),
        KeyKind::Rsa => json!({ "kty": "RSA", "size": RSA_BITS }),
        KeyKind::Ec(curve) => json!({ "kty": "EC", "crv": curve }),
        KeyKind::Okp(curve) => json!({ "kty": "OKP", "crv": curve }),
        KeyKind::Password => {
            return Ok(json!({ "kty": "oct", "k": base64url(PASSWORD.as_bytes()) }));
        }
        KeyKind::Content => return Err("the size of the key depends on the content".into()),
    };
    member(maker.ask("make_key", question)?, "key")
}
