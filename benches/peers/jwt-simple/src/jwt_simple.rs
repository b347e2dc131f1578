//! jwt-simple 0.15, on BoringSSL (RSA), and crates of its author and of RustCrypto (the others).

use std::collections::HashSet;

use bulla_bench_harness::{
    AUDIENCE, Alg, Claims, ClaimsType, Contestant, Custom, ISSUER, Key, Signs, Verifies,
};
use jwt_simple::claims::{Audiences, JWTClaims};
use jwt_simple::common::VerificationOptions;
use jwt_simple::prelude::*;

pub(crate) struct JwtSimple;

impl Contestant for JwtSimple {
    fn name(&self) -> &'static str {
        "jwt-simple"
    }

    fn signer(&self, alg: Alg, key: &Key) -> Option<Box<dyn Signs>> {
        let workload = Claims::workload();
        /// Its signing functions are methods of traits that share nothing, so that no function can be
        /// generic over them.
        macro_rules! signs {
            ($key:expr, $sign:ident) => {{
                let key = $key;
                Some(
                    Box::new(move || key.$sign(claims(&workload)).expect("it signs"))
                        as Box<dyn Signs>,
                )
            }};
        }
        let secret = key.secret().unwrap_or_default();
        let pem = key
            .pair()
            .map(|pair| pair.private_pem())
            .unwrap_or_default();
        let seed = key.pair().map(|pair| pair.seed.clone()).unwrap_or_default();
        match alg {
            Alg::Hs256 => signs!(HS256Key::from_bytes(secret), authenticate),
            Alg::Hs384 => signs!(HS384Key::from_bytes(secret), authenticate),
            Alg::Hs512 => signs!(HS512Key::from_bytes(secret), authenticate),
            Alg::Rs256 => signs!(RS256KeyPair::from_pem(&pem).expect("a key"), sign),
            Alg::Rs384 => signs!(RS384KeyPair::from_pem(&pem).expect("a key"), sign),
            Alg::Rs512 => signs!(RS512KeyPair::from_pem(&pem).expect("a key"), sign),
            Alg::Ps256 => signs!(PS256KeyPair::from_pem(&pem).expect("a key"), sign),
            Alg::Ps384 => signs!(PS384KeyPair::from_pem(&pem).expect("a key"), sign),
            Alg::Ps512 => signs!(PS512KeyPair::from_pem(&pem).expect("a key"), sign),
            Alg::Es256 => signs!(ES256KeyPair::from_pem(&pem).expect("a key"), sign),
            Alg::Es384 => signs!(ES384KeyPair::from_pem(&pem).expect("a key"), sign),
            Alg::Es256k => signs!(ES256kKeyPair::from_pem(&pem).expect("a key"), sign),
            Alg::Ed25519 => signs!(Ed25519KeyPair::from_pem(&pem).expect("a key"), sign),
            Alg::MlDsa44 => signs!(MLDSA44KeyPair::from_bytes(&seed).expect("a key"), sign),
            Alg::MlDsa65 => signs!(MLDSA65KeyPair::from_bytes(&seed).expect("a key"), sign),
            Alg::MlDsa87 => signs!(MLDSA87KeyPair::from_bytes(&seed).expect("a key"), sign),
            Alg::Es512 | Alg::Ed448 => None,
        }
    }

    fn verifier(&self, alg: Alg, key: &Key, claims: ClaimsType) -> Option<Box<dyn Verifies>> {
        if claims == ClaimsType::Borrowed {
            return None;
        }
        let options = VerificationOptions {
            allowed_issuers: Some(HashSet::from([ISSUER.to_owned()])),
            allowed_audiences: Some(HashSet::from([AUDIENCE.to_owned()])),
            ..VerificationOptions::default()
        };
        macro_rules! verifies {
            ($key:expr) => {{
                let key = $key;
                // Its options are taken by value, so that a caller who states an issuer clones them a call.
                Some(Box::new(move |token: &str| {
                    let claims = key.verify_token::<Custom>(token, Some(options.clone())).ok()?;
                    Some(weight(&claims))
                }) as Box<dyn Verifies>)
            }};
        }
        let secret = key.secret().unwrap_or_default();
        let pem = key.pair().map(|pair| pair.public_pem()).unwrap_or_default();
        let public = key
            .pair()
            .map(|pair| pair.public.clone())
            .unwrap_or_default();
        match alg {
            Alg::Hs256 => verifies!(HS256Key::from_bytes(secret)),
            Alg::Hs384 => verifies!(HS384Key::from_bytes(secret)),
            Alg::Hs512 => verifies!(HS512Key::from_bytes(secret)),
            Alg::Rs256 => verifies!(RS256PublicKey::from_pem(&pem).expect("a key")),
            Alg::Rs384 => verifies!(RS384PublicKey::from_pem(&pem).expect("a key")),
            Alg::Rs512 => verifies!(RS512PublicKey::from_pem(&pem).expect("a key")),
            Alg::Ps256 => verifies!(PS256PublicKey::from_pem(&pem).expect("a key")),
            Alg::Ps384 => verifies!(PS384PublicKey::from_pem(&pem).expect("a key")),
            Alg::Ps512 => verifies!(PS512PublicKey::from_pem(&pem).expect("a key")),
            Alg::Es256 => verifies!(ES256PublicKey::from_pem(&pem).expect("a key")),
            Alg::Es384 => verifies!(ES384PublicKey::from_pem(&pem).expect("a key")),
            Alg::Es256k => verifies!(ES256kPublicKey::from_pem(&pem).expect("a key")),
            Alg::Ed25519 => verifies!(Ed25519PublicKey::from_pem(&pem).expect("a key")),
            Alg::MlDsa44 => verifies!(MLDSA44PublicKey::from_bytes(&public).expect("a key")),
            Alg::MlDsa65 => verifies!(MLDSA65PublicKey::from_bytes(&public).expect("a key")),
            Alg::MlDsa87 => verifies!(MLDSA87PublicKey::from_bytes(&public).expect("a key")),
            Alg::Es512 | Alg::Ed448 => None,
        }
    }
}

fn claims(workload: &Claims) -> JWTClaims<Custom> {
    JWTClaims {
        issued_at: Some(UnixTimeStamp::from_secs(workload.iat)),
        expires_at: Some(UnixTimeStamp::from_secs(workload.exp)),
        invalid_before: Some(UnixTimeStamp::from_secs(workload.nbf)),
        issuer: Some(workload.iss.clone()),
        subject: Some(workload.sub.clone()),
        audiences: Some(Audiences::AsString(workload.aud.clone())),
        jwt_id: Some(workload.jti.clone()),
        nonce: None,
        custom: workload.custom(),
    }
}

fn weight(claims: &JWTClaims<Custom>) -> usize {
    let audience = match &claims.audiences {
        Some(Audiences::AsString(audience)) => audience.len(),
        _ => 0,
    };
    let len = |text: &Option<String>| text.as_ref().map_or(0, String::len);
    len(&claims.issuer)
        + len(&claims.subject)
        + audience
        + len(&claims.jwt_id)
        + claims.custom.scope.len()
        + claims.custom.tenant.len()
        + claims.custom.department.len()
        + claims.custom.level as usize
}
