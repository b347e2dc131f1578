//! `kty: RSA` (RFC 7518 §6.3).

use crate::secret::SecretBytes;

/// A modulus and a public exponent, both big-endian without leading zero octets.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RsaPublicKey {
    pub(crate) n: Box<[u8]>,
    pub(crate) e: Box<[u8]>,
}

impl RsaPublicKey {
    /// The modulus, big-endian, without leading zero octets.
    #[must_use]
    pub fn n(&self) -> &[u8] {
        &self.n
    }

    /// The public exponent, big-endian, without leading zero octets.
    #[must_use]
    pub fn e(&self) -> &[u8] {
        &self.e
    }

    /// The exact length of the modulus in bits.
    #[must_use]
    pub fn bits(&self) -> usize {
        let first = self
            .n
            .first()
            .map_or(0, |octet| octet.leading_zeros() as usize);
        (self.n.len() * 8).saturating_sub(first)
    }
}

/// The private half of an RSA key: `d`, and what else the JWK carried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RsaPrivateKey {
    pub(crate) public: RsaPublicKey,
    pub(crate) d: SecretBytes,
    pub(crate) crt: Option<RsaCrt>,
    pub(crate) oth: Vec<RsaOtherPrime>,
}

impl RsaPrivateKey {
    /// The public half.
    #[must_use]
    pub const fn public(&self) -> &RsaPublicKey {
        &self.public
    }

    /// The private exponent.
    #[must_use]
    pub const fn d(&self) -> &SecretBytes {
        &self.d
    }

    /// The primes and what is derived from them. A JWK may carry only `n`, `e`, `d`.
    #[must_use]
    pub const fn crt(&self) -> Option<&RsaCrt> {
        self.crt.as_ref()
    }

    /// Third and further primes (RFC 7518 §6.3.2.7). Kept and printed; such a key cannot sign here.
    #[must_use]
    pub fn other_primes(&self) -> &[RsaOtherPrime] {
        &self.oth
    }
}

/// The members that RFC 7518 §6.3.2 wants present all together or not at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RsaCrt {
    pub(crate) p: SecretBytes,
    pub(crate) q: SecretBytes,
    pub(crate) dp: SecretBytes,
    pub(crate) dq: SecretBytes,
    pub(crate) qi: SecretBytes,
}

impl RsaCrt {
    /// The first prime.
    #[must_use]
    pub const fn p(&self) -> &SecretBytes {
        &self.p
    }

    /// The second prime.
    #[must_use]
    pub const fn q(&self) -> &SecretBytes {
        &self.q
    }

    /// `d mod (p-1)`.
    #[must_use]
    pub const fn dp(&self) -> &SecretBytes {
        &self.dp
    }

    /// `d mod (q-1)`.
    #[must_use]
    pub const fn dq(&self) -> &SecretBytes {
        &self.dq
    }

    /// `q⁻¹ mod p`.
    #[must_use]
    pub const fn qi(&self) -> &SecretBytes {
        &self.qi
    }
}

/// A third or further prime: one element of `oth`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RsaOtherPrime {
    pub(crate) r: SecretBytes,
    pub(crate) d: SecretBytes,
    pub(crate) t: SecretBytes,
}
