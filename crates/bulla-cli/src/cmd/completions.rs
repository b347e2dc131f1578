use clap::{Args, CommandFactory as _};
use clap_complete::Shell;
use serde_json::json;

use crate::args::{Cli, Globals};
use crate::error::Failure;
use crate::exit::after_help;
use crate::output;

/// Print the completions of a shell
#[derive(Args, Debug)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Completions {
    /// The shell
    shell: Shell,
}

impl Completions {
    pub(crate) fn run(self, globals: &Globals) -> Result<(), Failure> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "bulla", &mut script);
        if globals.json {
            let script = String::from_utf8_lossy(&script);
            return output::json(&json!({ "shell": self.shell.to_string(), "script": script }));
        }
        output::bytes(&script)
    }
}

const AFTER_HELP: &str = after_help!(
    "\
Examples:
  bulla completions bash > /etc/bash_completion.d/bulla
  bulla completions zsh > \"${fpath[1]}/_bulla\"
  bulla completions fish > ~/.config/fish/completions/bulla.fish"
);
