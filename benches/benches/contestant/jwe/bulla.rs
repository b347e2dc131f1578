//! Ours.

use bulla::jwa::{ContentEncryptionAlg, KeyManagementAlg};
use bulla::jwe::{Builder, Jwe, Policy};
use bulla::jwk::{PrivateJwk, PublicJwk, SecretJwk};
use bulla::{Limits, decrypter_for, encrypter_for, password_decrypter, password_encrypter};

use super::{JweKey, JweWork, Open, RawKey, Seal};
use crate::rows::jwe::Suite;

pub(crate) struct Bulla;

/// A token of 16 MiB is longer than the default admits.
const LONGEST: usize = 32 << 20;

impl JweWork for Bulla {
    fn name(&self) -> &'static str {
        "bulla"
    }

    fn sealing(&self, suite: &Suite, key: &JweKey) -> Seal {
        let alg = KeyManagementAlg::from_name(suite.alg).expect("an algorithm");
        let enc = ContentEncryptionAlg::from_name(suite.enc).expect("an encryption");
        let encrypter = match &key.raw {
            RawKey::Secret(_) => encrypter_for(&SecretJwk::parse(&key.jwk).expect("a key"), alg),
            RawKey::Password(octets) => password_encrypter(octets.clone(), alg, 1000),
            _ => encrypter_for(&PublicJwk::parse(&key.public).expect("a key"), alg),
        };
        let encrypter = encrypter.expect("it binds");
        Box::new(move |content| {
            Builder::new(content, enc)
                .encrypt_compact(&encrypter)
                .expect("it encrypts")
        })
    }

    fn opening(&self, suite: &Suite, key: &JweKey) -> Open {
        let alg = KeyManagementAlg::from_name(suite.alg).expect("an algorithm");
        let decrypter = match &key.raw {
            RawKey::Secret(_) => decrypter_for(&SecretJwk::parse(&key.jwk).expect("a key"), alg),
            RawKey::Password(octets) => password_decrypter(octets.clone(), alg),
            _ => decrypter_for(&PrivateJwk::parse(&key.jwk).expect("a key"), alg),
        };
        let decrypter = decrypter.expect("it binds");
        Box::new(move |token, show| {
            let parsed = if token.len() > Limits::DEFAULT.token {
                let limits = Limits {
                    token: LONGEST,
                    ..Limits::default()
                };
                Jwe::parse_compact_with(token, Policy::new().limits(limits))
            } else {
                Jwe::parse_compact(token)
            };
            let Ok(opened) = parsed.and_then(|jwe| jwe.decrypt(&decrypter)) else {
                return false;
            };
            show(opened.plaintext());
            true
        })
    }
}
