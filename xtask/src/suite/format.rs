//! `cargo fmt --check`.

use std::time::Duration;

use super::Stop;
use crate::log::Log;
use crate::process;
use crate::tally::Tally;
use crate::workspace::Workspace;

pub(super) fn run(workspace: &Workspace, log: &mut Log) -> Result<Tally, Stop> {
    let mut check = workspace.cargo(&["fmt", "--all", "--check"]);
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
    for line in end
        .lines
        .iter()
        .filter(|line| line.starts_with("Diff in") || line.starts_with("error"))
    {
        log.problem(line)?;
    }
    Ok(if end.success {
        Tally::passed(1)
    } else {
        Tally::failed(1)
    })
}
