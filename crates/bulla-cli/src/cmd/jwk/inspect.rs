use std::fmt::Write as _;
use std::time::SystemTime;

use clap::Args;
use serde::Serialize;
use serde_json::Value;

use bulla::jwa::HashAlg;
use bulla::jwk::{Jwk, PublicKey, PublicKeyUse};

use super::certificates::CertificateReport;
use crate::algorithm::Algorithm;
use crate::args::Globals;
use crate::error::{Failure, one_line};
use crate::exit::after_help;
use crate::input;
use crate::keyref::KeyRef;
use crate::keys::{self, Loaded, PasswordArgs};
use crate::output;

/// Show what a key is and what it can be used for; never its private members.
///
/// Of its certificates, what stands in them and who signed which; not whether they are to be trusted.
#[derive(Args, Debug)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Inspect {
    /// The key, or a set of keys
    #[arg(value_name = "KEYREF")]
    key: String,
    #[command(flatten)]
    password: PasswordArgs,
}

impl Inspect {
    pub(crate) fn run(self, globals: &Globals) -> Result<(), Failure> {
        let keyref = KeyRef::parse(&self.key)?;
        input::stdin_once([("KEYREF", keyref.is_stdin()), self.password.stdin()])?;
        match keys::load(&keyref, self.password.read()?.as_ref())? {
            Loaded::Key(key) => {
                let report = Report::new(&key);
                match globals.json {
                    true => output::json(&report),
                    false => output::bytes(report.to_string().as_bytes()),
                }
            }
            Loaded::Set(set) => {
                let keys: Vec<Report> = set.keys().iter().map(Report::new).collect();
                let rejected: Vec<Rejected> = set
                    .rejected()
                    .iter()
                    .map(|key| Rejected {
                        index: key.index,
                        kid: key.kid.clone(),
                        code: key.error.code(),
                        why: key.error.to_string(),
                    })
                    .collect();
                if globals.json {
                    return output::json(&SetReport { keys, rejected });
                }
                let mut out = String::new();
                for report in keys {
                    // Writing to a string cannot fail.
                    let _ = writeln!(out, "{report}");
                }
                for Rejected {
                    index,
                    kid,
                    code,
                    why,
                } in rejected
                {
                    let kid = kid.map_or_else(String::new, |kid| format!(" {kid:?}"));
                    let _ = writeln!(
                        out,
                        "not usable: key {index}{kid}: {} ({code})",
                        one_line(&why)
                    );
                }
                output::bytes(out.trim_end().as_bytes())?;
                output::line("")
            }
        }
    }
}

/// A key without its secrets.
#[derive(Serialize)]
struct Report {
    /// public, private or secret
    kind: &'static str,
    kty: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    crv: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bits: Option<usize>,
    kid: Option<String>,
    alg: Option<String>,
    #[serde(rename = "use")]
    key_use: Option<String>,
    key_ops: Option<Vec<String>>,
    thumbprint: String,
    /// What it can be bound to.
    algorithms: Vec<&'static str>,
    /// Why it can be bound to nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    unusable: Option<String>,
    /// Of `x5c`: what stands in them and who signed which. Not whether they are to be trusted.
    #[serde(skip_serializing_if = "Option::is_none")]
    certificates: Option<Vec<CertificateReport>>,
    /// The public half.
    #[serde(skip_serializing_if = "Option::is_none")]
    public: Option<Value>,
}

#[derive(Serialize)]
struct SetReport {
    keys: Vec<Report>,
    rejected: Vec<Rejected>,
}

#[derive(Serialize)]
struct Rejected {
    index: usize,
    kid: Option<String>,
    code: &'static str,
    why: String,
}

impl Report {
    fn new(key: &Jwk) -> Self {
        let members = key.members();
        let public = super::public::half(key);
        let (kty, crv, bits) = match (key, public.as_ref().map(|public| public.key())) {
            (Jwk::Secret(key), _) => ("oct", None, Some(key.k().len() * 8)),
            (_, Some(PublicKey::Ec(key))) => ("EC", Some(key.curve().name()), None),
            (_, Some(PublicKey::Okp(key))) => ("OKP", Some(key.curve().name()), None),
            (_, Some(PublicKey::Rsa(key))) => ("RSA", None, Some(key.bits())),
            _ => ("AKP", None, None),
        };
        let (algorithms, unusable) = algorithms(key);
        Self {
            kind: match key {
                Jwk::Public(_) => "public",
                Jwk::Private(_) => "private",
                _ => "secret",
            },
            kty,
            crv,
            bits,
            kid: members.kid.clone(),
            alg: members.alg.as_ref().map(ToString::to_string),
            key_use: members
                .key_use
                .as_ref()
                .map(PublicKeyUse::as_str)
                .map(str::to_owned),
            key_ops: members
                .key_ops
                .as_ref()
                .map(|operations| operations.iter().map(ToString::to_string).collect()),
            thumbprint: key.thumbprint(HashAlg::Sha256),
            algorithms,
            unusable,
            certificates: members
                .x5c
                .as_ref()
                .map(|chain| CertificateReport::all(chain, SystemTime::now())),
            public: public.map(|public| public.to_value()),
        }
    }
}

impl std::fmt::Display for Report {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut row = |name: &str, value: &str| writeln!(f, "{name:<12}{}", one_line(value));
        let size = match (self.crv, self.bits) {
            (Some(crv), _) => format!(" {crv}"),
            (None, Some(bits)) => format!(", {bits} bits"),
            (None, None) => String::new(),
        };
        row("key", &format!("{} {}{size}", self.kind, self.kty))?;
        let texts = [
            ("kid", &self.kid),
            ("alg", &self.alg),
            ("use", &self.key_use),
        ];
        for (name, value) in texts {
            if let Some(value) = value {
                row(name, value)?;
            }
        }
        if let Some(operations) = &self.key_ops {
            row("key_ops", &operations.join(", "))?;
        }
        row("thumbprint", &self.thumbprint)?;
        match &self.unusable {
            Some(why) => row("fits", &format!("no algorithm here: {why}"))?,
            None => row("fits", &self.algorithms.join(", "))?,
        }
        let certificates = self.certificates.iter().flatten();
        certificates
            .into_iter()
            .try_for_each(|certificate| certificate.fmt(f))
    }
}

/// The algorithms that the key can be bound to, by being bound; or else why there is none.
fn algorithms(key: &Jwk) -> (Vec<&'static str>, Option<String>) {
    let mut names = Vec::new();
    let mut error = None;
    for alg in Algorithm::all() {
        let bound = match (key, alg) {
            (Jwk::Secret(key), Algorithm::Mac(mac)) => bulla::verifier_for(key, mac).map(drop),
            (Jwk::Public(key), Algorithm::Signature(signature)) => {
                bulla::verifier_for(key, signature).map(drop)
            }
            (Jwk::Private(key), Algorithm::Signature(signature)) => {
                bulla::signer_for(key, signature).map(drop)
            }
            _ => continue,
        };
        match bound {
            Ok(()) => names.push(alg.name()),
            // What is wrong with the key says more than that an algorithm is for another type.
            Err(found) if found.code() != "jwk.usage-mismatch" => error = Some(found.to_string()),
            Err(found) => error = error.or(Some(found.to_string())),
        }
    }
    let unusable = if names.is_empty() { error } else { None };
    (names, unusable)
}

const AFTER_HELP: &str = after_help!(
    "\
Examples:
  bulla jwk inspect key.jwk
  bulla jwk inspect server.pem --password-file password.txt
  bulla jwk inspect chain.pem
  bulla jwk inspect keys.jwks --json"
);
