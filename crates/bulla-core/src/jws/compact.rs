//! The compact serialization (RFC 7515 §7.1), on the path that JWTs take: no copy and no allocation of its own.

use std::sync::Arc;

use smallvec::SmallVec;

use super::{Policy, VerifyError};
use crate::base64url;
use crate::header::{Header, Kind};
use crate::jwa::AlgName;
use crate::key::{Candidates, Keys, SeenHeader, SigningInput, Verifier};
use crate::limits::Limits;

/// The three parts of a compact token, none of them decoded.
pub(crate) struct Parts<'t> {
    pub(crate) header: &'t str,
    pub(crate) payload: &'t str,
    pub(crate) signature: &'t str,
    /// `header.payload`
    pub(crate) signing_input: &'t [u8],
}

/// A compact token whose signature held; the payload is not decoded yet.
pub(crate) struct VerifiedCompact<'t> {
    pub(crate) payload: &'t str,
    pub(crate) seen: Arc<SeenHeader>,
}

impl<'t> Parts<'t> {
    pub(crate) fn split(token: &'t str, limits: &Limits) -> Result<Self, VerifyError> {
        if token.len() > limits.token {
            return Err(VerifyError::limit("the token"));
        }
        let malformed = |why| VerifyError::malformed("compact token", why);
        let mut dots = memchr::memchr_iter(b'.', token.as_bytes());
        let (Some(first), Some(second)) = (dots.next(), dots.next()) else {
            return Err(malformed("does not have three parts"));
        };
        if dots.next().is_some() {
            let jwe = dots.next().is_some() && dots.next().is_none();
            return Err(malformed(if jwe {
                "has five parts: this is a JWE"
            } else {
                "does not have three parts"
            }));
        }
        let part = |range: core::ops::Range<usize>| token.get(range).unwrap_or_default();
        Ok(Self {
            header: part(0..first),
            payload: part(first + 1..second),
            signature: part(second + 1..token.len()),
            signing_input: part(0..second).as_bytes(),
        })
    }
}

/// A decoded signature, on the stack for every algorithm but ML-DSA and large RSA.
pub(super) type SignatureOctets = SmallVec<[u8; 512]>;

pub(super) fn decode_signature(text: &str) -> Result<SignatureOctets, VerifyError> {
    let mut octets = SignatureOctets::from_elem(0, text.len() / 4 * 3 + 2);
    let length = base64url::decode_to_slice(text, &mut octets)
        .map_err(|_| VerifyError::malformed("signature", "is not base64url without padding"))?;
    octets.truncate(length);
    Ok(octets)
}

/// Verifies a compact token that carries its payload.
pub(crate) fn verify_compact<'t, K: Keys + ?Sized>(
    token: &'t str,
    keys: &K,
    policy: &Policy,
) -> Result<VerifiedCompact<'t>, VerifyError> {
    let parts = Parts::split(token, policy.bounds())?;
    let input = SigningInput::whole(parts.signing_input);
    let signature = decode_signature(parts.signature)?;
    let seen = verify_segment(parts.header, &input, &signature, keys, policy)?;
    Ok(VerifiedCompact {
        payload: parts.payload,
        seen,
    })
}

/// Verifies one signature whose JOSE Header is a protected segment alone.
pub(super) fn verify_segment<K: Keys + ?Sized>(
    segment: &str,
    input: &SigningInput<'_>,
    signature: &[u8],
    keys: &K,
    policy: &Policy,
) -> Result<Arc<SeenHeader>, VerifyError> {
    let cache = keys.header_cache();
    let known = cache.and_then(|cache| cache.get(segment));
    if let Some(seen) = known
        && segment.len() / 4 * 3 <= policy.bounds().header
    {
        policy.admit(&seen.header)?;
        if seen.key.check(input, signature).is_ok() {
            return Ok(Arc::clone(seen));
        }
    }
    let header = Header::parse_segment(segment, Kind::Jws, policy.bounds())?;
    policy.admit(&header)?;
    let hint = header.key_hint()?;
    let candidates = keys.select(&hint)?;
    let tried = known.map(|seen| &seen.key);
    let verifier = try_candidates(
        &candidates,
        hint.alg,
        input,
        signature,
        policy.bounds(),
        |candidate| tried.is_some_and(|tried| Arc::ptr_eq(tried, &candidate.key)),
    );
    let verifier = verifier.map_err(VerifyError::several)?.0;
    let key = Arc::clone(&verifier.key);
    let seen = Arc::new(SeenHeader {
        segment: segment.into(),
        header,
        key,
    });
    if known.is_none()
        && let Some(cache) = cache
    {
        cache.remember(Arc::clone(&seen));
    }
    Ok(seen)
}

/// Tries the keys in order, as many as the limit allows; keeps every error, also beside the key that verified.
pub(super) fn try_candidates<'a>(
    candidates: &Candidates<'a>,
    alg: &AlgName,
    input: &SigningInput<'_>,
    signature: &[u8],
    limits: &Limits,
    failed_before: impl Fn(&Verifier) -> bool,
) -> Result<(&'a Verifier, Vec<VerifyError>), Vec<VerifyError>> {
    let mut errors = Vec::new();
    for candidate in candidates.0.iter().take(limits.keys_tried) {
        // Whoever implemented `Keys` may have looked at less than the hint; the header must not lie all the same.
        // And a key whose algorithm calls itself `none` proves nothing, whoever implemented it.
        let outcome = if candidate.alg() != alg || *alg == *"none" {
            Err(VerifyError::AlgorithmNotAllowed { alg: alg.clone() })
        } else if failed_before(candidate) {
            Err(VerifyError::SignatureInvalid)
        } else {
            candidate.check(input, signature).map_err(VerifyError::from)
        };
        match outcome {
            Ok(()) => return Ok((candidate, errors)),
            Err(error) => errors.push(error),
        }
    }
    Err(errors)
}
