use std::path::PathBuf;

use clap::{Args, Command, CommandFactory as _};
use clap_mangen::Man as Page;
use serde_json::json;

use crate::args::{Cli, Globals};
use crate::error::Failure;
use crate::exit::after_help;
use crate::output::{self, Secrecy};

/// Print a manual page, or write all of them
#[derive(Args, Debug)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Man {
    /// The noun and verb whose page to print; without them, that of bulla itself
    #[arg(conflicts_with = "dir")]
    verb: Vec<String>,
    /// Write every page into this folder
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
}

impl Man {
    pub(crate) fn run(self, globals: &Globals) -> Result<(), Failure> {
        let mut root = Cli::command().disable_help_subcommand(true);
        root.build();
        if let Some(dir) = &self.dir {
            std::fs::create_dir_all(dir).map_err(|error| Failure::io("writing", dir, &error))?;
            let mut pages = Vec::new();
            all(&root, &mut pages)?;
            for (name, page) in &pages {
                // Pages are made from the program, so those of another version are replaced.
                output::file(&dir.join(name), page, Secrecy::Public, true)?;
            }
            if globals.json {
                let names: Vec<&String> = pages.iter().map(|(name, _)| name).collect();
                return output::json(&json!({ "dir": dir.display().to_string(), "pages": names }));
            }
            return Ok(());
        }
        let mut command = &root;
        for name in &self.verb {
            command = command.find_subcommand(name).ok_or_else(|| {
                Failure::usage(
                    format_args!("there is no `bulla {}`", self.verb.join(" ")),
                    "`bulla help` lists the nouns and verbs",
                )
            })?;
        }
        let (name, page) = render(command)?;
        match globals.json {
            true => output::json(&json!({ "name": name, "page": String::from_utf8_lossy(&page) })),
            false => output::bytes(&page),
        }
    }
}

/// The page of a command and of everything below it.
fn all(command: &Command, pages: &mut Vec<(String, Vec<u8>)>) -> Result<(), Failure> {
    pages.push(render(command)?);
    command
        .get_subcommands()
        .try_for_each(|below| all(below, pages))
}

fn render(command: &Command) -> Result<(String, Vec<u8>), Failure> {
    let name = command
        .get_display_name()
        .unwrap_or_else(|| command.get_name())
        .to_owned();
    let mut page = Vec::new();
    Page::new(command.clone())
        .manual("Bulla")
        .render(&mut page)
        .map_err(|error| Failure::bug(format_args!("rendering a page: {error}")))?;
    Ok((format!("{name}.1"), page))
}

const AFTER_HELP: &str = after_help!(
    "\
Examples:
  bulla man | man -l -
  bulla man jwt verify | man -l -
  bulla man --dir ~/.local/share/man/man1"
);
