//! The floor: the primitive alone, with a prepared key, on the bytes of the token. No JSON, no base64url.
//!
//! aws-lc-rs, and what Bulla uses where that is slow or lacks the algorithm: `k256` for ES256K,
//! `ed448-goldilocks-plus` for Ed448.

mod raw;
mod stream;

use aws_lc_rs::signature as aws;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bulla_bench_harness::{
    Alg, Claims, ClaimsType, Contestant, Key, Sample, Signs, Verifies, check_registered,
    signing_input, time,
};

pub(crate) use raw::{SignRaw, VerifyRaw, sign_raw, split, split_owned, verify_raw};
use raw::{sign_ecdsa, verify_aws};

use crate::rows::scaling::{Shared, SharedWork};

pub(crate) struct Floor;

/// ES256K on aws-lc-rs, to show what `k256` is worth.
pub(crate) struct Secp256k1OnAwsLc;

impl Contestant for Floor {
    fn name(&self) -> &'static str {
        "floor"
    }

    fn signer(&self, alg: Alg, key: &Key) -> Option<Box<dyn Signs>> {
        Some(Box::new(FloorSigner::new(alg, sign_raw(alg, key))))
    }

    fn verifier(&self, alg: Alg, key: &Key, _: ClaimsType) -> Option<Box<dyn Verifies>> {
        Some(Box::new(FloorVerifier(verify_raw(alg, key))))
    }
}

impl Contestant for Secp256k1OnAwsLc {
    fn name(&self) -> &'static str {
        "floor (aws-lc)"
    }

    fn signer(&self, alg: Alg, key: &Key) -> Option<Box<dyn Signs>> {
        let pair = key.pair().filter(|_| alg == Alg::Es256k)?;
        let raw = sign_ecdsa(&aws::ECDSA_P256K1_SHA256_FIXED_SIGNING, pair);
        Some(Box::new(FloorSigner::new(alg, raw)))
    }

    fn verifier(&self, alg: Alg, key: &Key, _: ClaimsType) -> Option<Box<dyn Verifies>> {
        let pair = key.pair().filter(|_| alg == Alg::Es256k)?;
        let raw = verify_aws(&aws::ECDSA_P256K1_SHA256_FIXED, &pair.public);
        Some(Box::new(FloorVerifier(raw)))
    }
}

struct FloorSigner {
    input: String,
    signature: Vec<u8>,
    raw: SignRaw,
}

impl FloorSigner {
    fn new(alg: Alg, raw: SignRaw) -> Self {
        let payload = serde_json::to_vec(&Claims::workload()).expect("claims are JSON");
        Self {
            input: signing_input(alg, &payload),
            signature: Vec::new(),
            raw,
        }
    }
}

impl Signs for FloorSigner {
    fn sign(&mut self) -> String {
        (self.raw)(self.input.as_bytes(), &mut self.signature);
        let mut token = format!("{}.", self.input);
        URL_SAFE_NO_PAD.encode_string(&self.signature, &mut token);
        token
    }

    fn batch(&mut self, calls: u32) -> Sample {
        time(calls, || {
            (self.raw)(self.input.as_bytes(), &mut self.signature);
        })
    }
}

struct FloorVerifier(VerifyRaw);

impl Verifies for FloorVerifier {
    /// All of it, as a referee; [`batch`](Verifies::batch) times the primitive alone.
    fn verify(&mut self, token: &str) -> Option<usize> {
        let (input, signature) = split(token)?;
        if !(self.0)(input.as_bytes(), &signature) {
            return None;
        }
        let (_, payload) = input.split_once('.')?;
        let payload = URL_SAFE_NO_PAD.decode(payload).ok()?;
        let claims: Claims = serde_json::from_slice(&payload).ok()?;
        check_registered(&claims.iss, &claims.aud, claims.exp, claims.nbf).then(|| claims.weight())
    }

    fn batch(&mut self, token: &str, calls: u32) -> Sample {
        let (input, signature) = split(token).expect("a compact token");
        time(calls, || {
            assert!((self.0)(input.as_bytes(), &signature));
        })
    }
}

impl SharedWork for Floor {
    fn name(&self) -> &'static str {
        "floor"
    }

    fn shared(&self, alg: Alg, key: &Key) -> Option<Shared> {
        raw::shared(alg, key)
    }
}
