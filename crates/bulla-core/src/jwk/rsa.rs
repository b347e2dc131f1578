//! `kty: RSA` (RFC 7518 §6.3).

use super::parse::Material;
use super::print::{Field, Fields};
use super::raw::{Name, Raw, integer};
use super::{KeyError, PrivateKey, PublicKey};
use crate::secret::SecretBytes;

/// A modulus and a public exponent, both big-endian without leading zero octets.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RsaPublicKey {
    pub(crate) n: Box<[u8]>,
    pub(crate) e: Box<[u8]>,
}

impl RsaPublicKey {
    /// A modulus and a public exponent, both big-endian. Leading zero octets, which vaults and DER put there,
    /// are dropped; in a JWK they are refused (RFC 7518 §2, `Base64urlUInt`).
    ///
    /// ```
    /// use bulla_core::jwk::RsaPublicKey;
    /// let key = RsaPublicKey::new(&[0, 0xc0, 0, 1][..], &[1, 0, 1][..])?;
    /// assert_eq!((key.n(), key.bits()), (&[0xc0, 0, 1][..], 24));
    /// # Ok::<(), bulla_core::jwk::KeyError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`KeyError::Malformed`] where either is zero or empty, or the exponent longer than the modulus. Length and parity
    /// are checked when the key is bound.
    pub fn new(n: impl Into<Box<[u8]>>, e: impl Into<Box<[u8]>>) -> Result<Self, KeyError> {
        let n = positive("n", n.into())?;
        let e = positive("e", e.into())?;
        check_within(&n, "e", &e)?;
        Ok(Self { n, e })
    }

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

    /// Whether the key is one to sign or verify with: at least 2048 bits (RFC 7518 §3.3), counted exactly and not
    /// rounded to octets; at most 8192, more is only work for us; modulus odd; exponent odd, at least 3 and at
    /// most 64 bits long.
    ///
    /// # Errors
    ///
    /// [`KeyError::TooWeak`], [`KeyError::Unsupported`] or [`KeyError::Malformed`], in this order.
    pub fn check_strength(&self) -> Result<(), KeyError> {
        const LEAST: usize = 2048;
        const EXPONENT_OCTETS: usize = 8;
        let is_even = |number: &[u8]| number.last().is_none_or(|octet| octet % 2 == 0);
        if self.bits() < LEAST {
            return Err(KeyError::TooWeak {
                bits: self.bits(),
                required: LEAST,
            });
        }
        self.check_not_too_long()?;
        if is_even(&self.n) {
            return Err(KeyError::malformed(
                "n",
                "is even, so it is not a product of odd primes",
            ));
        }
        if is_even(&self.e) || *self.e == [1] {
            return Err(KeyError::malformed(
                "e",
                "is even or 1, and so no exponent of RSA",
            ));
        }
        if self.e.len() > EXPONENT_OCTETS {
            return Err(KeyError::Unsupported(
                "an RSA exponent of more than 64 bits",
            ));
        }
        Ok(())
    }

    /// Whether it is short enough for anyone to compute with.
    pub(crate) fn check_not_too_long(&self) -> Result<(), KeyError> {
        const MOST: usize = 8192;
        if self.bits() > MOST {
            return Err(KeyError::Unsupported(
                "an RSA modulus of more than 8192 bits",
            ));
        }
        Ok(())
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
    /// Boxed, because most keys that are read are public and should not be moved about with room for it.
    pub(crate) crt: Option<Box<RsaCrt>>,
    pub(crate) oth: Vec<RsaOtherPrime>,
}

impl RsaPrivateKey {
    /// The private exponent with the public half, and the primes where they are known; leading zero octets are
    /// dropped. Whether the parts belong together is checked when the key is bound.
    ///
    /// # Errors
    ///
    /// [`KeyError::Malformed`] where `d` is zero or empty, or a number longer than the modulus.
    pub fn new(
        public: RsaPublicKey,
        d: impl Into<SecretBytes>,
        crt: Option<RsaCrt>,
    ) -> Result<Self, KeyError> {
        let d = positive_secret("d", d.into())?;
        check_within(&public.n, "d", d.expose())?;
        for (member, number) in crt.iter().flat_map(RsaCrt::numbers) {
            check_within(&public.n, member, number.expose())?;
        }
        Ok(Self {
            public,
            d,
            crt: crt.map(Box::new),
            oth: Vec::new(),
        })
    }

