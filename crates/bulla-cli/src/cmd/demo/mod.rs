//! The demonstration: an authorization server, a client with its keys, and an API, all on this machine, and what they say
//! to each other.

mod app;
mod attack;
mod client;
mod exchange;
mod overheard;
mod pages;
mod play;
mod reach;
mod screen;
mod server;
mod world;

use bulla_server::run::told_to_stop;
use clap::Args;
use serde::Serialize;

use self::exchange::Step;
use self::play::Play;
use self::world::{Addresses, World};
use crate::args::Globals;
use crate::error::Failure;
use crate::exit::after_help;
use crate::output;
use crate::runtime;

/// Watch private_key_jwt from the key pair to the API's answer, with the real messages, and what attackers try
///
/// An authorization server, a client that rotates and publishes its keys, and an API run on this machine. Afterwards they
/// stay up until Ctrl-C, with a page to try them out.
#[derive(Args, Debug)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Demo {
    /// Show it and end
    #[arg(long)]
    once: bool,
}

impl Demo {
    pub(crate) fn run(self, globals: &Globals) -> Result<(), Failure> {
        let folder = tempfile::Builder::new()
            .prefix("bulla-demo-")
            .tempdir()
            .map_err(|error| Failure::io("writing", &std::env::temp_dir(), &error))?;
        runtime::block_on(async {
            let stop = tokio::spawn(told_to_stop());
            let world = World::start(folder.path(), self.once).await?;
            let mut report = Report {
                addresses: world.addresses(),
                steps: Vec::new(),
            };
            if !globals.json {
                output::styled(&screen::opening(world.addresses()))?;
            }
            let mut play = Play::new(&world);
            while let Some(step) = play.next().await? {
                if stop.is_finished() {
                    return Ok(());
                }
                match globals.json {
                    true => report.steps.push(step),
                    false => output::styled(&screen::step(&step))?,
                }
            }
            match globals.json {
                true => output::json(&report)?,
                false => output::styled(&screen::closing(world.addresses(), self.once))?,
            }
            if !self.once {
                stop.await.map_err(Failure::bug)?;
            }
            Ok(())
        })?
    }
}

/// What `--json` prints.
#[derive(Serialize)]
struct Report<'a> {
    addresses: &'a Addresses,
    steps: Vec<Step>,
}

const AFTER_HELP: &str = after_help!(
    "\
Examples:
  bulla demo
  bulla demo --once | less -R
  bulla demo --once --json | jq -r '.steps[] | [.title, .reason] | @tsv'"
);
