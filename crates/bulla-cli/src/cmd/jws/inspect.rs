use std::fmt::Write as _;

use clap::Args;
use serde::Serialize;

use bulla::Header;
use bulla::base64url;
use bulla::jws::{Jws, Policy, Serialization, SignatureEntry, Unverified, VerifyError};

use super::verify;
use crate::args::Globals;
use crate::error::{Failure, one_line};
use crate::exit::after_help;
use crate::input::Input;
use crate::json;
use crate::output;
use crate::report::Octets;

/// Show a token without verifying it.
///
/// Nothing that is shown may be relied on: anybody can write such a token.
#[derive(Args, Debug)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Inspect {
    /// The token: a file, - for standard input, or the token itself [default: -]
    input: Option<String>,
}

impl Inspect {
    pub(crate) fn run(self, globals: &Globals) -> Result<(), Failure> {
        let token = Input::token(self.input.as_deref()).read_token()?;
        let jws = parse(&token).map_err(|error| refused(&error))?;
        let payload = jws
            .dangerous_unverified_payload()
            .map_err(|error| refused(&error))?;
        if globals.json {
            return output::json(&Report::new(&jws, payload.as_deref()));
        }
        let shown = show(&jws, payload.as_deref())?;
        output::unverified();
        output::bytes(shown.as_bytes())
    }
}

/// Reads a token in any form, whatever `crit` names: showing is not understanding.
pub(in crate::cmd) fn parse(token: &str) -> Result<Jws<'_, Unverified>, VerifyError> {
    let mut policy = Policy::new();
    for _ in 0..MOST_CRITICAL {
        match verify::parse(token, policy.clone()) {
            Err(VerifyError::CriticalUnknown { name }) => policy = policy.understood(name),
            outcome => return outcome,
        }
    }
    verify::parse(token, policy)
}

pub(in crate::cmd) fn refused(error: &VerifyError) -> Failure {
    Failure::new(error.code(), error.fault(), error)
}

fn show(jws: &Jws<'_, Unverified>, payload: Option<&[u8]>) -> Result<String, Failure> {
    let mut out = String::new();
    let several = jws.signatures().len() > 1;
    for (index, entry) in jws.signatures().iter().enumerate() {
        let number = if several {
            format!(" {}", index + 1)
        } else {
            String::new()
        };
        out.push_str(&section(
            &format!("protected header{number}"),
            entry.protected(),
        )?);
        if let Some(unprotected) = entry.unprotected() {
            out.push_str(&section(
                &format!("unprotected header{number}"),
                unprotected,
            )?);
        }
    }
    match payload.map(|octets| (octets, std::str::from_utf8(octets))) {
        None => out.push_str("payload: none here (detached, or empty)\n"),
        Some((octets, Ok(text))) => {
            let text: Vec<String> = text.lines().map(one_line).collect();
            // Writing to a string cannot fail.
            let _ = writeln!(out, "payload, {} octets\n{}", octets.len(), text.join("\n"));
        }
        Some((octets, Err(_))) => {
            let text = base64url::encode(octets);
            let _ = writeln!(
                out,
                "payload, {} octets, not text; base64url:\n{text}",
                octets.len()
            );
        }
    }
    Ok(out)
}

/// A header under its name.
pub(in crate::cmd) fn section(name: &str, header: &Header) -> Result<String, Failure> {
    let text = serde_json::to_string(header).map_err(Failure::bug)?;
    Ok(format!("{name}\n{}\n\n", json::pretty(&text)))
}

/// What `--json` prints.
#[derive(Serialize)]
struct Report<'a> {
    verified: bool,
    format: &'static str,
    /// Of the first signature, protected and unprotected together.
    header: Option<&'a Header>,
    signatures: Vec<EntryReport<'a>>,
    detached: bool,
    #[serde(flatten)]
    payload: Option<Octets<'a>>,
}

#[derive(Serialize)]
struct EntryReport<'a> {
    protected: &'a Header,
    #[serde(skip_serializing_if = "Option::is_none")]
    unprotected: Option<&'a Header>,
}

impl<'a> Report<'a> {
    fn new(jws: &'a Jws<'_, Unverified>, payload: Option<&'a [u8]>) -> Self {
        Self {
            verified: false,
            format: match jws.serialization() {
                Serialization::Compact => "compact",
                Serialization::Flattened => "flattened",
                _ => "general",
            },
            header: jws.signatures().first().map(SignatureEntry::header),
            signatures: jws
                .signatures()
                .iter()
                .map(|entry| EntryReport {
                    protected: entry.protected(),
                    unprotected: entry.unprotected(),
                })
                .collect(),
            detached: jws.is_detached(),
            payload: payload.map(Octets::from),
        }
    }
}

/// More critical parameters than anybody has.
const MOST_CRITICAL: usize = 64;

const AFTER_HELP: &str = after_help!(
    "\
Examples:
  bulla jws inspect message.jws
  bulla jws inspect --json < message.jws"
);
