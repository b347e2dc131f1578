use std::io::{self, Cursor, Read};
use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;

use bulla::Header;
use bulla::jws::{Jws, Policy, Unverified, VerifiedSignature, VerifyError};

use super::kept::Kept;
use crate::args::Globals;
use crate::error::Failure;
use crate::exit::after_help;
use crate::input::{self, Input};
use crate::keys::{KeyArgs, VerifyKeys};
use crate::output;
use crate::progress;
use crate::report::{KeyReport, Octets};

/// Verify a token and print its payload, byte for byte.
///
/// Nothing is printed before every check has passed. A key given by --key is used whatever `kid` the
/// token names; of a set (--jwks), a token that names a `kid` is verified only by keys of that `kid`.
#[derive(Args, Debug)]
#[command(
    after_help = AFTER_HELP,
    override_usage = "bulla jws verify <--key KEYREF..|--jwks REF|--x5c> [OPTIONS] [INPUT]"
)]
pub(crate) struct Verify {
    #[command(flatten)]
    keys: KeyArgs,
    /// The payload of a detached token: a file, or - for standard input
    ///
    /// It is read once, in constant memory, and printed once it is verified; --json prints it where it is not
    /// longer than a token may be.
    #[arg(long, value_name = "FILE")]
    payload: Option<PathBuf>,
    /// A header parameter that `crit` may name, because you act on it; again for more
    #[arg(long, value_name = "NAME")]
    understood: Vec<String>,
    /// Ask that every signature verify, not just one
    #[arg(long)]
    all: bool,
    /// The token: a file, - for standard input, or the token itself [default: -]
    input: Option<String>,
}

impl Verify {
    pub(crate) fn run(self, globals: &Globals) -> Result<(), Failure> {
        let refs = self.keys.parse()?;
        let input = Input::token(self.input.as_deref());
        let payload = self.payload.as_deref().map(Input::path);
        input::stdin_once(refs.stdin().into_iter().chain([
            ("--payload", payload.as_ref().is_some_and(Input::is_stdin)),
            ("INPUT", input.is_stdin()),
        ]))?;

        let keys = refs.bind(None)?;
        let token = input.read_token()?;
        let policy = self
            .understood
            .iter()
            .fold(Policy::new(), |policy, name| policy.understood(name));
        let jws = parse(&token, policy).map_err(|error| keys.refused(&error))?;
        let keys = keys.of_jws(&jws)?;
        match payload {
            Some(payload) => self.detached(jws, &payload, &keys, globals),
            None => {
                let verified = match self.all {
                    true => jws.verify_all(&keys),
                    false => jws.verify(&keys),
                };
                let verified = verified.map_err(|error| keys.refused(&error))?;
                finish(verified.verified(), verified.payload(), globals)
            }
        }
    }

    /// A payload that is no larger than a token may be is read into memory, and any number of keys and signatures
    /// can be tried on it; so is one that several signatures cover. What is larger is streamed.
    fn detached(
        &self,
        jws: Jws<'_, Unverified>,
        payload: &Input,
        keys: &VerifyKeys,
        globals: &Globals,
    ) -> Result<(), Failure> {
        let limit = bulla::Limits::DEFAULT.token;
        let failed = |error: io::Error| Failure::io("reading", Path::new("the payload"), &error);
        let mut rest = payload.open()?;
        let mut head = Vec::new();
        rest.by_ref()
            .take(limit as u64 + 1)
            .read_to_end(&mut head)
            .map_err(failed)?;
        if head.len() > limit && jws.signatures().len() == 1 {
            return streamed(jws, Cursor::new(head).chain(rest), keys, globals);
        }
        rest.read_to_end(&mut head).map_err(failed)?;
        let verified = match self.all {
            true => jws.verify_detached_all(&head, keys),
            false => jws.verify_detached(&head, keys),
        };
        let verified = verified.map_err(|error| keys.refused(&error))?;
        finish(verified.verified(), verified.payload(), globals)
    }
}

/// Verifies in constant memory. JSON has no room for such a payload, and leaves it out.
fn streamed(
    jws: Jws<'_, Unverified>,
    mut payload: impl Read + Send,
    keys: &VerifyKeys,
    globals: &Globals,
) -> Result<(), Failure> {
    if globals.json {
        let verify = || jws.verify_stream(&mut payload, keys);
        let verified = progress::while_doing("verifying", verify);
        let verified = verified.map_err(|error| keys.refused(&error))?;
        return output::json(&Report::new(verified.verified(), None)?);
    }
    let mut kept = Kept::new(payload)?;
    let verify = || jws.verify_stream(&mut kept, keys);
    progress::while_doing("verifying", verify).map_err(|error| keys.refused(&error))?;
    kept.print()
}

/// Reads either form of JSON, or the compact one. The general form is the one with `signatures`.
pub(super) fn parse(token: &str, policy: Policy) -> Result<Jws<'_, Unverified>, VerifyError> {
    if !token.starts_with('{') {
        return Jws::parse_compact_with(token, policy);
    }
    #[derive(serde::Deserialize)]
    struct Form<'a> {
        #[serde(borrow)]
        signatures: Option<&'a serde_json::value::RawValue>,
    }
    // What is not JSON is refused by either parser, in its own words.
    let general =
        serde_json::from_str::<Form<'_>>(token).is_ok_and(|form| form.signatures.is_some());
    match general {
        true => Jws::parse_general_with(token.as_bytes(), policy),
        false => Jws::parse_flattened_with(token.as_bytes(), policy),
    }
}

fn finish(
    verified: &[VerifiedSignature],
    payload: &[u8],
    globals: &Globals,
) -> Result<(), Failure> {
    match globals.json {
        true => output::json(&Report::new(verified, Some(payload))?),
        false => output::bytes(payload),
    }
}

/// What `--json` prints.
#[derive(Serialize)]
struct Report<'a> {
    verified: bool,
    header: &'a Header,
    key: KeyReport<'a>,
    checked: Vec<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    signatures: Vec<SignatureReport<'a>>,
    #[serde(flatten)]
    payload: Option<Octets<'a>>,
}

/// One of several signatures that held.
#[derive(Serialize)]
struct SignatureReport<'a> {
    index: usize,
    header: &'a Header,
    key: KeyReport<'a>,
}

impl<'a> Report<'a> {
    fn new(verified: &'a [VerifiedSignature], payload: Option<&'a [u8]>) -> Result<Self, Failure> {
        let first = verified
            .first()
            .ok_or_else(|| Failure::bug("verified, but no signature"))?;
        let mut checked = vec!["signature", "alg"];
        if !first.header().crit().is_empty() {
            checked.push("crit");
        }
        let signatures = match verified {
            [_] => Vec::new(),
            several => several
                .iter()
                .map(|signature| SignatureReport {
                    index: signature.index(),
                    header: signature.header(),
                    key: KeyReport::from(signature.key()),
                })
                .collect(),
        };
        Ok(Self {
            verified: true,
            header: first.header(),
            key: KeyReport::from(first.key()),
            checked,
            signatures,
            payload: payload.map(Octets::from),
        })
    }
}

const AFTER_HELP: &str = after_help!(
    "\
Examples:
  bulla jws verify --key public.jwk message.jws
  bulla jws verify --jwks keys.jwks --alg ES256 --alg RS256 message.jws
  bulla jws verify --x5c --trust-anchors ca.pem message.jws
  bulla jws verify --key public.jwk --payload big.iso big.iso.jws > verified.iso"
);
