//! The demonstration: a stage to play on, and the screen to show it on.

mod screen;
mod stage;

use clap::Args;
use serde::Serialize;

use self::stage::{Honest, Refusal, Stage};
use crate::args::Globals;
use crate::error::Failure;
use crate::exit::after_help;
use crate::output;

/// Watch a key being made, a token issued and verified, and forgeries refused
///
/// Everything happens in a temporary folder, by the commands shown, and takes a second.
#[derive(Args, Debug)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Demo {
    /// Show it once and end, which is what happens anyway
    #[arg(long)]
    once: bool,
}

impl Demo {
    pub(crate) fn run(self, globals: &Globals) -> Result<(), Failure> {
        let folder = tempfile::Builder::new()
            .prefix("bulla-demo-")
            .tempdir()
            .map_err(|error| Failure::io("writing", &std::env::temp_dir(), &error))?;
        let stage = Stage::new(folder.path())?;
        let honest = stage.honest()?;
        let forgeries = stage.forge(&honest)?;
        let refusals = forgeries
            .into_iter()
            .map(|forgery| stage.refuse(forgery))
            .collect::<Result<Vec<_>, _>>()?;
        if globals.json {
            return output::json(&Report {
                verified: honest,
                refused: refusals,
            });
        }
        output::styled(&screen::show(folder.path(), &honest, &refusals))
    }
}

/// What `--json` prints.
#[derive(Serialize)]
struct Report {
    verified: Honest,
    refused: Vec<Refusal>,
}

const AFTER_HELP: &str = after_help!(
    "\
Examples:
  bulla demo
  bulla demo --json | jq -r '.refused[].code'"
);
