//! A client's side of OAuth: assertions, and access tokens.

mod assertion;
mod key;
mod request;

use clap::Subcommand;

use crate::args::Globals;
use crate::error::Failure;

#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    Assertion(assertion::Assertion),
    Request(request::Request),
}

impl Verb {
    pub(crate) fn run(self, globals: &Globals) -> Result<(), Failure> {
        match self {
            Self::Assertion(verb) => verb.run(globals),
            Self::Request(verb) => verb.run(globals),
        }
    }
}
