//! Signed claims.

mod inspect;
mod issue;
mod verify;

use clap::Subcommand;

use crate::args::Globals;
use crate::error::Failure;

#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    Issue(issue::Issue),
    Verify(verify::Verify),
    Inspect(inspect::Inspect),
}

impl Verb {
    pub(crate) fn run(self, globals: &Globals) -> Result<(), Failure> {
        match self {
            Self::Issue(verb) => verb.run(globals),
            Self::Verify(verb) => verb.run(globals),
            Self::Inspect(verb) => verb.run(globals),
        }
    }
}
