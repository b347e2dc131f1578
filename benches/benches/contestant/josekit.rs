//! josekit 0.10, on OpenSSL. As for jose4rs, its user parses the verified payload and checks four members.

use std::hint::black_box;
use std::rc::Rc;

use bulla_bench_harness::{
    Alg, Claims, ClaimsRef, ClaimsType, Contestant, Key, Signs, Verifies, check_registered,
};
use josekit::jwk::JwkSet;
use josekit::jws::{
    ES256, ES256K, ES384, ES512, EdDSA, HS256, HS384, HS512, JwsHeader, JwsSigner, JwsVerifier,
    PS256, PS384, PS512, RS256, RS384, RS512, deserialize_compact, serialize_compact,
};

use crate::rows::bulk::BulkWork;
use crate::rows::keys::KeyWork;
use crate::rows::scaling::{Shared, SharedWork};

pub(crate) struct Josekit;

impl Contestant for Josekit {
    fn name(&self) -> &'static str {
        "josekit"
    }

    fn signer(&self, alg: Alg, key: &Key) -> Option<Box<dyn Signs>> {
        let signer = jws_signer(alg, key)?;
        let mut header = JwsHeader::new();
        header.set_token_type("JWT");
        let claims = Claims::workload();
        Some(Box::new(move || {
            let payload = serde_json::to_vec(&claims).expect("claims are JSON");
            serialize_compact(&payload, &header, signer.as_ref()).expect("it signs")
        }))
    }

    fn verifier(&self, alg: Alg, key: &Key, claims: ClaimsType) -> Option<Box<dyn Verifies>> {
        let verifier = jws_verifier(alg, key)?;
        Some(match claims {
            ClaimsType::Owned => Box::new(move |token: &str| verify(token, verifier.as_ref())),
            ClaimsType::Borrowed => Box::new(move |token: &str| {
                let (payload, _) = deserialize_compact(token, verifier.as_ref()).ok()?;
                let claims: ClaimsRef<'_> = serde_json::from_slice(&payload).ok()?;
                check_registered(claims.iss, claims.aud, claims.exp, claims.nbf)
                    .then(|| claims.weight())
            }),
        })
    }
}

impl KeyWork for Josekit {
    fn name(&self) -> &'static str {
        "josekit"
    }

    fn parse_set(&self, json: &'static str) -> Option<Box<dyn FnMut() -> usize>> {
        Some(Box::new(move || {
            JwkSet::from_bytes(json).expect("a set").keys().len()
        }))
    }

    fn find(&self, json: &'static str, kid: &'static str) -> Option<Box<dyn FnMut() -> bool>> {
        let set = JwkSet::from_bytes(json).ok()?;
        Some(Box::new(move || {
            !black_box(&set).get(black_box(kid)).is_empty()
        }))
    }

    fn thumbprint(&self, _: &str) -> Option<Box<dyn FnMut() -> String>> {
        None
    }

    fn cold(&self, pem: &str, token: &str) -> Option<Box<dyn FnMut() -> bool>> {
        let (pem, token) = (pem.to_owned(), token.to_owned());
        Some(Box::new(move || {
            let verifier = RS256.verifier_from_pem(&pem).expect("a key");
            verify(&token, &verifier).is_some()
        }))
    }
}

impl BulkWork for Josekit {
    fn name(&self) -> &'static str {
        "josekit"
    }

    fn sign(&self, key: &Key, payload: Rc<[u8]>) -> Option<Box<dyn FnMut() -> String>> {
        let signer = jws_signer(Alg::Hs256, key)?;
        let header = JwsHeader::new();
        Some(Box::new(move || {
            serialize_compact(&payload, &header, signer.as_ref()).expect("it signs")
        }))
    }

    fn verify(&self, key: &Key, token: Rc<str>) -> Option<Box<dyn FnMut() -> Option<usize>>> {
        let verifier = jws_verifier(Alg::Hs256, key)?;
        Some(Box::new(move || {
            let (payload, _) = deserialize_compact(&*token, verifier.as_ref()).ok()?;
            Some(payload.len())
        }))
    }
}

impl SharedWork for Josekit {
    fn name(&self) -> &'static str {
        "josekit"
    }

    fn shared(&self, alg: Alg, key: &Key) -> Option<Shared> {
        let verifier = jws_verifier(alg, key)?;
        Some(Box::new(move |token| {
            verify(token, verifier.as_ref()).is_some()
        }))
    }
}

