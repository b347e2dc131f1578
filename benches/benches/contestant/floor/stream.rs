//! Streaming without a library: read a piece, encode it, feed the hash; one key operation at the end.

use std::fs::File;
use std::io::Read as _;

use aws_lc_rs::digest::{self, Digest};
use aws_lc_rs::hmac;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, ParsedPublicKey,
    RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RSA_PSS_2048_8192_SHA256, RSA_PSS_SHA256,
    RsaKeyPair,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bulla_bench_harness::{Alg, Key, signing_input};

use super::Floor;
use crate::rows::stream::StreamWork;

/// A multiple of three, so that pieces are encoded without padding between them.
const PIECE: usize = 48 * 1024;

impl StreamWork for Floor {
    fn name(&self) -> &'static str {
        "floor"
    }

    fn sign(&self, alg: Alg, key: &Key, payload: &mut File) -> Option<String> {
        let header = signing_input(alg, &[]);
        let signature = match (key.secret(), key.pair()) {
            (Some(secret), _) => tag(secret, &header, payload).as_ref().to_vec(),
            (_, Some(pair)) if alg == Alg::Es256 => {
                let key =
                    EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &pair.pkcs8).ok()?;
                let digest = hashed(&header, payload);
                key.sign_digest(&digest).ok()?.as_ref().to_vec()
            }
            (_, pair) => {
                let key = RsaKeyPair::from_pkcs8(&pair?.pkcs8).ok()?;
                let digest = hashed(&header, payload);
                let mut signature = vec![0; key.public_modulus_len()];
                let signed = match alg {
                    Alg::Rs256 => key.sign_digest(&RSA_PKCS1_SHA256, &digest, &mut signature),
                    _ => key.sign_digest(&RSA_PSS_SHA256, &digest, &mut signature),
                };
                signed.ok()?;
                signature
            }
        };
        Some(format!("{header}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }

    fn verify(&self, alg: Alg, key: &Key, token: &str, payload: &mut File) -> Option<bool> {
        let (header, signature) = token.split_once("..")?;
        let header = format!("{header}.");
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        if let Some(secret) = key.secret() {
            return Some(tag(secret, &header, payload).as_ref() == signature);
        }
        let public = &key.pair()?.public;
        let key = match alg {
            Alg::Es256 => ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, public),
            Alg::Rs256 => ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, public),
            _ => ParsedPublicKey::new(&RSA_PSS_2048_8192_SHA256, public),
        };
        let digest = hashed(&header, payload);
        Some(key.ok()?.verify_digest_sig(&digest, &signature).is_ok())
    }
}

fn tag(secret: &[u8], header: &str, payload: &mut File) -> hmac::Tag {
    let mut context = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, secret));
    pieces(header, payload, |piece| context.update(piece));
    context.sign()
}

fn hashed(header: &str, payload: &mut File) -> Digest {
    let mut context = digest::Context::new(&digest::SHA256);
    pieces(header, payload, |piece| context.update(piece));
    context.finish()
}

fn pieces(header: &str, payload: &mut File, mut each: impl FnMut(&[u8])) {
    each(header.as_bytes());
    let mut piece = vec![0; PIECE];
    let mut text = String::new();
    loop {
        let mut filled = 0;
        while filled < PIECE {
            match payload.read(&mut piece[filled..]).expect("the payload") {
                0 => break,
                count => filled += count,
            }
        }
        text.clear();
        base64_simd::URL_SAFE_NO_PAD.encode_append(&piece[..filled], &mut text);
        each(text.as_bytes());
        if filled < PIECE {
            return;
        }
    }
}
