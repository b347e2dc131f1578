//! What key to make: the type, curve and size that flags ask for together.

use clap::{Args, ValueEnum};

use bulla::jwa::{KeyManagementScheme, SignatureScheme};
use bulla::jwk::{EcCurve, KeyError, OkpCurve};
use bulla::key::KeySpec;

use crate::algorithm::{Algorithm, AnyAlgorithm, LegacyArgs};
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
    pub(super) alg: Option<AnyAlgorithm>,
    /// The type of the key, instead of an algorithm
    #[arg(long)]
    kty: Option<KeyType>,
    /// The curve (EC, OKP)
    #[arg(long, value_name = "C")]
    crv: Option<Curve>,
    /// Bits of the key (RSA, oct)
    #[arg(long, value_name = "BITS")]
    size: Option<usize>,
    #[command(flatten)]
    legacy: LegacyArgs,
}

impl PlanArgs {
    /// The type, curve and size that the flags ask for together; the algorithm decides, `--kty` may only agree.
    pub(super) fn plan(&self) -> Result<Plan, Failure> {
        if let Some(AnyAlgorithm::KeyManagement(alg)) = self.alg {
            self.legacy.check(alg)?;
        }
        let kty = match (self.kty, self.alg) {
            (Some(kty), Some(alg)) if !key_types(alg).contains(&kty) => {
                return Err(contradiction(
                    "--kty",
                    &format!("--alg {alg}, which takes another type"),
                ));
            }
            (Some(kty), _) => kty,
            (None, Some(alg)) => match (key_types(alg), self.crv) {
                ([only], _) => *only,
                // ECDH-ES takes either type that has curves; the curve tells which.
                (_, Some(Curve::Okp(_))) => KeyType::Okp,
                (_, _) => KeyType::Ec,
            },
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
        if let Some(exact) = self.exact_secret_bits()? {
            return match self.size {
                Some(bits) if bits != exact => Err(contradiction(
                    "--size",
                    &format!("an algorithm whose keys have {exact} bits"),
                )),
                _ => Ok(Plan::Secret { bits: exact }),
            };
        }
        let required = match self.alg {
            Some(AnyAlgorithm::Signing(Algorithm::Mac(alg))) => alg.facts().hash.len() * 8,
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

    /// How long the key must be, where the algorithm wants it exactly.
    fn exact_secret_bits(&self) -> Result<Option<usize>, Failure> {
        match self.alg {
            Some(AnyAlgorithm::ContentEncryption(enc)) => Ok(Some(enc.facts().key_len * 8)),
            Some(AnyAlgorithm::KeyManagement(alg)) => match alg.facts().scheme {
                KeyManagementScheme::AesKw { key_len }
                | KeyManagementScheme::AesGcmKw { key_len } => Ok(Some(key_len * 8)),
                KeyManagementScheme::Direct => Err(Failure::usage(
                    "a key for dir is as long as the content encryption wants",
                    "name that one instead: --alg A256GCM makes a key for dir with A256GCM",
                )),
                _ => Err(Failure::usage(
                    format_args!("{alg} takes a password, not a key"),
                    "use it with --password-file",
                )),
            },
            _ => Ok(None),
        }
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
        let agrees = matches!(self.alg, Some(AnyAlgorithm::KeyManagement(_)));
        let fits = |curve: &Curve| match (self.scheme(), curve) {
            (None, Curve::Ec(EcCurve::Secp256k1)) if agrees => false,
            (None, Curve::Okp(curve)) if agrees => {
                kty == KeyType::Okp && matches!(curve, OkpCurve::X25519 | OkpCurve::X448)
            }
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
            // P-256 stands first, and Ed25519 or X25519.
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
            Some(AnyAlgorithm::Signing(Algorithm::Signature(alg))) => Some(alg.facts().scheme),
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

/// The types that an algorithm takes.
fn key_types(alg: AnyAlgorithm) -> &'static [KeyType] {
    match alg {
        AnyAlgorithm::Signing(Algorithm::Mac(_)) | AnyAlgorithm::ContentEncryption(_) => {
            &[KeyType::Oct]
        }
        AnyAlgorithm::Signing(Algorithm::Signature(alg)) => match alg.facts().scheme {
            SignatureScheme::Ecdsa(..) => &[KeyType::Ec],
            SignatureScheme::EdDsa(_) => &[KeyType::Okp],
            SignatureScheme::MlDsa(_) => &[KeyType::Akp],
            _ => &[KeyType::Rsa],
        },
        AnyAlgorithm::KeyManagement(alg) => match alg.facts().scheme {
            KeyManagementScheme::EcdhEs { .. } => &[KeyType::Ec, KeyType::Okp],
            KeyManagementScheme::RsaOaep(_) | KeyManagementScheme::RsaPkcs1 => &[KeyType::Rsa],
            _ => &[KeyType::Oct],
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