fn verify(token: &str, verifier: &dyn JwsVerifier) -> Option<usize> {
    let (payload, _) = deserialize_compact(token, verifier).ok()?;
    let claims: Claims = serde_json::from_slice(&payload).ok()?;
    check_registered(&claims.iss, &claims.aud, claims.exp, claims.nbf).then(|| claims.weight())
}

fn jws_signer(alg: Alg, key: &Key) -> Option<Box<dyn JwsSigner>> {
    let secret = key.secret().unwrap_or_default();
    let der = key.pair().map(|pair| &pair.pkcs8[..]).unwrap_or_default();
    Some(match alg {
        Alg::Hs256 => Box::new(HS256.signer_from_bytes(secret).ok()?),
        Alg::Hs384 => Box::new(HS384.signer_from_bytes(secret).ok()?),
        Alg::Hs512 => Box::new(HS512.signer_from_bytes(secret).ok()?),
        Alg::Rs256 => Box::new(RS256.signer_from_der(der).ok()?),
        Alg::Rs384 => Box::new(RS384.signer_from_der(der).ok()?),
        Alg::Rs512 => Box::new(RS512.signer_from_der(der).ok()?),
        // Its DER import takes any RSA key for PKCS#1 v1.5 only; PEM likewise. The JWK route takes both.
        Alg::Ps256 => Box::new(PS256.signer_from_jwk(&rsa_jwk(der)?).ok()?),
        Alg::Ps384 => Box::new(PS384.signer_from_jwk(&rsa_jwk(der)?).ok()?),
        Alg::Ps512 => Box::new(PS512.signer_from_jwk(&rsa_jwk(der)?).ok()?),
        Alg::Es256 => Box::new(ES256.signer_from_der(der).ok()?),
        Alg::Es384 => Box::new(ES384.signer_from_der(der).ok()?),
        Alg::Es512 => Box::new(ES512.signer_from_der(der).ok()?),
        Alg::Es256k => Box::new(ES256K.signer_from_der(der).ok()?),
        Alg::Ed25519 | Alg::Ed448 => Box::new(EdDSA.signer_from_der(der).ok()?),
        Alg::MlDsa44 | Alg::MlDsa65 | Alg::MlDsa87 => return None,
    })
}

fn jws_verifier(alg: Alg, key: &Key) -> Option<Box<dyn JwsVerifier>> {
    let secret = key.secret().unwrap_or_default();
    let der = key.pair().map(|pair| &pair.spki[..]).unwrap_or_default();
    let private = key.pair().map(|pair| &pair.pkcs8[..]).unwrap_or_default();
    Some(match alg {
        Alg::Hs256 => Box::new(HS256.verifier_from_bytes(secret).ok()?),
        Alg::Hs384 => Box::new(HS384.verifier_from_bytes(secret).ok()?),
        Alg::Hs512 => Box::new(HS512.verifier_from_bytes(secret).ok()?),
        Alg::Rs256 => Box::new(RS256.verifier_from_der(der).ok()?),
        Alg::Rs384 => Box::new(RS384.verifier_from_der(der).ok()?),
        Alg::Rs512 => Box::new(RS512.verifier_from_der(der).ok()?),
        Alg::Ps256 => Box::new(PS256.verifier_from_jwk(&rsa_jwk(private)?).ok()?),
        Alg::Ps384 => Box::new(PS384.verifier_from_jwk(&rsa_jwk(private)?).ok()?),
        Alg::Ps512 => Box::new(PS512.verifier_from_jwk(&rsa_jwk(private)?).ok()?),
        Alg::Es256 => Box::new(ES256.verifier_from_der(der).ok()?),
        Alg::Es384 => Box::new(ES384.verifier_from_der(der).ok()?),
        Alg::Es512 => Box::new(ES512.verifier_from_der(der).ok()?),
        Alg::Es256k => Box::new(ES256K.verifier_from_der(der).ok()?),
        Alg::Ed25519 | Alg::Ed448 => Box::new(EdDSA.verifier_from_der(der).ok()?),
        Alg::MlDsa44 | Alg::MlDsa65 | Alg::MlDsa87 => return None,
    })
}

fn rsa_jwk(pkcs8: &[u8]) -> Option<josekit::jwk::Jwk> {
    let pair = RS256.key_pair_from_der(pkcs8).ok()?;
    let mut jwk = josekit::jwk::KeyPair::to_jwk_key_pair(&pair);
    jwk.set_parameter("alg", None).ok()?;
    Some(jwk)
}
