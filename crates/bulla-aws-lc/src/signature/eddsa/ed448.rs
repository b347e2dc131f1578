//! Ed448, by `ed448-goldilocks-plus`.

use std::sync::Arc;

use bulla_core::jwa::AlgName;
use bulla_core::jwk::{KeyError, OkpPrivateKey, OkpPublicKey};
use bulla_core::key::{CheckError, Sign, SignError, Signature, SigningInput, Verify};
use ed448_goldilocks_plus::{self as goldilocks, SigningKey, VerifyingKey};
use zeroize::Zeroize as _;

const KEY_LEN: usize = 57;
const SIGNATURE_LEN: usize = 114;

pub(super) fn signer(
    alg: &'static AlgName,
    key: &OkpPrivateKey,
) -> Result<Arc<dyn Sign>, KeyError> {
    let signing = signing_key(key.d().expose())?;
    if signing.verifying_key().as_bytes().as_slice() != key.public().x() {
        return Err(KeyError::malformed(
            "d",
            "does not belong to the public key beside it",
        ));
    }
    Ok(Arc::new(Signer { alg, key: signing }))
}

pub(super) fn verifier(
    alg: &'static AlgName,
    key: &OkpPublicKey,
) -> Result<Arc<dyn Verify>, KeyError> {
    Ok(Arc::new(Verifier {
        alg,
        key: parse(key.x())?,
    }))
}

pub(super) fn public_of(seed: &[u8]) -> Result<Vec<u8>, KeyError> {
    Ok(signing_key(seed)?.verifying_key().as_bytes().to_vec())
}

fn signing_key(seed: &[u8]) -> Result<SigningKey, KeyError> {
    if seed.len() != KEY_LEN {
        return Err(KeyError::malformed("d", "is not a seed of 57 octets"));
    }
    let mut secret = goldilocks::SecretKey::default();
    secret.copy_from_slice(seed);
    let key = SigningKey::from(&secret);
    secret.as_mut_slice().zeroize();
    Ok(key)
}

/// Refuses encodings that RFC 8032 §5.2.3 does not decode, and points outside the group of prime order, those
/// of small order among them.
fn parse(x: &[u8]) -> Result<VerifyingKey, KeyError> {
    let malformed = |why| KeyError::malformed("x", why);
    let x = <[u8; KEY_LEN]>::try_from(x).map_err(|_| malformed("is not 57 octets long"))?;
    if !is_canonical(&x) {
        return Err(malformed("is not the canonical encoding of a point"));
    }
    VerifyingKey::from_bytes(&x)
        .map_err(|_| malformed("is not a point of prime order on the curve"))
}

/// Whether y is below the prime 2⁴⁴⁸ - 2²²⁴ - 1 and nothing but the sign of x stands in the last octet.
/// The library reduces y and ignores the other bits.
fn is_canonical(encoded: &[u8; KEY_LEN]) -> bool {
    let (y, sign) = encoded.split_at(KEY_LEN - 1);
    let (low, high) = y.split_at(28);
    let at_least_prime = match high {
        // 2⁴⁴⁸ - 2²²⁴ - 1 is the octet fe above 27 of ff above 28 of ff.
        [0xfe, rest @ ..] => rest.iter().chain(low).all(|octet| *octet == 0xff),
        [first, rest @ ..] => *first == 0xff && rest.iter().all(|octet| *octet == 0xff),
        [] => true,
    };
    !at_least_prime && sign.iter().all(|octet| octet & 0x7f == 0)
}

struct Signer {
    alg: &'static AlgName,
    /// Wiped when dropped.
    key: SigningKey,
}

impl Sign for Signer {
    fn alg(&self) -> &AlgName {
        self.alg
    }

    fn sign(&self, input: &SigningInput<'_>) -> Result<Signature, SignError> {
        let signature = self.key.sign_raw(&input.contiguous()?);
        Ok(signature.to_bytes().as_slice().into())
    }
}

struct Verifier {
    alg: &'static AlgName,
    key: VerifyingKey,
}

impl Verify for Verifier {
    fn alg(&self) -> &AlgName {
        self.alg
    }

    fn verify(&self, input: &SigningInput<'_>, signature: &[u8]) -> Result<(), CheckError> {
        let signature = parse_signature(signature).ok_or(CheckError::SignatureInvalid)?;
        self.key
            .verify_raw(&signature, &input.contiguous()?)
            .map_err(|_| CheckError::SignatureInvalid)
    }
}

/// R must be canonical and S end in a zero octet (RFC 8032 §5.2.7); the library is lax about R.
fn parse_signature(signature: &[u8]) -> Option<goldilocks::Signature> {
    let signature = <&[u8; SIGNATURE_LEN]>::try_from(signature).ok()?;
    let (r, s) = signature.split_at(KEY_LEN);
    if !is_canonical(r.try_into().ok()?) || s.last() != Some(&0) {
        return None;
    }
    goldilocks::Signature::from_bytes(signature).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The prime with `change` added to its lowest octet.
    fn near_prime(change: impl FnOnce(u8) -> u8) -> [u8; KEY_LEN] {
        let mut encoded = [0xff; KEY_LEN];
        (encoded[28], encoded[56]) = (0xfe, 0);
        encoded[0] = change(0xff);
        encoded
    }

    #[test]
    fn only_numbers_below_the_prime_are_canonical() {
        let mut above = near_prime(|octet| octet.wrapping_add(1));
        above[1..28].fill(0);
        above[28] = 0xff;
        let mut greatest = [0xff; KEY_LEN];
        greatest[56] = 0;
        let prime = near_prime(|octet| octet);
        for encoded in [prime, above, greatest] {
            assert!(!is_canonical(&encoded), "{encoded:02x?}");
        }
        let mut lower_half = prime;
        lower_half[27] = 0xfe;
        let mut upper_half = prime;
        upper_half[28] = 0xfd;
        let below = near_prime(|octet| octet - 1);
        for mut encoded in [[0; KEY_LEN], below, lower_half, upper_half] {
            assert!(is_canonical(&encoded), "{encoded:02x?}");
            encoded[56] = 0x80;
            assert!(is_canonical(&encoded), "the sign of x");
            for bit in 0..7 {
                encoded[56] = 1 << bit;
                assert!(!is_canonical(&encoded), "bit {bit}");
            }
        }
    }
}
