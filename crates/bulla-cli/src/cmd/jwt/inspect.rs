use std::fmt::Write as _;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::Args;
use serde::Serialize;
use serde_json::Value;
use serde_json::value::RawValue;

use bulla::Fault;
use bulla::Header;
use bulla::jws::SignatureEntry;

use crate::args::Globals;
use crate::cmd::{jwe, jws::inspect as jws};
use crate::error::Failure;
use crate::exit::after_help;
use crate::input::Input;
use crate::json::{self, Members};
use crate::output;
use crate::time;

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
        if token.starts_with('{') {
            return Err(Failure::malformed(
                "jws.malformed",
                "a JWT is in the compact form (RFC 7519 §1)",
            )
            .help("`bulla jws inspect` shows the JSON forms"));
        }
        if token.splitn(JWE_PARTS + 1, '.').count() == JWE_PARTS {
            // The claims are encrypted: there is nothing but the header to show.
            return jwe::inspect::show(&token, globals);
        }
        let parsed = jws::parse(&token).map_err(|error| jws::refused(&error))?;
        let payload = parsed
            .dangerous_unverified_payload()
            .map_err(|error| jws::refused(&error))?;
        let payload = payload.unwrap_or_default();
        let (text, claims) = claims(&payload)?;
        let header = parsed
            .signatures()
            .first()
            .map(SignatureEntry::header)
            .ok_or_else(|| Failure::bug("a token without a header"))?;
        if globals.json {
            return output::json(&Report {
                verified: false,
                header,
                claims: text,
            });
        }
        let mut shown = jws::section("header", header)?;
        // Writing to a string cannot fail.
        let _ = writeln!(shown, "claims\n{}", json::pretty(text.get()));
        shown.push_str(&times(&claims, SystemTime::now()));
        output::unverified();
        output::bytes(shown.as_bytes())
    }
}

/// The claims as they came, and as members.
fn claims(payload: &[u8]) -> Result<(&RawValue, Members), Failure> {
    let malformed = |error: &dyn std::fmt::Display| {
        Failure::new(
            "jwt.malformed",
            Fault::Token,
            format_args!("the claims are not one JSON object: {error}"),
        )
    };
    let members = Members::parse(payload).map_err(|error| malformed(&error))?;
    let text = serde_json::from_slice(payload).map_err(|error| malformed(&error))?;
    Ok((text, members))
}

/// The times among the claims, for people.
fn times(claims: &Members, now: SystemTime) -> String {
    let now = now
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default()
        .as_secs_f64();
    let mut out = String::new();
    for name in ["iat", "nbf", "exp"] {
        let found = claims.0.iter().find(|(claim, _)| claim == name);
        let Some(seconds) = found.and_then(|(_, value)| Value::as_f64(value)) else {
            continue;
        };
        if let Some(text) = time::rfc3339(seconds) {
            let away = (seconds - now).abs().round();
            // Both are within the years 1970 to 9999.
            let away = time::humane(away as u64);
            let when = if seconds > now {
                format!("in {away}")
            } else {
                format!("{away} ago")
            };
            // Writing to a string cannot fail.
            let _ = writeln!(out, "{name}  {text}, {when}");
        }
    }
    if out.is_empty() {
        out
    } else {
        format!("\n{out}")
    }
}

/// What `--json` prints.
#[derive(Serialize)]
struct Report<'a> {
    verified: bool,
    header: &'a Header,
    claims: &'a RawValue,
}

/// header, encrypted key, initialization vector, ciphertext, tag
const JWE_PARTS: usize = 5;

const AFTER_HELP: &str = after_help!(
    "\
Examples:
  bulla jwt inspect token.jwt
  bulla jwt inspect --json < token.jwt | jq .claims.exp"
);
