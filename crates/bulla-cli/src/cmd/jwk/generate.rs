use std::path::PathBuf;

use clap::{Args, ValueEnum};
use zeroize::Zeroizing;

use bulla::jwa::{HashAlg, SignatureAlg, SignatureScheme};
use bulla::jwk::{EcCurve, Jwk, JwkSet, KeyError, OkpCurve, PublicKeyUse, SecretJwk};
use bulla::key::KeySpec;

use crate::algorithm::Algorithm;
use crate::args::Globals;
use crate::error::Failure;
use crate::exit::after_help;
use crate::output::{self, Secrecy};
use crate::progress;

/// Make a key.
///
/// The private key goes to standard output, or with --out to a file that its owner alone can read. A key
/// made for an algorithm records it in `alg`. RSA keys have 3072 bits unless --size says otherwise.
#[derive(Args, Debug)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Generate {
    /// The algorithm the key is for, recorded in it
    #[arg(long, required_unless_present = "kty")]
    alg: Option<Algorithm>,
    /// The type of the key, instead of an algorithm
    #[arg(long)]
    kty: Option<KeyType>,
    /// The curve (EC, OKP)
    #[arg(long, value_name = "C")]
    crv: Option<Curve>,
    /// Bits of the key (RSA, oct)
    #[arg(long, value_name = "BITS")]
    size: Option<usize>,
    /// The `kid`: a name, or `thumbprint` for the key's own (RFC 7638)
    #[arg(long, value_name = "ID|thumbprint")]
    kid: Option<String>,
    /// What the key is for
    #[arg(long = "use", value_name = "USE")]
    key_use: Option<Use>,
    /// Write the private key to this file, mode 0600
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Write the public key to this file
    #[arg(long, value_name = "FILE")]
    public_out: Option<PathBuf>,
    /// Make a JWK Set of one key
    #[arg(long)]
    set: bool,
    /// Overwrite files
    #[arg(long)]
    force: bool,
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

/// The values of `use`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Use {
    Sig,
    Enc,
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

/// What to make.
enum Plan {
    Pair(KeySpec),
    Secret { bits: usize },
}

impl Generate {
    pub(crate) fn run(self, globals: &Globals) -> Result<(), Failure> {
        let plan = self.plan()?;
        if self.key_use == Some(Use::Enc) && self.alg.is_some() {
            return Err(contradiction("--use enc", "an algorithm that signs"));
        }
        if self.out.is_some() && self.out == self.public_out {
            return Err(contradiction("--out", "the same --public-out"));
        }
        if let (Plan::Secret { .. }, Some(_)) = (&plan, &self.public_out) {
            return Err(contradiction(
                "--public-out",
                "a symmetric key, which has no public half",
            ));
        }
        for path in self.out.iter().chain(&self.public_out) {
            output::check_free(path, self.force)?;
        }

        let mut key = make(&plan)?;
        let kid = match self.kid.as_deref() {
            Some("thumbprint") => Some(key.thumbprint(HashAlg::Sha256)),
            other => other.map(str::to_owned),
        };
        let members = key.members_mut();
        members.kid = kid;
        members.alg = self.alg.map(|alg| bulla::jwa::AlgName::new(alg.name()));
        members.key_use = self.key_use.map(|key_use| match key_use {
            Use::Sig => PublicKeyUse::Signature,
            Use::Enc => PublicKeyUse::Encryption,
        });
        self.write(&key, globals)
    }

    /// The type, curve and size that the flags ask for together; the algorithm decides, `--kty` may only agree.
    fn plan(&self) -> Result<Plan, Failure> {
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

    fn write(&self, key: &Jwk, globals: &Globals) -> Result<(), Failure> {
        if let (Some(path), Some(public)) = (&self.public_out, super::public::half(key)) {
            let text = match self.set {
                true => JwkSet::new([public]).to_json(),
                false => Zeroizing::new(public.to_json()),
            };
            output::file(
                path,
                format!("{}\n", *text).as_bytes(),
                Secrecy::Public,
                self.force,
            )?;
        }
        let text = match self.set {
            true => JwkSet::new([key.clone()]).to_json(),
            false => key.to_json(),
        };
        let Some(path) = &self.out else {
            return output::line(&text);
        };
        let octets = Zeroizing::new(format!("{}\n", *text));
        output::file(path, octets.as_bytes(), Secrecy::Private, self.force)?;
        if globals.json {
            let name = |path: &PathBuf| path.display().to_string();
            output::json(&serde_json::json!({
                "kid": key.members().kid,
                "thumbprint": key.thumbprint(HashAlg::Sha256),
                "out": name(path),
                "public_out": self.public_out.as_ref().map(name),
            }))?;
        }
        Ok(())
    }
}

fn make(plan: &Plan) -> Result<Jwk, Failure> {
    match *plan {
        Plan::Pair(spec) => {
            let make = || bulla::generate_spec(spec);
            let pair = match spec {
                KeySpec::Rsa { bits } => {
                    progress::while_doing(&format!("making an RSA key of {bits} bits"), make)
                }
                _ => make(),
            };
            Ok(Jwk::Private(pair?))
        }
        Plan::Secret { bits } => {
            let mut octets = vec![0; bits / 8];
            bulla::backend()
                .random(&mut octets)
                .map_err(|_| KeyError::Backend)?;
            Ok(Jwk::Secret(SecretJwk::new(octets)))
        }
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

fn contradiction(flag: &str, with: &str) -> Failure {
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

const AFTER_HELP: &str = after_help!(
    "\
Examples:
  bulla jwk generate --alg ES256 --kid a --out key.jwk --public-out public.jwk
  bulla jwk generate --alg HS256 --kid thumbprint > secret.jwk
  bulla jwk generate --kty RSA --size 4096 --use sig --set --out keys.jwks"
);
