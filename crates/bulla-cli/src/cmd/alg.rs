use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use clap::Args;
use serde::Serialize;

use bulla::jwa::{SignatureScheme, Status};

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
        let rows: Vec<Row> = Algorithm::all().map(Row::new).collect();
        if globals.json {
            return output::json(&Table { algorithms: rows });
        }
        let bold = Style::new().bold();
        let mut out = format!(
            "{bold}{:<11}{:<11}{:<29}{:<15}{}{bold:#}\n",
            "NAME", "KIND", "KEY", "RFC", "STATUS"
        );
        for row in rows {
            let style = Style::new().fg_color(Some(row.color.into()));
            // Writing to a string cannot fail.
            let _ = writeln!(
                out,
                "{:<11}{:<11}{:<29}{:<15}{style}{}{style:#}",
                row.name,
                row.kind,
                row.key.join(" or "),
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
    /// `signature` or `mac`
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
        let status = alg.status();
        Self {
            name: alg.name(),
            kind,
            key,
            key_types: vec![kty],
            rfc: alg.rfc(),
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
