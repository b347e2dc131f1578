//! jsonwebtoken 11, on aws-lc-rs. Its typed `decode`, its own checks.

use std::hint::black_box;

use bulla_bench_harness::{
    AUDIENCE, Alg, Claims, ClaimsType, Contestant, Family, ISSUER, Key, Signs, Verifies,
};
use jsonwebtoken::jwk::{Jwk, JwkSet, ThumbprintHash};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};

use crate::rows::keys::KeyWork;
use crate::rows::scaling::{Shared, SharedWork};

pub(crate) struct Jsonwebtoken;

impl Contestant for Jsonwebtoken {
    fn name(&self) -> &'static str {
        "jsonwebtoken"
    }

    fn signer(&self, alg: Alg, key: &Key) -> Option<Box<dyn Signs>> {
        let header = Header::new(algorithm(alg)?);
        let key = encoding_key(alg, key)?;
        let claims = Claims::workload();
        Some(Box::new(move || {
            encode(&header, &claims, &key).expect("it signs")
        }))
    }

    fn verifier(&self, alg: Alg, key: &Key, claims: ClaimsType) -> Option<Box<dyn Verifies>> {
        if claims == ClaimsType::Borrowed {
            return None;
        }
        let key = decoding_key(alg, key)?;
        let validation = validation(algorithm(alg)?);
        Some(Box::new(move |token: &str| {
            let decoded = decode::<Claims>(token, &key, &validation).ok()?;
            Some(decoded.claims.weight())
        }))
    }
}

impl KeyWork for Jsonwebtoken {
    fn name(&self) -> &'static str {
        "jsonwebtoken"
    }

    fn parse_set(&self, json: &'static str) -> Option<Box<dyn FnMut() -> usize>> {
        Some(Box::new(move || {
            let set: JwkSet = serde_json::from_str(json).expect("a set");
            set.keys.len()
        }))
    }

    fn find(&self, json: &'static str, kid: &'static str) -> Option<Box<dyn FnMut() -> bool>> {
        let set: JwkSet = serde_json::from_str(json).ok()?;
        Some(Box::new(move || {
            black_box(&set).find(black_box(kid)).is_some()
        }))
    }

    fn thumbprint(&self, jwk: &str) -> Option<Box<dyn FnMut() -> String>> {
        let jwk: Jwk = serde_json::from_str(jwk).ok()?;
        Some(Box::new(move || {
            jwk.thumbprint(ThumbprintHash::SHA256)
                .expect("a thumbprint")
        }))
    }

    fn cold(&self, pem: &str, token: &str) -> Option<Box<dyn FnMut() -> bool>> {
        let validation = validation(Algorithm::RS256);
        let (pem, token) = (pem.to_owned(), token.to_owned());
        Some(Box::new(move || {
            let key = DecodingKey::from_rsa_pem(pem.as_bytes()).expect("a key");
            decode::<Claims>(&token, &key, &validation).is_ok()
        }))
    }
}

impl SharedWork for Jsonwebtoken {
    fn name(&self) -> &'static str {
        "jsonwebtoken"
    }

    fn shared(&self, alg: Alg, key: &Key) -> Option<Shared> {
        let key = decoding_key(alg, key)?;
        let validation = validation(algorithm(alg)?);
        Some(Box::new(move |token| {
            decode::<Claims>(token, &key, &validation).is_ok()
        }))
    }
}

fn validation(algorithm: Algorithm) -> Validation {
    let mut validation = Validation::new(algorithm);
    validation.set_issuer(&[ISSUER]);
    validation.set_audience(&[AUDIENCE]);
    validation.set_required_spec_claims(&["exp", "nbf", "iss", "aud"]);
    validation.validate_nbf = true;
    validation
}

fn algorithm(alg: Alg) -> Option<Algorithm> {
    alg.header_name().parse().ok()
}

fn encoding_key(alg: Alg, key: &Key) -> Option<EncodingKey> {
    if let Some(secret) = key.secret() {
        return Some(EncodingKey::from_secret(secret));
    }
    let pem = key.pair()?.private_pem();
    match alg.family() {
        Family::Rsa => EncodingKey::from_rsa_pem(pem.as_bytes()).ok(),
        Family::Ec => EncodingKey::from_ec_pem(pem.as_bytes()).ok(),
        Family::Ed25519 => EncodingKey::from_ed_pem(pem.as_bytes()).ok(),
        _ => None,
    }
}

fn decoding_key(alg: Alg, key: &Key) -> Option<DecodingKey> {
    if let Some(secret) = key.secret() {
        return Some(DecodingKey::from_secret(secret));
    }
    let pem = key.pair()?.public_pem();
    match alg.family() {
        Family::Rsa => DecodingKey::from_rsa_pem(pem.as_bytes()).ok(),
        Family::Ec => DecodingKey::from_ec_pem(pem.as_bytes()).ok(),
        Family::Ed25519 => DecodingKey::from_ed_pem(pem.as_bytes()).ok(),
        _ => None,
    }
}
