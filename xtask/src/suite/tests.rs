//! `cargo test`: unit, integration and doc tests of every crate.

use std::time::Duration;

use super::Stop;
use crate::log::Log;
use crate::process;
use crate::tally::Tally;
use crate::workspace::Workspace;

pub(super) fn run(workspace: &Workspace, log: &mut Log) -> Result<Tally, Stop> {
    of(
        &["test", "--workspace", "--locked", "--no-fail-fast"],
        workspace,
        log,
    )
}

/// Runs a `cargo test` and counts what libtest says.
pub(super) fn of(arguments: &[&str], workspace: &Workspace, log: &mut Log) -> Result<Tally, Stop> {
    let end = process::run(
        &mut workspace.cargo(arguments),
        Duration::from_secs(3600),
        log,
    )?;
    let mut tally = Tally::default();
    for line in &end.lines {
        if let Some(counts) = Tally::of_libtest_line(line) {
            tally += counts;
        } else if line.starts_with("error") || line.ends_with("... FAILED") {
            log.problem(line)?;
        } else if line.contains("SKIPPED") {
            // A test that found nothing to read says so; that must not drown in the log.
            log.problem(line)?;
        }
    }
    if !end.success && tally.failed == 0 {
        for line in end.tail(20) {
            log.problem(line)?;
        }
        return Err("cargo test failed before its tests ran, or outside them".into());
    }
    if tally == Tally::default() {
        return Err("cargo test ran no test".into());
    }
    Ok(tally)
}
