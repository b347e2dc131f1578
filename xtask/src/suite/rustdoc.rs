//! `cargo doc`, warnings denied.

use std::time::Duration;

use super::Stop;
use crate::log::Log;
use crate::process;
use crate::tally::Tally;
use crate::workspace::Workspace;

pub(super) fn run(workspace: &Workspace, log: &mut Log) -> Result<Tally, Stop> {
    let mut tally = Tally::default();
    // The SDKs of the clouds are in no default build.
    for of in [
        &["--workspace"][..],
        &["--package", "bulla-kms", "--all-features"],
    ] {
        let mut docs = workspace.cargo(&["doc", "--no-deps", "--locked"]);
        docs.args(of).env("RUSTDOCFLAGS", "-D warnings");
        let end = process::run(&mut docs, Duration::from_secs(3600), log)?;
        for line in end.lines.iter().filter(|line| line.starts_with("error")) {
            log.problem(line)?;
        }
        tally.count(end.success);
    }
    Ok(tally)
}
