//! `cargo clippy` over every target, warnings denied.

use std::time::Duration;

use super::Stop;
use crate::log::Log;
use crate::process;
use crate::tally::Tally;
use crate::workspace::Workspace;

pub(super) fn run(workspace: &Workspace, log: &mut Log) -> Result<Tally, Stop> {
    let mut lint = workspace.cargo(&[
        "clippy",
        "--workspace",
        "--all-targets",
        "--locked",
        "--",
        "--deny",
        "warnings",
    ]);
    let end = process::run(&mut lint, Duration::from_secs(3600), log)?;
    if end
        .lines
        .iter()
        .any(|line| line.contains("is not installed for the toolchain"))
    {
        return Err(Stop::NotRun(
            "the toolchain lacks its component clippy".to_owned(),
        ));
    }
    for line in end.lines.iter().filter(|line| line.starts_with("error")) {
        log.problem(line)?;
    }
    Ok(if end.success {
        Tally::passed(1)
    } else {
        Tally::failed(1)
    })
}
