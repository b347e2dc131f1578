//! `cargo xtask`: everything CI runs, so that a person can run it too.
//!
//! Start at [`cli`] for the commands and at [`suite::ALL`] for what `cargo xtask test` covers.

mod bench;
mod cli;
mod fuzz;
mod interop;
mod log;
mod metadata;
mod process;
mod structure;
mod suite;
mod tally;
mod workspace;

use std::process::ExitCode;

/// What an `xtask` step fails with: a sentence for a person.
type Failure = Box<dyn std::error::Error + Send + Sync>;

fn main() -> ExitCode {
    match cli::run(std::env::args().skip(1).collect()) {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::FAILURE
        }
    }
}
