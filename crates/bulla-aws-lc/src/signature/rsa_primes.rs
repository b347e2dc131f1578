//! The primes of an RSA private key that carries only n, e and d (RFC 7518 §6.3.2 allows that).

use bulla_core::SecretBytes;
use bulla_core::jwk::{KeyError, RsaCrt, RsaPrivateKey};
use crypto_bigint::modular::{BoxedMontyForm, BoxedMontyParams};
use crypto_bigint::{BoxedUint, ConcatenatingMul as _, Gcd as _, NonZero, Resize as _};
use zeroize::Zeroizing;

/// Every base finds the primes with a chance of one half at least: these fail together once in 2⁴⁰ keys.
const BASES: u8 = 40;

/// RFC 8017 §3.2 wants d below n. aws-lc would take more, and a very long one would only cost time.
pub(crate) fn check_exponent(key: &RsaPrivateKey) -> Result<(), KeyError> {
    // Neither has leading zeros, so that the longer number is the greater one.
    let (d, n) = (key.d().expose(), key.public().n());
    if (d.len(), d) < (n.len(), n) {
        Ok(())
    } else {
        Err(KeyError::malformed("d", "is not less than n"))
    }
}

/// Factors n as NIST SP 800-56B rev. 2, appendix C.1 does: d·e - 1 is a multiple of the order of every base, so
/// that halving the exponent leads to a root of one that is neither 1 nor -1.
///
/// Done once, when the key is imported. The arithmetic on secrets takes constant time for a given length; how
/// many bases and halvings were needed shows, which tells something of the primes modulo powers of two.
pub(crate) fn recover(key: &RsaPrivateKey) -> Result<RsaCrt, KeyError> {
    let wrong = KeyError::malformed("d", "does not belong to n and e");
    let n = BoxedUint::from_be_slice_vartime(key.public().n());
    let e = BoxedUint::from_be_slice_vartime(key.public().e());
    let d = secret(BoxedUint::from_be_slice_vartime(key.d().expose()));
    let n = n.into_odd().into_option().ok_or_else(|| wrong.clone())?;

    // d·e - 1 = 2^halvings · odd
    let multiple = secret(d.concatenating_mul(&e));
    let multiple = secret(multiple.wrapping_sub(BoxedUint::one()));
    if bool::from(multiple.is_zero()) {
        return Err(wrong);
    }
    let halvings = multiple.trailing_zeros();
    let odd = secret(multiple.shr(halvings));

    let params = BoxedMontyParams::new(n.clone());
    let one = BoxedMontyForm::one(&params);
    let minus_one = one.neg();
    for base in 2..2 + BASES {
        let base = BoxedUint::from(base).resize_unchecked(n.bits_precision());
        let mut power = BoxedMontyForm::new(base, &params).pow(&odd);
        if power == one || power == minus_one {
            continue;
        }
        for _ in 0..halvings {
            let square = power.square();
            if square == one {
                // power² = 1, and power is neither 1 nor -1: it shares one prime with n on either side.
                let root = secret(power.retrieve());
                let prime = secret(root.wrapping_sub(BoxedUint::one()).gcd(n.as_ref()));
                let other = secret(n.div_rem(&nonzero(&prime).ok_or(wrong.clone())?).0);
                let (p, q) = if *prime > *other {
                    (prime, other)
                } else {
                    (other, prime)
                };
                return derive(&d, &p, &q).ok_or(wrong);
            }
            power = square;
            if power == minus_one {
                break;
            }
        }
        if power != minus_one {
            // The order of the base does not divide d·e - 1.
            return Err(wrong);
        }
    }
    Err(wrong)
}

/// Whether n, e, d, both primes and what is derived from them belong together, whatever the length of n.
pub(crate) fn check(key: &RsaPrivateKey, crt: &RsaCrt) -> Result<(), KeyError> {
    consistent(key, crt)
        .filter(|consistent| *consistent)
        .map(|_| ())
        .ok_or(CONTRADICTION)
}

pub(crate) const CONTRADICTION: KeyError =
    KeyError::malformed("n, e, d, p, q, dp, dq, qi", "contradict one another");

fn consistent(key: &RsaPrivateKey, crt: &RsaCrt) -> Option<bool> {
    let n = BoxedUint::from_be_slice_vartime(key.public().n());
    let e = BoxedUint::from_be_slice_vartime(key.public().e());
    let d = secret(BoxedUint::from_be_slice_vartime(key.d().expose()));
    let p = secret(BoxedUint::from_be_slice_vartime(crt.p().expose()));
    let q = secret(BoxedUint::from_be_slice_vartime(crt.q().expose()));
    let inverts_e = |prime: &BoxedUint| {
        let order = nonzero(&secret(prime.wrapping_sub(BoxedUint::one())))?;
        let product = secret(d.concatenating_mul(&e));
        Some(bool::from(secret(product.rem(&order)).is_one()))
    };
    Some(
        *secret(p.concatenating_mul(&*q)) == n
            && derive(&d, &p, &q)? == *crt
            && inverts_e(&p)?
            && inverts_e(&q)?,
    )
}

/// The five numbers that RFC 7518 §6.3.2 wants beside n, e and d.
fn derive(d: &BoxedUint, p: &BoxedUint, q: &BoxedUint) -> Option<RsaCrt> {
    let exponent = |prime: &BoxedUint| {
        let order = nonzero(&secret(prime.wrapping_sub(BoxedUint::one())))?;
        Some(secret(d.rem(&order)))
    };
    let (dp, dq) = (exponent(p)?, exponent(q)?);
    let width = p.bits_precision().max(q.bits_precision());
    let modulus = nonzero(&secret(p.resize_unchecked(width)))?;
    let inverse = secret(q.resize_unchecked(width)).invert_mod(&modulus);
    let qi = secret(inverse.into_option()?);
    RsaCrt::new(octets(p), octets(q), octets(&dp), octets(&dq), octets(&qi)).ok()
}

type Secret = Zeroizing<BoxedUint>;

fn secret(number: BoxedUint) -> Secret {
    Zeroizing::new(number)
}

fn nonzero(number: &BoxedUint) -> Option<NonZero<BoxedUint>> {
    number.to_nz().into_option()
}

fn octets(number: &BoxedUint) -> SecretBytes {
    number.to_be_bytes().into_vec().into()
}
