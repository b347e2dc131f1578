//! `cargo fmt --check`, in every workspace.

use std::time::Duration;

use super::Stop;
use crate::log::Log;
use crate::process;
use crate::tally::Tally;
use crate::workspace::{WORKSPACES, Workspace};

pub(super) fn run(workspace: &Workspace, log: &mut Log) -> Result<Tally, Stop> {
    let mut tally = Tally::default();
    for manifest in WORKSPACES {
        if !workspace.path(manifest).is_file() {
            continue;
        }
        let mut check = workspace.cargo(&["fmt", "--all", "--check", "--manifest-path", manifest]);
        let end = process::run(&mut check, Duration::from_secs(120), log)?;
        if end
            .lines
            .iter()
            .any(|line| line.contains("is not installed for the toolchain"))
        {
            return Err(Stop::NotRun(
                "the toolchain lacks its component rustfmt".to_owned(),
            ));
        }
        for line in &end.lines {
            if line.starts_with("Diff in") || line.starts_with("error") {
                log.problem(line)?;
            }
        }
        tally.count(end.success);
    }
    Ok(tally)
}