    /// Adds third and further primes.
    ///
    /// # Errors
    ///
    /// [`KeyError::Malformed`] where the first two are missing (RFC 7518 §6.3.2), or a number is longer than the modulus.
    pub fn with_other_primes(mut self, oth: Vec<RsaOtherPrime>) -> Result<Self, KeyError> {
        if self.crt.is_none() && !oth.is_empty() {
            return Err(KeyError::malformed(
                "oth",
                "stands without p, q, dp, dq, qi",
            ));
        }
        for prime in &oth {
            for (member, number) in [
                ("oth.r", &prime.r),
                ("oth.d", &prime.d),
                ("oth.t", &prime.t),
            ] {
                check_within(&self.public.n, member, number.expose())?;
            }
        }
        self.oth = oth;
        Ok(self)
    }

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
    pub fn crt(&self) -> Option<&RsaCrt> {
        self.crt.as_deref()
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
    /// The five numbers, big-endian; leading zero octets are dropped.
    ///
    /// # Errors
    ///
    /// [`KeyError::Malformed`] where one is zero or empty.
    pub fn new(
        p: impl Into<SecretBytes>,
        q: impl Into<SecretBytes>,
        dp: impl Into<SecretBytes>,
        dq: impl Into<SecretBytes>,
        qi: impl Into<SecretBytes>,
    ) -> Result<Self, KeyError> {
        Ok(Self {
            p: positive_secret("p", p.into())?,
            q: positive_secret("q", q.into())?,
            dp: positive_secret("dp", dp.into())?,
            dq: positive_secret("dq", dq.into())?,
            qi: positive_secret("qi", qi.into())?,
        })
    }

    fn numbers(&self) -> [(&'static str, &SecretBytes); 5] {
        [
            ("p", &self.p),
            ("q", &self.q),
            ("dp", &self.dp),
            ("dq", &self.dq),
            ("qi", &self.qi),
        ]
    }

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

impl RsaOtherPrime {
    /// The prime, its exponent `d mod (r-1)` and its coefficient; leading zero octets are dropped.
    ///
    /// # Errors
    ///
    /// [`KeyError::Malformed`] where one is zero or empty.
    pub fn new(
        r: impl Into<SecretBytes>,
        d: impl Into<SecretBytes>,
        t: impl Into<SecretBytes>,
    ) -> Result<Self, KeyError> {
        Ok(Self {
            r: positive_secret("oth.r", r.into())?,
            d: positive_secret("oth.d", d.into())?,
            t: positive_secret("oth.t", t.into())?,
        })
    }

    /// The prime.
    #[must_use]
    pub const fn r(&self) -> &SecretBytes {
        &self.r
    }

    /// Its exponent.
    #[must_use]
    pub const fn d(&self) -> &SecretBytes {
        &self.d
    }

    /// Its coefficient.
    #[must_use]
    pub const fn t(&self) -> &SecretBytes {
        &self.t
    }
}

pub(super) fn read(raw: &Raw<'_>) -> Result<Material, KeyError> {
    let public = RsaPublicKey::new(
        raw.required_integer(Name::N)?,
        raw.required_integer(Name::E)?,
    )?;
    let crt_members = [Name::P, Name::Q, Name::Dp, Name::Dq, Name::Qi]
        .iter()
        .filter(|name| raw.has(**name))
        .count();
    if !raw.has(Name::D) {
        if crt_members > 0 || raw.oth.is_some() {
            return Err(KeyError::malformed(
                "d",
                "is missing where primes are present (RFC 7518 §6.3.2)",
            ));
        }
        return Ok(Material::Public(PublicKey::Rsa(public)));
    }
    let crt = match crt_members {
        0 => None,
        5 => Some(RsaCrt::new(
            raw.required_integer(Name::P)?,
            raw.required_integer(Name::Q)?,
            raw.required_integer(Name::Dp)?,
            raw.required_integer(Name::Dq)?,
            raw.required_integer(Name::Qi)?,
        )?),
        _ => {
            return Err(KeyError::malformed(
                "p, q, dp, dq, qi",
                "must be present all together or not at all (RFC 7518 §6.3.2)",
            ));
        }
    };
    let key = RsaPrivateKey::new(public, raw.required_integer(Name::D)?, crt)?;
    let Some(oth) = &raw.oth else {
        return Ok(Material::Private(PrivateKey::Rsa(key)));
    };
    if oth.is_empty() {
        return Err(KeyError::malformed(
            "oth",
            "is empty; a key of two primes must omit it (RFC 7518 §6.3.2.7)",
        ));
    }
    let primes = oth
        .iter()
        .map(|prime| {
            RsaOtherPrime::new(
                integer("oth.r", prime.r.as_deref())?,
                integer("oth.d", prime.d.as_deref())?,
                integer("oth.t", prime.t.as_deref())?,
            )
        })
        .collect::<Result<_, _>>()?;
    Ok(Material::Private(PrivateKey::Rsa(
        key.with_other_primes(primes)?,
    )))
}

impl RsaPublicKey {
    pub(super) fn fields<'a>(&'a self, fields: &mut Fields<'a>) {
        fields.push("kty", Field::Text("RSA"));
        fields.push("n", Field::Octets(&self.n));
        fields.push("e", Field::Octets(&self.e));
    }
}

impl RsaPrivateKey {
    pub(super) fn fields<'a>(&'a self, fields: &mut Fields<'a>) {
        self.public.fields(fields);
        fields.push("d", Field::Octets(self.d.expose()));
        if let Some(crt) = &self.crt {
            fields.push("p", Field::Octets(crt.p.expose()));
            fields.push("q", Field::Octets(crt.q.expose()));
            fields.push("dp", Field::Octets(crt.dp.expose()));
            fields.push("dq", Field::Octets(crt.dq.expose()));
            fields.push("qi", Field::Octets(crt.qi.expose()));
        }
        if !self.oth.is_empty() {
            fields.push("oth", Field::Primes(&self.oth));
        }
    }
}

/// No number of a key is longer than its modulus; what is would only be work for whoever computes with it.
fn check_within(n: &[u8], member: &'static str, number: &[u8]) -> Result<(), KeyError> {
    if number.len() > n.len() {
        return Err(KeyError::malformed(member, "is longer than the modulus"));
    }
    Ok(())
}

const NOT_POSITIVE: &str = "is not a positive number";

fn positive(member: &'static str, octets: Box<[u8]>) -> Result<Box<[u8]>, KeyError> {
    match octets.iter().position(|octet| *octet != 0) {
        Some(0) => Ok(octets),
        Some(first) => Ok(octets.into_iter().skip(first).collect()),
        None => Err(KeyError::malformed(member, NOT_POSITIVE)),
    }
}

fn positive_secret(member: &'static str, octets: SecretBytes) -> Result<SecretBytes, KeyError> {
    match octets.expose().iter().position(|octet| *octet != 0) {
        Some(0) => Ok(octets),
        Some(first) => Ok(octets.expose().get(first..).unwrap_or_default().into()),
        None => Err(KeyError::malformed(member, NOT_POSITIVE)),
    }
}
