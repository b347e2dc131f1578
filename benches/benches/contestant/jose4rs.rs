//! jose4rs 0.6, on aws-lc-sys. It has no typed claims, so its user parses the verified payload with
//! serde_json and checks four members; that is cheaper than its own validating consumer and a second parse.

use std::hint::black_box;
use std::rc::Rc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bulla_bench_harness::{
    Alg, Claims, ClaimsRef, ClaimsType, Contestant, Key, Signs, Verifies, check_registered,
};
use jose4rs::jwk::{JsonWebKey, JsonWebKeySet};
use jose4rs::jws::{AlgorithmIdentifier, JsonWebSignature};
use jose4rs::jwx::{HeaderParameter, JsonWebStructure as _};

use crate::rows::bulk::BulkWork;
use crate::rows::keys::KeyWork;
use crate::rows::scaling::{Shared, SharedWork};

pub(crate) struct Jose4rs;

impl Contestant for Jose4rs {
    fn name(&self) -> &'static str {
        "jose4rs"
    }

    fn signer(&self, alg: Alg, key: &Key) -> Option<Box<dyn Signs>> {
        let alg = AlgorithmIdentifier::try_from(alg.header_name()).ok()?;
        let key = private_key(key)?;
        let claims = Claims::workload();
        Some(Box::new(move || {
            let payload = serde_json::to_string(&claims).expect("claims are JSON");
            let mut jws = JsonWebSignature::new();
            jws.set_payload(payload);
            jws.set_algorithm(alg);
            jws.set_header(HeaderParameter::Type, "JWT");
            jws.compact_serialization(&key).expect("it signs")
        }))
    }

    fn verifier(&self, alg: Alg, key: &Key, claims: ClaimsType) -> Option<Box<dyn Verifies>> {
        AlgorithmIdentifier::try_from(alg.header_name()).ok()?;
        let key = public_key(key)?;
        Some(match claims {
            ClaimsType::Owned => Box::new(move |token: &str| verify(token, &key)),
            ClaimsType::Borrowed => Box::new(move |token: &str| {
                let jws = JsonWebSignature::from_compact_serialization(token).ok()?;
                let payload = jws.payload(&key).ok()?;
                let claims: ClaimsRef<'_> = serde_json::from_slice(payload).ok()?;
                check_registered(claims.iss, claims.aud, claims.exp, claims.nbf)
                    .then(|| claims.weight())
            }),
        })
    }
}

impl KeyWork for Jose4rs {
    fn name(&self) -> &'static str {
        "jose4rs"
    }

    fn parse_set(&self, json: &'static str) -> Option<Box<dyn FnMut() -> usize>> {
        Some(Box::new(move || {
            JsonWebKeySet::from_json(json).expect("a set").len()
        }))
    }

    fn find(&self, json: &'static str, kid: &'static str) -> Option<Box<dyn FnMut() -> bool>> {
        let set = JsonWebKeySet::from_json(json).ok()?;
        Some(Box::new(move || {
            let kid = Some(black_box(kid));
            black_box(&set).find_key(kid, None, None, None).is_some()
        }))
    }

    fn thumbprint(&self, jwk: &str) -> Option<Box<dyn FnMut() -> String>> {
        let jwk = JsonWebKey::from_json(jwk).ok()?;
        Some(Box::new(move || jwk.thumbprint().expect("a thumbprint")))
    }

    fn cold(&self, pem: &str, token: &str) -> Option<Box<dyn FnMut() -> bool>> {
        let (pem, token) = (pem.to_owned(), token.to_owned());
        Some(Box::new(move || {
            let key = JsonWebKey::from_pem(&pem).expect("a key");
            verify(&token, &key).is_some()
        }))
    }
}

impl BulkWork for Jose4rs {
    fn name(&self) -> &'static str {
        "jose4rs"
    }

    fn sign(&self, key: &Key, payload: Rc<[u8]>) -> Option<Box<dyn FnMut() -> String>> {
        let key = private_key(key)?;
        Some(Box::new(move || {
            let mut jws = JsonWebSignature::new();
            jws.set_payload(&payload);
            jws.set_algorithm(AlgorithmIdentifier::HmacSha256);
            jws.compact_serialization(&key).expect("it signs")
        }))
    }

    fn verify(&self, key: &Key, token: Rc<str>) -> Option<Box<dyn FnMut() -> Option<usize>>> {
        let key = public_key(key)?;
        Some(Box::new(move || {
            let jws = JsonWebSignature::from_compact_serialization(&*token).ok()?;
            Some(jws.payload(&key).ok()?.len())
        }))
    }
}

impl SharedWork for Jose4rs {
    fn name(&self) -> &'static str {
        "jose4rs"
    }

    fn shared(&self, _: Alg, key: &Key) -> Option<Shared> {
        let key = public_key(key)?;
        Some(Box::new(move |token| verify(token, &key).is_some()))
    }
}

fn verify(token: &str, key: &JsonWebKey) -> Option<usize> {
    let jws = JsonWebSignature::from_compact_serialization(token).ok()?;
    let payload = jws.payload(key).ok()?;
    let claims: Claims = serde_json::from_slice(payload).ok()?;
    check_registered(&claims.iss, &claims.aud, claims.exp, claims.nbf).then(|| claims.weight())
}

fn private_key(key: &Key) -> Option<JsonWebKey> {
    match key.secret() {
        Some(secret) => secret_key(secret),
        None => JsonWebKey::from_der(&key.pair()?.pkcs8).ok(),
    }
}

fn public_key(key: &Key) -> Option<JsonWebKey> {
    match key.secret() {
        Some(secret) => secret_key(secret),
        None => JsonWebKey::from_der(&key.pair()?.spki).ok(),
    }
}

fn secret_key(secret: &[u8]) -> Option<JsonWebKey> {
    let k = URL_SAFE_NO_PAD.encode(secret);
    JsonWebKey::from_json(format!(r#"{{"kty":"oct","k":"{k}"}}"#)).ok()
}
