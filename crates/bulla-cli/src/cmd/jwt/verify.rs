use std::time::{SystemTime, UNIX_EPOCH};

use clap::Args;
use serde::Serialize;
use serde_json::value::RawValue;

use bulla::Header;
use bulla::jwe::Jwe;
use bulla::jwt::{ClaimError, Expectations, Jwt, VerifyError};

use crate::algorithm::{KeyManagement, LegacyArgs};
use crate::args::Globals;
use crate::error::Failure;
use crate::exit::after_help;
use crate::input::{self, Input};
use crate::keyref::KeyRef;
use crate::keys::{self, DecryptKeys, KeyArgs, VerifyKeys};
use crate::output;
use crate::report::KeyReport;
use crate::time::{self, Span, Time};

/// Verify a token and print its claims, byte for byte as they were signed.
///
/// The signature comes first; then `exp` and `nbf` where the token has them, and everything that is asked
/// for here. What is asked for is required: a token without `iss` does not satisfy --issuer.
#[derive(Args, Debug)]
#[command(
    after_help = AFTER_HELP,
    override_usage = "bulla jwt verify <--key KEYREF..|--jwks REF|--x5c>\n                        <--issuer S|--any-issuer>\n                        <--audience S..|--any-audience> [OPTIONS] [INPUT]"
)]
pub(crate) struct Verify {
    #[command(flatten)]
    keys: KeyArgs,
    /// Who must have issued it (`iss`)
    #[arg(long, value_name = "S", required_unless_present = "any_issuer")]
    issuer: Option<String>,
    /// Whoever issued it
    #[arg(long, conflicts_with = "issuer")]
    any_issuer: bool,
    /// Whom it must be for (`aud`); again for others that will do
    #[arg(long, value_name = "S", required_unless_present = "any_audience")]
    audience: Vec<String>,
    /// Whomever it is for
    #[arg(long, conflicts_with = "audience")]
    any_audience: bool,
    /// Whom it must be about (`sub`)
    #[arg(long, value_name = "S")]
    subject: Option<String>,
    /// What it must be (`typ` of the header); case and `application/` do not matter
    #[arg(long, value_name = "T")]
    typ: Option<String>,
    /// How far clocks may differ: 90s, 5m, 1h30m
    #[arg(
        long,
        value_name = "D",
        default_value = "0s",
        allow_hyphen_values = true
    )]
    leeway: Span,
    /// How long ago it may have been issued, by its `iat`
    #[arg(long, value_name = "D", allow_hyphen_values = true)]
    max_age: Option<Span>,
    /// A claim it must have; again for more
    #[arg(long, value_name = "CLAIM")]
    require: Vec<String>,
    /// The time to verify at, instead of now: RFC 3339, or seconds since 1970
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    at: Option<Time>,
    /// The key to decrypt the token with, which holds a signed one
    #[arg(long, value_name = "KEYREF")]
    decrypt_key: Option<String>,
    /// How its content key is encrypted, where that key does not fix it
    #[arg(long, value_name = "ALG", requires = "decrypt_key")]
    decrypt_alg: Option<KeyManagement>,
    #[command(flatten)]
    legacy: LegacyArgs,
    /// The token: a file, - for standard input, or the token itself [default: -]
    input: Option<String>,
}

impl Verify {
    pub(crate) fn run(self, globals: &Globals) -> Result<(), Failure> {
        let refs = self.keys.parse()?;
        let input = Input::token(self.input.as_deref());
        let decrypt_key = self.decrypt_key.as_deref().map(KeyRef::parse).transpose()?;
        input::stdin_once(refs.stdin().into_iter().chain([
            (
                "--decrypt-key",
                decrypt_key.as_ref().is_some_and(KeyRef::is_stdin),
            ),
            ("INPUT", input.is_stdin()),
        ]))?;

        let keys = refs.bind(self.at.as_ref().map(|at| at.0))?;
        let expect = self.expectations();
        let (valid, keys) = match decrypt_key {
            None => {
                let token = input.read_token()?;
                let keys = in_token(keys, &token)?;
                (expect.verify::<()>(&token, &keys), keys)
            }
            Some(keyref) => {
                let outer = self.outer(&keyref)?;
                let token = input.read_encrypted()?;
                let keys = in_encrypted(keys, &token, &outer)?;
                (expect.decrypt_verify::<()>(&token, &outer, &keys), keys)
            }
        };
        let valid = valid.map_err(|error| refused(&error, &keys))?;
        if !globals.json {
            return output::bytes(valid.payload());
        }
        let claims = serde_json::from_slice(valid.payload()).map_err(Failure::bug)?;
        output::json(&Report {
            verified: true,
            header: valid.header(),
            key: KeyReport::from(valid.key()),
            outer_header: valid.outer_header(),
            checked: valid.checked().collect(),
            claims,
        })
    }

