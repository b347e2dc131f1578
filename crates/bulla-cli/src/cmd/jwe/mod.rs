//! Encrypted octets.

mod decrypt;
pub(in crate::cmd) mod encrypt;
pub(in crate::cmd) mod inspect;

pub(in crate::cmd) use decrypt::parse;

use clap::Subcommand;

use crate::args::Globals;
use crate::error::Failure;

#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    Encrypt(encrypt::Encrypt),
    Decrypt(decrypt::Decrypt),
    Inspect(inspect::Inspect),
}

impl Verb {
    pub(crate) fn run(self, globals: &Globals) -> Result<(), Failure> {
        match self {
            Self::Encrypt(verb) => verb.run(globals),
            Self::Decrypt(verb) => verb.run(globals),
            Self::Inspect(verb) => verb.run(globals),
        }
    }
}
