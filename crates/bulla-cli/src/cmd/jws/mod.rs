//! Signed octets.

pub(in crate::cmd) mod inspect;
mod kept;
mod sign;
mod verify;

use clap::Subcommand;

use crate::args::Globals;
use crate::error::Failure;

#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    Sign(sign::Sign),
    Verify(verify::Verify),
    Inspect(inspect::Inspect),
}

impl Verb {
    pub(crate) fn run(self, globals: &Globals) -> Result<(), Failure> {
        match self {
            Self::Sign(verb) => verb.run(globals),
            Self::Verify(verb) => verb.run(globals),
            Self::Inspect(verb) => verb.run(globals),
        }
    }
}
