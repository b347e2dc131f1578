use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use clap::Args;
use serde::Serialize;

use bulla::jwa::{
    ContentEncryptionAlg, KeyManagementAlg, KeyManagementScheme, SignatureScheme, Status,
};

use crate::algorithm::Algorithm;
use crate::args::Globals;
use crate::error::Failure;
use crate::exit::after_help;
use crate::output;

/// List every algorithm: name, kind, key types, RFC, status
#[derive(Args, Debug)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Alg {}

impl Alg {
    pub(crate) fn run(self, globals: &Globals) -> Result<(), Failure> {
        let rows: Vec<Row> = Algorithm::all()
            .map(Row::new)
            .chain(
                KeyManagementAlg::table()
                    .iter()
                    .map(|row| Row::of_key_management(row.alg)),
            )
            .chain(
                ContentEncryptionAlg::table()
                    .iter()
                    .map(|row| Row::of_content(row.alg)),
            )
            .collect();
        if globals.json {
            return output::json(&Table { algorithms: rows });
        }
        let bold = Style::new().bold();
        let mut out = format!(
            "{bold}{:<19}{:<10}{:<24}{:<16}{}{bold:#}\n",
            "NAME", "KIND", "KEY", "RFC", "STATUS"
        );
        for row in rows {
            let style = Style::new().fg_color(Some(row.color.into()));
            // Writing to a string cannot fail.
            let _ = writeln!(
                out,
                "{:<19}{:<10}{:<24}{:<16}{style}{}{style:#}",
                row.name,
                row.kind,
                row.key.join(", "),
                row.rfc,
                row.status
            );
        }
        output::styled(&out)
    }
}

#[derive(Serialize)]
struct Table {
    algorithms: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    name: &'static str,
    /// `signature`, `mac`, `key` (management) or `content` (encryption)
    kind: &'static str,
    /// What keys it takes, each as type, curve and least size.
    key: Vec<String>,
    key_types: Vec<&'static str>,
    rfc: &'static str,
    status: String,
    #[serde(skip)]
    color: AnsiColor,
}

impl Row {
    fn new(alg: Algorithm) -> Self {
        let (kind, kty, key) = match alg {
            Algorithm::Mac(mac) => {
                let bits = mac.facts().hash.len() * 8;
                ("mac", "oct", vec![format!("oct, {bits} bits or more")])
            }
            Algorithm::Signature(signature) => {
                let (kty, key) = key_of(signature.facts().scheme, alg.name());
                ("signature", kty, key)
            }
        };
        Self::with(alg.name(), kind, vec![kty], key, alg.rfc(), alg.status())
    }

    fn of_key_management(alg: KeyManagementAlg) -> Self {
        let facts = alg.facts();
        let oct = |bits: usize| (vec!["oct"], vec![format!("oct, {bits} bits")]);
        let (kty, key) = match facts.scheme {
            KeyManagementScheme::Direct => (vec!["oct"], vec!["oct, as enc wants".to_owned()]),
            KeyManagementScheme::AesKw { key_len } | KeyManagementScheme::AesGcmKw { key_len } => {
                oct(key_len * 8)
            }
            KeyManagementScheme::EcdhEs { .. } => (
                vec!["EC", "OKP"],
                vec!["EC P-*".to_owned(), "OKP X*".to_owned()],
            ),
            KeyManagementScheme::Pbes2 { .. } => (vec!["oct"], vec!["a password".to_owned()]),
            _ => (vec!["RSA"], vec!["RSA, 2048 bits or more".to_owned()]),
        };
        Self::with(
            facts.name.as_str(),
            "key",
            kty,
            key,
            facts.rfc,
            facts.status,
        )
    }

    fn of_content(alg: ContentEncryptionAlg) -> Self {
        let facts = alg.facts();
        let key = vec![format!("oct, {} bits", facts.key_len * 8)];
        Self::with(
            facts.name.as_str(),
            "content",
            vec!["oct"],
            key,
            facts.rfc,
            facts.status,
        )
    }

    fn with(
        name: &'static str,
        kind: &'static str,
        key_types: Vec<&'static str>,
        key: Vec<String>,
        rfc: &'static str,
        status: Status,
    ) -> Self {
        Self {
            name,
            kind,
            key,
            key_types,
            rfc,
            status: status.to_string(),
            color: match status {
                Status::Recommended => AnsiColor::Green,
                Status::Legacy => AnsiColor::Red,
                _ => AnsiColor::Yellow,
            },
        }
    }
}

fn key_of(scheme: SignatureScheme, name: &str) -> (&'static str, Vec<String>) {
    match scheme {
        SignatureScheme::Ecdsa(curve, _) => ("EC", vec![format!("EC {curve}")]),
        SignatureScheme::EdDsa(curves) => (
            "OKP",
            curves.iter().map(|curve| format!("OKP {curve}")).collect(),
        ),
        SignatureScheme::MlDsa(_) => ("AKP", vec![format!("AKP {name}")]),
        _ => ("RSA", vec!["RSA, 2048 bits or more".to_owned()]),
    }
}

const AFTER_HELP: &str = after_help!(
    "\
`none` is not in the list: there is no way to sign or verify with it.

Examples:
  bulla alg
  bulla alg --json | jq -r '.algorithms[].name'"
);
