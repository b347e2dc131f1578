//! Keys.

mod certificates;
mod convert;
mod decrypt;
mod encrypt;
mod generate;
mod inspect;
mod plan;
mod public;
mod thumbprint;

use clap::Subcommand;

use crate::args::Globals;
use crate::error::Failure;

#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    Generate(generate::Generate),
    Convert(convert::Convert),
    Public(public::Public),
    Thumbprint(thumbprint::Thumbprint),
    Inspect(inspect::Inspect),
    Encrypt(encrypt::Encrypt),
    Decrypt(decrypt::Decrypt),
}

impl Verb {
    pub(crate) fn run(self, globals: &Globals) -> Result<(), Failure> {
        match self {
            Self::Generate(verb) => verb.run(globals),
            Self::Convert(verb) => verb.run(globals),
            Self::Public(verb) => verb.run(globals),
            Self::Thumbprint(verb) => verb.run(globals),
            Self::Inspect(verb) => verb.run(globals),
            Self::Encrypt(verb) => verb.run(globals),
            Self::Decrypt(verb) => verb.run(globals),
        }
    }
}
