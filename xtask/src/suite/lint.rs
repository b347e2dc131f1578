//! `cargo clippy` over every target, warnings denied.

use std::time::Duration;

use super::Stop;
use crate::log::Log;
use crate::process;
use crate::tally::Tally;
use crate::workspace::Workspace;

pub(super) fn run(workspace: &Workspace, log: &mut Log) -> Result<Tally, Stop> {
    let mut tally = Tally::default();
    let product = ["clippy", "--workspace", "--all-targets", "--locked", "--"];
    lint(&product, &mut tally, workspace, log)?;
    // The SDKs of the clouds are in no default build.
    let vaults = [
        "clippy",
        "--package",
        "bulla-kms",
        "--all-features",
        "--all-targets",
        "--locked",
        "--",
    ];
    lint(&vaults, &mut tally, workspace, log)?;
    // Its lock file follows what the product's crates depend on; the benches need more than cargo.
    let target = workspace.scratch("fuzz")?;
    let target = target.to_string_lossy();
    let fuzz = [
        "clippy",
        "--manifest-path",
        "fuzz/Cargo.toml",
        "--all-targets",
        "--target-dir",
        &target,
        "--",
    ];
    lint(&fuzz, &mut tally, workspace, log)?;
    Ok(tally)
}

fn lint(
    arguments: &[&str],
    tally: &mut Tally,
    workspace: &Workspace,
    log: &mut Log,
) -> Result<(), Stop> {
    let mut lint = workspace.cargo(arguments);
    lint.args(["--deny", "warnings"]);
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
    tally.count(end.success);
    Ok(())
}
