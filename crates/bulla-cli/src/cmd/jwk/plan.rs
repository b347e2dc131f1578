//! What key to make: the type, curve and size that flags ask for together.

use clap::{Args, ValueEnum};

use bulla::jwa::{SignatureAlg, SignatureScheme};
use bulla::jwk::{EcCurve, KeyError, OkpCurve};
use bulla::key::KeySpec;

use crate::algorithm::Algorithm;
use crate::error::Failure;

/// What to make.
#[derive(Clone, Copy, Debug)]
pub(super) enum Plan {
    Pair(KeySpec),
    Secret { bits: usize },
}

/// The flags that decide it.
#[derive(Args, Clone, Debug)]
pub(super) struct PlanArgs {
    /// The algorithm the key is for, recorded in it
    #[arg(long, required_unless_present = "kty")]
    pub(super) alg: Option<Algorithm>,
    /// The type of the key, instead of an algorithm
    #[arg(long)]
    kty: Option<KeyType>,
    /// The curve (EC, OKP)
    #[arg(long, value_name = "C")]
    crv: Option<Curve>,
    /// Bits of the key (RSA, oct)
    #[arg(long, value_name = "BITS")]
    size: Option<usize>,
}

impl PlanArgs {
    /// The type, curve and size that the flags ask for together; the algorithm decides, `--kty` may only agree.
    pub(super) fn plan(&self) -> Result<Plan, Failure> {
        let kty = match (self.kty, self.alg) {
            (Some(kty), Some(alg)) if kty != key_type(alg) => {
                return Err(contradiction(
                    "--kty",
                    &format!("--alg {alg}, which takes another type"),
                ));
            }
            (Some(kty), _) => kty,
            (None, Some(alg)) => key_type(alg),
            (None, None) => return Err(Failure::bug("neither --alg nor --kty")),
        };
        if self.size.is_some() && !matches!(kty, KeyType::Rsa | KeyType::Oct) {
            return Err(contradiction(
                "--size",
                "a type whose curve or algorithm fixes it",
            ));
        }
        if self.crv.is_some() && !matches!(kty, KeyType::Ec | KeyType::Okp) {
            return Err(contradiction("--crv", "a type that has no curves"));
        }
        match kty {
            KeyType::Oct => self.secret(),
            KeyType::Rsa => self.rsa(),
            KeyType::Ec | KeyType::Okp => self.curve(kty),
            KeyType::Akp => match self.scheme() {
                Some(SignatureScheme::MlDsa(parameters)) => {
                    Ok(Plan::Pair(KeySpec::MlDsa(parameters)))
                }
                _ => Err(Failure::usage(
                    "an AKP key is for one algorithm",
                    "name it with --alg: ML-DSA-44, ML-DSA-65 or ML-DSA-87",
                )),
            },
        }
    }

    fn secret(&self) -> Result<Plan, Failure> {
        let required = match self.alg {
            Some(Algorithm::Mac(alg)) => alg.facts().hash.len() * 8,
            _ => 0,
        };
        let bits = self
            .size
            .unwrap_or(if required == 0 { 256 } else { required });
        if bits == 0 || !bits.is_multiple_of(8) || bits > MOST_SECRET_BITS {
            return Err(Failure::usage(
                format_args!(
                    "--size {bits}: not a number of octets between 8 and {MOST_SECRET_BITS} bits"
                ),
                "256 bits serve every purpose, 512 are as long as any hash",
            ));
        }
        if bits < required {
            return Err(KeyError::TooWeak { bits, required }.into());
        }
        Ok(Plan::Secret { bits })
    }

    fn rsa(&self) -> Result<Plan, Failure> {
        let bits = self.size.unwrap_or(RSA_BITS);
        if bits < RSA_LEAST_BITS {
            return Err(KeyError::TooWeak {
                bits,
                required: RSA_LEAST_BITS,
            }
            .into());
        }
        Ok(Plan::Pair(KeySpec::Rsa { bits }))
    }

    fn curve(&self, kty: KeyType) -> Result<Plan, Failure> {
        let fits = |curve: &Curve| match (self.scheme(), curve) {
            (None, Curve::Ec(_)) => kty == KeyType::Ec,
            (None, Curve::Okp(_)) => kty == KeyType::Okp,
            (Some(SignatureScheme::Ecdsa(own, _)), Curve::Ec(curve)) => own == *curve,
            (Some(SignatureScheme::EdDsa(own)), Curve::Okp(curve)) => own.contains(curve),
            _ => false,
        };
        let all = || {
            let ec = EcCurve::ALL.iter().copied().map(Curve::Ec);
            ec.chain(OkpCurve::ALL.iter().copied().map(Curve::Okp))
        };
        let curve = match self.crv {
            Some(curve) if fits(&curve) => curve,
            Some(_) => {
                return Err(contradiction(
                    "--crv",
                    "a type or algorithm that has other curves",
                ));
            }
            // P-256 and Ed25519 stand first.
            None => all()
                .find(|curve| fits(curve))
                .ok_or_else(|| Failure::bug("no curve fits"))?,
        };
        Ok(Plan::Pair(match curve {
            Curve::Ec(curve) => KeySpec::Ec(curve),
            Curve::Okp(curve) => KeySpec::Okp(curve),
        }))
    }

    fn scheme(&self) -> Option<SignatureScheme> {
        match self.alg {
            Some(Algorithm::Signature(alg)) => Some(alg.facts().scheme),
            _ => None,
        }
    }
}

/// The values of `kty`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum KeyType {
    #[value(name = "oct")]
    Oct,
    #[value(name = "RSA")]
    Rsa,
    #[value(name = "EC")]
    Ec,
    #[value(name = "OKP")]
    Okp,
    #[value(name = "AKP")]
    Akp,
}

/// The values of `crv`, of either key type that has curves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Curve {
    Ec(EcCurve),
    Okp(OkpCurve),
}

impl std::str::FromStr for Curve {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let ec = EcCurve::from_name(text).map(Self::Ec);
        ec.or_else(|| OkpCurve::from_name(text).map(Self::Okp))
            .ok_or_else(|| {
                let names = EcCurve::ALL.iter().map(|curve| curve.name());
                let names: Vec<&str> = names
                    .chain(OkpCurve::ALL.iter().map(|curve| curve.name()))
                    .collect();
                format!("unknown; the curves are {}", names.join(", "))
            })
    }
}

fn key_type(alg: Algorithm) -> KeyType {
    match alg {
        Algorithm::Mac(_) => KeyType::Oct,
        Algorithm::Signature(alg) => match SignatureAlg::facts(alg).scheme {
            SignatureScheme::Ecdsa(..) => KeyType::Ec,
            SignatureScheme::EdDsa(_) => KeyType::Okp,
            SignatureScheme::MlDsa(_) => KeyType::Akp,
            _ => KeyType::Rsa,
        },
    }
}

pub(super) fn contradiction(flag: &str, with: &str) -> Failure {
    Failure::usage(
        format_args!("{flag} does not go with {with}"),
        "leave one of them out; `bulla alg` shows which key an algorithm takes",
    )
}

/// As strong as P-256 (NIST SP 800-57, part 1, table 2).
const RSA_BITS: usize = 3072;
/// RFC 7518 §3.3
const RSA_LEAST_BITS: usize = 2048;
const MOST_SECRET_BITS: usize = 65_536;