    /// The key of the layer around the signed token.
    fn outer(&self, keyref: &KeyRef) -> Result<DecryptKeys, Failure> {
        if let Some(KeyManagement(alg)) = self.decrypt_alg {
            self.legacy.check(alg)?;
        }
        let password = self.keys.password()?;
        keys::decrypter(keyref, password.as_ref(), self.decrypt_alg, &self.legacy)
    }

    fn expectations(&self) -> Expectations {
        let mut expect = Expectations::any_issuer_any_audience().leeway(self.leeway.0);
        if let Some(issuer) = &self.issuer {
            expect = expect.issuers([issuer]);
        }
        if !self.any_audience {
            expect = expect.audiences(&self.audience);
        }
        if let Some(subject) = &self.subject {
            expect = expect.subject(subject);
        }
        if let Some(typ) = &self.typ {
            expect = expect.typ(typ);
        }
        if let Some(Span(max_age)) = self.max_age {
            expect = expect.max_age(max_age);
        }
        if let Some(Time(at)) = self.at {
            expect = expect.at(at);
        }
        self.require
            .iter()
            .cloned()
            .fold(expect, Expectations::require)
    }
}

/// The keys that a signed token brings along, where they are looked for there.
fn in_token(keys: VerifyKeys, token: &str) -> Result<VerifyKeys, Failure> {
    if !keys.is_in_the_token() {
        return Ok(keys);
    }
    match Jwt::parse(token) {
        Ok(jwt) => keys.of_jwt(&jwt),
        Err(error) => Err(keys.refused(&error)),
    }
}

/// The same of the signed token in an encrypted one.
fn in_encrypted(keys: VerifyKeys, token: &str, outer: &DecryptKeys) -> Result<VerifyKeys, Failure> {
    if !keys.is_in_the_token() {
        return Ok(keys);
    }
    let jwe = Jwe::parse_compact(token).and_then(|jwe| jwe.decrypt(outer));
    let jwe = jwe.map_err(|error| DecryptKeys::refused(&error))?;
    let inner = std::str::from_utf8(jwe.plaintext()).unwrap_or_default();
    in_token(keys, inner)
}

/// A refusal; times are told as people tell them.
fn refused(error: &VerifyError, keys: &VerifyKeys) -> Failure {
    let refused = |what: String| Failure::new(error.code(), error.fault(), what);
    match error {
        VerifyError::Jws(error) => keys.refused(error),
        VerifyError::Jwe(error) => DecryptKeys::refused(error),
        VerifyError::Claim(ClaimError::Expired { at, now }) => refused(format!(
            "the token expired {} ago, at {}",
            between(*at, *now),
            moment(*at)
        )),
        VerifyError::Claim(ClaimError::NotYetValid { at, now }) => refused(format!(
            "the token is not valid for another {}, until {}",
            between(*now, *at),
            moment(*at)
        )),
        VerifyError::Claim(ClaimError::TooOld { issued_at, now }) if issued_at <= now => {
            refused(format!(
                "the token was issued {} ago, too long ago",
                between(*issued_at, *now)
            ))
        }
        other => refused(other.to_string()),
    }
}

fn between(from: SystemTime, to: SystemTime) -> String {
    time::humane(to.duration_since(from).unwrap_or_default().as_secs())
}

fn moment(at: SystemTime) -> String {
    let seconds = at
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default()
        .as_secs_f64();
    time::rfc3339(seconds).unwrap_or_else(|| "a time beyond the year 9999".to_owned())
}

/// What `--json` prints.
#[derive(Serialize)]
struct Report<'a> {
    verified: bool,
    header: &'a Header,
    key: KeyReport<'a>,
    /// Of the layer that was decrypted.
    #[serde(skip_serializing_if = "Option::is_none")]
    outer_header: Option<&'a Header>,
    checked: Vec<&'a str>,
    claims: &'a RawValue,
}

const AFTER_HELP: &str = after_help!(
    "\
Examples:
  bulla jwt verify --key public.jwk --issuer https://issuer.example \\
    --audience api token.jwt
  bulla jwt verify --jwks keys.jwks --any-issuer --audience api --typ at+jwt \\
    --max-age 1h --require jti < token.jwt
  bulla jwt verify --key public.jwk --any-issuer --any-audience \\
    --at 2026-01-31T12:00:00Z token.jwt"
);
