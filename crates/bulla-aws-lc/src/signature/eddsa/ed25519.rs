//! Ed25519, by aws-lc.

use std::sync::Arc;

use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair as _, ParsedPublicKey};
use bulla_core::jwa::AlgName;
use bulla_core::jwk::{KeyError, OkpPrivateKey, OkpPublicKey};
use bulla_core::key::{CheckError, Sign, SignError, Signature, SigningInput, Verify};
use crypto_bigint::modular::ConstMontyForm;
use crypto_bigint::{U256, const_monty_params};

const SEED_LEN: usize = 32;
const SIGNATURE_LEN: usize = 64;

pub(super) fn signer(
    alg: &'static AlgName,
    key: &OkpPrivateKey,
) -> Result<Arc<dyn Sign>, KeyError> {
    let pair = key_pair(key.d().expose())?;
    if pair.public_key().as_ref() != key.public().x() {
        return Err(KeyError::malformed(
            "d",
            "does not belong to the public key beside it",
        ));
    }
    Ok(Arc::new(Signer { alg, key: pair }))
}

pub(super) fn verifier(
    alg: &'static AlgName,
    key: &OkpPublicKey,
) -> Result<Arc<dyn Verify>, KeyError> {
    check_point(key.x())?;
    let key = ParsedPublicKey::new(&ED25519, key.x()).map_err(|_| KeyError::Backend)?;
    Ok(Arc::new(Verifier { alg, key }))
}

pub(super) fn public_of(seed: &[u8]) -> Result<Vec<u8>, KeyError> {
    Ok(key_pair(seed)?.public_key().as_ref().to_vec())
}

fn key_pair(seed: &[u8]) -> Result<Ed25519KeyPair, KeyError> {
    let wrong = KeyError::malformed("d", "is not a seed of 32 octets");
    if seed.len() != SEED_LEN {
        return Err(wrong);
    }
    Ed25519KeyPair::from_seed_unchecked(seed).map_err(|_| wrong)
}

struct Signer {
    alg: &'static AlgName,
    key: Ed25519KeyPair,
}

impl Sign for Signer {
    fn alg(&self) -> &AlgName {
        self.alg
    }

    fn sign(&self, input: &SigningInput<'_>) -> Result<Signature, SignError> {
        let signature = self
            .key
            .try_sign(&input.contiguous()?)
            .map_err(|_| SignError::Failed)?;
        Ok(signature.as_ref().into())
    }
}

struct Verifier {
    alg: &'static AlgName,
    key: ParsedPublicKey,
}

impl Verify for Verifier {
    fn alg(&self) -> &AlgName {
        self.alg
    }

    fn verify(&self, input: &SigningInput<'_>, signature: &[u8]) -> Result<(), CheckError> {
        if signature.len() != SIGNATURE_LEN {
            return Err(CheckError::SignatureInvalid);
        }
        self.key
            .verify_sig(&input.contiguous()?, signature)
            .map_err(|_| CheckError::SignatureInvalid)
    }
}

const_monty_params!(
    Field,
    U256,
    "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffed"
);
type Element = ConstMontyForm<Field, { U256::LIMBS }>;

/// The constant d of the curve (RFC 8032 §5.1).
const D: Element = ConstMontyForm::new(&U256::from_be_hex(
    "52036cee2b6ffe738cc740797779e89800700a4d4141d8ab75eb4dca135978a3",
));

/// The y of the points whose order divides 8, in either sign of x: anyone can sign for such a key.
const SMALL_ORDER: [U256; 5] = [
    U256::ZERO,
    U256::ONE,
    U256::from_be_hex("7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffec"),
    U256::from_be_hex("7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7"),
    U256::from_be_hex("05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826"),
];

/// Refuses what RFC 8032 §5.1.3 does not decode, which aws-lc would let pass until a signature fails, and
/// points of small order.
fn check_point(x: &[u8]) -> Result<(), KeyError> {
    let malformed = |why| Err(KeyError::malformed("x", why));
    let Ok(mut encoded) = <[u8; 32]>::try_from(x) else {
        return malformed("is not 32 octets long");
    };
    // The topmost bit is the sign of the x coordinate.
    encoded[31] &= 0x7f;
    let y = U256::from_le_slice(&encoded);
    if y >= *Element::MODULUS.as_ref() {
        return malformed("is not the canonical encoding of a point");
    }
    if SMALL_ORDER.contains(&y) {
        return malformed("is a point of small order");
    }
    if !has_x(&y) {
        return malformed("is not a point on the curve");
    }
    Ok(())
}

/// Whether x² = (y² - 1) / (d·y² + 1) has a solution; a quotient is a square where the product is one.
fn has_x(y: &U256) -> bool {
    let y2 = Element::new(y).square();
    let product = (y2 - Element::ONE) * (D * y2 + Element::ONE);
    let half = Element::MODULUS.as_ref().shr_vartime(1);
    product.pow_vartime(&half) == Element::ONE
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encode(y: &U256, negative: bool) -> [u8; 32] {
        let mut octets = [0; 32];
        for (index, octet) in octets.iter_mut().enumerate() {
            *octet = (y.as_words()[index / 8] >> (8 * (index % 8))) as u8;
        }
        octets[31] |= u8::from(negative) << 7;
        octets
    }

    /// Whether somebody who has no private key finds a signature: R the neutral element, S zero.
    fn forged(x: &[u8; 32]) -> bool {
        let key = ParsedPublicKey::new(&ED25519, x).unwrap();
        let mut signature = [0; 64];
        signature[0] = 1;
        (0..400_u32).any(|message| key.verify_sig(&message.to_le_bytes(), &signature).is_ok())
    }

    #[test]
    fn every_point_of_small_order_would_be_forgeable_and_is_refused() {
        for y in SMALL_ORDER {
            for negative in [false, true] {
                let x = encode(&y, negative);
                assert!(check_point(&x).is_err(), "{x:02x?}");
                // aws-lc refuses some encodings itself; the others it would verify for anyone.
                if !negative {
                    assert!(forged(&x), "{x:02x?} is not of small order");
                }
            }
        }
    }

    #[test]
    fn encodings_above_the_prime_are_refused() {
        let prime = *Element::MODULUS.as_ref();
        for above in 0_u64..19 {
            for negative in [false, true] {
                let x = encode(&prime.wrapping_add(&U256::from(above)), negative);
                assert_eq!(
                    check_point(&x),
                    Err(KeyError::malformed(
                        "x",
                        "is not the canonical encoding of a point"
                    ))
                );
            }
        }
    }

    #[test]
    fn half_of_all_numbers_are_no_point_and_every_generated_key_is_one() {
        let points = (2_u64..402).filter(|y| has_x(&U256::from(*y))).count();
        assert!((150..250).contains(&points), "{points}");
        for _ in 0..50 {
            let pair = Ed25519KeyPair::generate().unwrap();
            assert_eq!(check_point(pair.public_key().as_ref()), Ok(()));
        }
    }

    /// RFC 8032 §5.1.3: without an x there is no point. 2 has none.
    #[test]
    fn a_number_that_is_no_point_is_refused() {
        assert_eq!(
            check_point(&encode(&U256::from(2_u64), false)),
            Err(KeyError::malformed("x", "is not a point on the curve"))
        );
    }
}
