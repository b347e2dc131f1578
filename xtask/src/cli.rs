//! The commands and their arguments.

use std::process::ExitCode;

use crate::suite::{self, Plan};
use crate::workspace::Workspace;
use crate::{Failure, bench, fuzz};

/// Every command by name; the README check reads it too.
pub(crate) const COMMANDS: &[&str] = &["bench", "check", "fuzz", "help", "msrv", "test"];

const HELP: &str = "\
cargo xtask COMMAND

  test [--allow-missing] [--verbose] [SUITE..]
           everything: the checks, the tests, and the suites against other implementations,
           which are installed under target/, started, used and stopped;
           a suite that cannot run fails the run unless --allow-missing
  check    the quick part of it: formatting, lints, structure
  msrv     no dependency asks for a newer compiler than the crate that uses it
  bench [-- ROW..]
           the benchmarks beside other libraries; benches/README.md says what they need
  fuzz [--seconds N] [TARGET..]
           the parsers under a fuzzer, 60 s each; needs nightly and cargo-fuzz
  help     this text, and the suites
";

/// Runs one command.
pub(crate) fn run(arguments: Vec<String>) -> Result<ExitCode, Failure> {
    let workspace = Workspace::find()?;
    let mut arguments = arguments.into_iter();
    let command = arguments.next().unwrap_or_else(|| "help".to_owned());
    match command.as_str() {
        "test" => suite::run(&workspace, &plan(arguments)?),
        "check" => suite::run(&workspace, &Plan::of(&["fmt", "clippy", "structure"])),
        "msrv" => suite::run(&workspace, &Plan::of(&["msrv"])),
        "fuzz" => fuzz::run(&workspace, &arguments.collect::<Vec<_>>()),
        "bench" => bench::run(&workspace, &arguments.collect::<Vec<_>>()),
        "help" | "--help" | "-h" => {
            print!("{HELP}\nsuites of `test`, which may be named by how they begin:\n");
            for suite in suite::ALL {
                println!("  {:<18} {}", suite.name, suite.about);
            }
            Ok(ExitCode::SUCCESS)
        }
        other => Err(format!("no command `{other}`; `cargo xtask help` lists them").into()),
    }
}

fn plan(arguments: impl Iterator<Item = String>) -> Result<Plan, Failure> {
    let mut plan = Plan::default();
    for argument in arguments {
        match argument.as_str() {
            "--allow-missing" => plan.allow_missing = true,
            "--verbose" | "-v" => plan.verbose = true,
            flag if flag.starts_with('-') => {
                return Err(format!("no flag `{flag}`; `cargo xtask help` lists them").into());
            }
            name => plan.names.push(name.to_owned()),
        }
    }
    Ok(plan)
}
