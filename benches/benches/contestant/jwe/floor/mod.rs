//! The floor: aws-lc-rs calls on prepared keys that do a token's work, without JSON and base64url.
//!
//! A key that a token brings along or makes (the content key, the ephemeral key) is prepared in the call; the
//! recipient's own, before. Content key and initialization vector are drawn by a call each, as RFC 7516 §5.1
//! has it in two steps; the column `floor (one draw)` shows what drawing both at once saves.

mod content;
mod open;
mod seal;

use aws_lc_rs::agreement::{Algorithm, ECDH_P256, PrivateKey, X25519};
use aws_lc_rs::kdf::{SskdfDigestAlgorithmId, get_sskdf_digest_algorithm, sskdf_digest};
use aws_lc_rs::pbkdf2;

pub(crate) use open::Opening;
pub(crate) use seal::Sealing;

use super::JweKey;
use crate::rows::jwe::{KeyKind, Suite};

pub(crate) struct Floor;

/// Content key and initialization vector from one call.
pub(crate) struct FloorOneDraw;

impl Floor {
    pub(crate) fn sealing(suite: &Suite, key: &JweKey) -> Sealing {
        Sealing::new(suite, key, false)
    }

    pub(crate) fn opening(suite: &Suite, key: &JweKey, token: &str) -> Opening {
        Opening::new(suite, key, token)
    }
}

impl FloorOneDraw {
    /// None where there is no content key to draw.
    pub(crate) fn sealing(suite: &Suite, key: &JweKey) -> Option<Sealing> {
        (!suite.is_direct()).then(|| Sealing::new(suite, key, true))
    }
}

const ITERATIONS: u32 = 1000;

fn curve(suite: &Suite) -> &'static Algorithm {
    match suite.key {
        KeyKind::X25519 => &X25519,
        _ => &ECDH_P256,
    }
}

/// The Concat KDF of RFC 7518 §4.6.2 without party information.
fn derive(suite: &Suite, z: &[u8], key: &mut [u8]) {
    let purpose = if suite.is_direct() {
        suite.enc
    } else {
        suite.alg
    };
    let mut info = [0; 64];
    let end = purpose.len() + 4;
    info[3] = purpose.len() as u8;
    info[4..end].copy_from_slice(purpose.as_bytes());
    info[end + 8..end + 12].copy_from_slice(&(key.len() as u32 * 8).to_be_bytes());
    let digest = get_sskdf_digest_algorithm(SskdfDigestAlgorithmId::Sha256).expect("SHA-256");
    sskdf_digest(digest, z, &info[..end + 12], key).expect("it derives");
}

fn stretch(suite: &Suite, password: &[u8], p2s: &[u8]) -> [u8; 16] {
    let salt = [suite.alg.as_bytes(), &[0], p2s].concat();
    let iterations = ITERATIONS.try_into().expect("not zero");
    let mut key = [0; 16];
    pbkdf2::derive(
        pbkdf2::PBKDF2_HMAC_SHA256,
        iterations,
        &salt,
        password,
        &mut key,
    );
    key
}

fn private(suite: &Suite, octets: &[u8]) -> PrivateKey {
    PrivateKey::from_private_key(curve(suite), octets).expect("a key")
}
