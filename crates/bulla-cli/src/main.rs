//! `bulla`: JOSE on the command line.

mod algorithm;
mod args;
mod cmd;
mod error;
mod exit;
mod explanations;
mod input;
mod json;
mod keyref;
mod keys;
mod output;
mod progress;
mod remote;
mod report;
mod runtime;
mod time;
mod usage;

use std::process::ExitCode;

use crate::args::Cli;
use crate::error::Failure;

fn main() -> ExitCode {
    std::panic::set_hook(Box::new(|panic| {
        Failure::bug(panic).print();
        std::process::exit(i32::from(exit::Exit::Bug as u8));
    }));
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            failure.print();
            failure.exit().into()
        }
    }
}

fn run() -> Result<(), Failure> {
    match usage::parse(std::env::args_os())? {
        Some(Cli { globals, command }) => {
            output::configure(&globals);
            command.run(&globals)
        }
        // Help or the version was asked for and has been printed.
        None => Ok(()),
    }
}
