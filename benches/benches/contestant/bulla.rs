//! Bulla, through the API of its README: keys by `import` and `signer_for`, tokens by `jwt::issue` and
//! `Expectations`.

use std::fs::File;
use std::hint::black_box;
use std::rc::Rc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bulla::Limits;
use bulla::jwa::{HashAlg, MacAlg, SignatureAlg};
use bulla::jwk::{Jwk, JwkSet, SecretJwk};
use bulla::jws::{Builder, Jws, Policy};
use bulla::jwt::{Expectations, Scratch, issue};
use bulla::key::{KeyHint, Keys as _, Signer, Verifier};
use bulla_bench_harness::{
    AUDIENCE, Alg, Claims, ClaimsRef, ClaimsType, Contestant, ISSUER, Key, Signs, Verifies,
};

use crate::rows::bulk::BulkWork;
use crate::rows::keys::KeyWork;
use crate::rows::scaling::{Shared, SharedWork};
use crate::rows::stream::StreamWork;

pub(crate) struct Bulla;

const NAME: &str = "bulla";

impl Contestant for Bulla {
    fn name(&self) -> &'static str {
        NAME
    }

    fn signer(&self, alg: Alg, key: &Key) -> Option<Box<dyn Signs>> {
        let signer = signer(alg, key)?;
        let claims = Claims::workload();
        let custom = claims.custom();
        Some(Box::new(move || {
            issue(&claims.iss)
                .subject(&claims.sub)
                .audience(&claims.aud)
                .expires_at(time(claims.exp))
                .not_before(time(claims.nbf))
                .issued_at(time(claims.iat))
                .jwt_id(&claims.jti)
                .claims(&custom)
                .sign(&signer)
                .expect("it signs")
        }))
    }

    fn verifier(&self, alg: Alg, key: &Key, claims: ClaimsType) -> Option<Box<dyn Verifies>> {
        let verifier = verifier(alg, key)?;
        let expect = Expectations::new(ISSUER, AUDIENCE);
        Some(match claims {
            ClaimsType::Owned => Box::new(move |token: &str| {
                let valid = expect.verify::<Claims>(token, &verifier).ok()?;
                Some(valid.claims().weight())
            }),
            ClaimsType::Borrowed => {
                let mut scratch = Scratch::new();
                Box::new(move |token: &str| {
                    let valid = expect
                        .verify_in::<ClaimsRef<'_>>(&mut scratch, token, &verifier)
                        .ok()?;
                    Some(valid.claims().weight())
                })
            }
        })
    }
}

impl KeyWork for Bulla {
    fn name(&self) -> &'static str {
        NAME
    }

    fn parse_set(&self, json: &'static str) -> Option<Box<dyn FnMut() -> usize>> {
        Some(Box::new(move || {
            JwkSet::parse(json).expect("a set").keys().len()
        }))
    }

    fn find(&self, json: &'static str, kid: &'static str) -> Option<Box<dyn FnMut() -> bool>> {
        let set = bulla::key_set(&JwkSet::parse(json).ok()?);
        let alg = SignatureAlg::Es256.name();
        Some(Box::new(move || {
            let hint = KeyHint::new(alg).with_kid(black_box(kid));
            black_box(&set).select(&hint).is_ok()
        }))
    }

    fn thumbprint(&self, jwk: &str) -> Option<Box<dyn FnMut() -> String>> {
        let Jwk::Public(jwk) = Jwk::parse(jwk).ok()? else {
            return None;
        };
        Some(Box::new(move || jwk.thumbprint(HashAlg::Sha256)))
    }

    fn cold(&self, pem: &str, token: &str) -> Option<Box<dyn FnMut() -> bool>> {
        let expect = Expectations::new(ISSUER, AUDIENCE);
        let (pem, token) = (pem.to_owned(), token.to_owned());
        Some(Box::new(move || {
            let Ok(Jwk::Public(key)) = bulla::import(pem.as_bytes(), None) else {
                return false;
            };
            let verifier = bulla::verifier_for(&key, SignatureAlg::Rs256).expect("a key");
            expect.verify::<Claims>(&token, &verifier).is_ok()
        }))
    }
}

impl BulkWork for Bulla {
    fn name(&self) -> &'static str {
        NAME
    }

    fn sign(&self, key: &Key, payload: Rc<[u8]>) -> Option<Box<dyn FnMut() -> String>> {
        let signer = signer(Alg::Hs256, key)?;
        Some(Box::new(move || {
            Builder::new(&*payload)
                .typ("JWT")
                .sign_compact(&signer)
                .expect("it signs")
        }))
    }

    fn verify(&self, key: &Key, token: Rc<str>) -> Option<Box<dyn FnMut() -> Option<usize>>> {
        let verifier = verifier(Alg::Hs256, key)?;
        let limits = Limits {
            token: token.len(),
            ..Limits::default()
        };
        let policy = Policy::new().limits(limits);
        Some(Box::new(move || {
            let jws = Jws::parse_compact_with(&token, policy.clone()).ok()?;
            Some(jws.verify(&verifier).ok()?.payload().len())
        }))
    }
}

impl SharedWork for Bulla {
    fn name(&self) -> &'static str {
        NAME
    }

    fn shared(&self, alg: Alg, key: &Key) -> Option<Shared> {
        let verifier = verifier(alg, key)?;
        let expect = Expectations::new(ISSUER, AUDIENCE);
        Some(Box::new(move |token| {
            expect.verify::<Claims>(token, &verifier).is_ok()
        }))
    }
}

impl StreamWork for Bulla {
    fn name(&self) -> &'static str {
        NAME
    }

    fn sign(&self, alg: Alg, key: &Key, payload: &mut File) -> Option<String> {
        let signer = signer(alg, key)?;
        let builder = Builder::new(b"").typ("JWT");
        builder.sign_compact_stream(payload, &signer).ok()
    }

    fn verify(&self, alg: Alg, key: &Key, token: &str, payload: &mut File) -> Option<bool> {
        let verifier = verifier(alg, key)?;
        let jws = Jws::parse_compact(token).ok()?;
        Some(jws.verify_stream(payload, &verifier).is_ok())
    }
}

fn signer(alg: Alg, key: &Key) -> Option<Signer> {
    match key {
        Key::Secret(secret) => {
            let alg = MacAlg::from_name(alg.header_name())?;
            bulla::signer_for(&SecretJwk::new(secret.clone()), alg).ok()
        }
        Key::Pair(pair) => {
            let alg = SignatureAlg::from_name(alg.header_name())?;
            match bulla::import(&pair.pkcs8, None).ok()? {
                Jwk::Private(key) => bulla::signer_for(&key, alg).ok(),
                _ => None,
            }
        }
    }
}

fn verifier(alg: Alg, key: &Key) -> Option<Verifier> {
    match key {
        Key::Secret(secret) => {
            let alg = MacAlg::from_name(alg.header_name())?;
            bulla::verifier_for(&SecretJwk::new(secret.clone()), alg).ok()
        }
        Key::Pair(pair) => {
            let alg = SignatureAlg::from_name(alg.header_name())?;
            match bulla::import(&pair.spki, None).ok()? {
                Jwk::Public(key) => bulla::verifier_for(&key, alg).ok(),
                _ => None,
            }
        }
    }
}

fn time(seconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(seconds)
}
