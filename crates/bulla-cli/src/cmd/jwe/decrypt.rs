use clap::Args;
use serde::Serialize;

use bulla::Header;
use bulla::jwe::{DecryptError, Encrypted, Jwe, Policy};

use crate::algorithm::ContentEncryption;
use crate::args::Globals;
use crate::error::Failure;
use crate::exit::after_help;
use crate::input::{self, Input};
use crate::keys::{DecryptArgs, DecryptKeys};
use crate::output;
use crate::report::{KeyReport, Octets};

/// Decrypt a token and print its content, byte for byte.
///
/// Nothing is printed before every check has passed. A key given by --key is used whatever `kid` the
/// token names; of a set (--jwks), a token that names a `kid` is decrypted only by keys of that `kid`.
#[derive(Args, Debug)]
#[command(
    after_help = AFTER_HELP,
    override_usage = "bulla jwe decrypt <--key KEYREF..|--jwks REF|--password-file F> [OPTIONS] [INPUT]"
)]
pub(crate) struct Decrypt {
    #[command(flatten)]
    keys: DecryptArgs,
    /// A content encryption that is allowed; again for more [default: every one]
    #[arg(long)]
    enc: Vec<ContentEncryption>,
    /// A header parameter that `crit` may name, because you act on it; again for more
    #[arg(long, value_name = "NAME")]
    understood: Vec<String>,
    /// The token: a file, - for standard input, or the token itself [default: -]
    input: Option<String>,
}

impl Decrypt {
    pub(crate) fn run(self, globals: &Globals) -> Result<(), Failure> {
        let refs = self.keys.parse()?;
        let input = Input::token(self.input.as_deref());
        input::stdin_once(
            refs.stdin()
                .into_iter()
                .chain([("INPUT", input.is_stdin())]),
        )?;

        let keys = refs.bind()?;
        let token = input.read_encrypted()?;
        let policy = Policy::new().content_encryptions(self.enc.iter().map(|enc| enc.0));
        let policy = self
            .understood
            .iter()
            .fold(policy, |policy, name| policy.understood(name));
        let jwe = parse(&token, policy)
            .and_then(|jwe| jwe.decrypt(&keys))
            .map_err(|error| DecryptKeys::refused(&error))?;
        if !globals.json {
            return output::bytes(jwe.plaintext());
        }
        let mut checked = vec!["decryption", "alg", "enc"];
        if !jwe.header().crit().is_empty() {
            checked.push("crit");
        }
        output::json(&Report {
            verified: true,
            header: jwe.header(),
            key: KeyReport::from(jwe.key()),
            checked,
            payload: Octets::from(jwe.plaintext()),
        })
    }
}

/// Reads either form of JSON, or the compact one. The general form is the one with `recipients`.
pub(in crate::cmd) fn parse(
    token: &str,
    policy: Policy,
) -> Result<Jwe<'_, Encrypted>, DecryptError> {
    if !token.starts_with('{') {
        return Jwe::parse_compact_with(token, policy);
    }
    #[derive(serde::Deserialize)]
    struct Form<'a> {
        #[serde(borrow)]
        recipients: Option<&'a serde_json::value::RawValue>,
    }
    // What is not JSON is refused by either parser, in its own words.
    let general =
        serde_json::from_str::<Form<'_>>(token).is_ok_and(|form| form.recipients.is_some());
    match general {
        true => Jwe::parse_general_with(token.as_bytes(), policy),
        false => Jwe::parse_flattened_with(token.as_bytes(), policy),
    }
}

/// What `--json` prints.
#[derive(Serialize)]
struct Report<'a> {
    verified: bool,
    header: &'a Header,
    key: KeyReport<'a>,
    checked: Vec<&'static str>,
    #[serde(flatten)]
    payload: Octets<'a>,
}

const AFTER_HELP: &str = after_help!(
    "\
Examples:
  bulla jwe decrypt --key bob-private.jwk letter.jwe
  bulla jwe decrypt --key bob.pem --alg RSA-OAEP-256 --enc A256GCM letter.jwe
  bulla jwe decrypt --password-file pass < letter.jwe"
);
