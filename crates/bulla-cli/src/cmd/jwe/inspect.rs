use clap::Args;
use serde::Serialize;

use bulla::Header;
use bulla::jwe::{DecryptError, Encrypted, Jwe, Policy, Recipient};
use bulla::jws::Serialization;

use super::decrypt;
use crate::args::Globals;
use crate::cmd::jws::inspect::section;
use crate::error::Failure;
use crate::exit::after_help;
use crate::input::Input;
use crate::keys::DecryptKeys;
use crate::output;

/// Show the headers of a token without decrypting it.
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
        let token = Input::token(self.input.as_deref()).read_encrypted()?;
        show(&token, globals)
    }
}

/// Shows the headers of a token.
pub(in crate::cmd) fn show(token: &str, globals: &Globals) -> Result<(), Failure> {
    let jwe = parse(token).map_err(|error| DecryptKeys::refused(&error))?;
    if globals.json {
        return output::json(&Report::new(&jwe));
    }
    let mut shown = section("protected header", jwe.protected())?;
    if jwe.serialization() != Serialization::Compact {
        for (index, recipient) in jwe.recipients().iter().enumerate() {
            let name = format!("recipient {}, all headers", index + 1);
            shown.push_str(&section(&name, recipient.header())?);
        }
    }
    output::unverified();
    output::bytes(shown.as_bytes())
}

/// Reads a token in any form, whatever `crit` names: showing is not understanding.
fn parse(token: &str) -> Result<Jwe<'_, Encrypted>, DecryptError> {
    let mut policy = Policy::new();
    for _ in 0..MOST_CRITICAL {
        match decrypt::parse(token, policy.clone()) {
            Err(DecryptError::CriticalUnknown { name }) => policy = policy.understood(name),
            outcome => return outcome,
        }
    }
    decrypt::parse(token, policy)
}

/// What `--json` prints.
#[derive(Serialize)]
struct Report<'a> {
    verified: bool,
    format: &'static str,
    /// Of the first recipient, all headers together.
    header: Option<&'a Header>,
    protected: &'a Header,
    recipients: Vec<RecipientReport<'a>>,
}

#[derive(Serialize)]
struct RecipientReport<'a> {
    header: &'a Header,
}

impl<'a> Report<'a> {
    fn new(jwe: &'a Jwe<'_, Encrypted>) -> Self {
        Self {
            verified: false,
            format: match jwe.serialization() {
                Serialization::Compact => "compact",
                Serialization::Flattened => "flattened",
                _ => "general",
            },
            header: jwe.recipients().first().map(Recipient::header),
            protected: jwe.protected(),
            recipients: jwe
                .recipients()
                .iter()
                .map(|recipient| RecipientReport {
                    header: recipient.header(),
                })
                .collect(),
        }
    }
}

/// More critical parameters than anybody has.
const MOST_CRITICAL: usize = 64;

const AFTER_HELP: &str = after_help!(
    "\
Examples:
  bulla jwe inspect letter.jwe
  bulla jwe inspect --json < letter.jwe"
);
