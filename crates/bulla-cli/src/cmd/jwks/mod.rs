//! Key sets that are published.

mod changes;
mod fetch;
mod merge;
mod row;
mod serve;

use clap::Subcommand;

use crate::args::Globals;
use crate::error::Failure;

#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    Fetch(fetch::Fetch),
    Merge(merge::Merge),
    Serve(serve::Serve),
}

impl Verb {
    pub(crate) fn run(self, globals: &Globals) -> Result<(), Failure> {
        match self {
            Self::Fetch(verb) => verb.run(globals),
            Self::Merge(verb) => verb.run(globals),
            Self::Serve(verb) => verb.run(globals),
        }
    }
}
