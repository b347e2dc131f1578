//! `cargo test`: unit, integration and doc tests of every crate.

use std::process::Command;
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
    of_command(&mut workspace.cargo(arguments), log)
}

/// The same with an environment of its own.
pub(super) fn of_command(command: &mut Command, log: &mut Log) -> Result<Tally, Stop> {
    let end = process::run(command, Duration::from_secs(3600), log)?;
    let mut tally = Tally::default();
    for line in &end.lines {
        if let Some(counts) = Tally::of_libtest_line(line) {
            tally += counts;
        } else if line.starts_with("error") || line.ends_with("... FAILED") {
            log.problem(line)?;
        } else if is_skip(line) {
            // libtest has no word for a test that found nothing to read; it says so and passes.
            log.problem(line)?;
            tally.passed = tally.passed.saturating_sub(1);
            tally.skipped += 1;
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

/// What `bulla-testkit` says where there are no vectors; it tests that in a directory of this name.
fn is_skip(line: &str) -> bool {
    line.starts_with("SKIPPED: ") && !line.contains("no such directory")
}

#[cfg(test)]
mod tests {
    use super::is_skip;

    #[test]
    fn a_skip_is_told_from_the_test_of_skipping() {
        assert!(is_skip(
            "SKIPPED: no vectors in ../shared/vectors (set BULLA_VECTORS), wanted a.json"
        ));
        assert!(!is_skip(
            "SKIPPED: no vectors in crates/no such directory (set BULLA_VECTORS), wanted a"
        ));
        assert!(!is_skip("test vectors::SKIPPED ... ok"));
    }
}
