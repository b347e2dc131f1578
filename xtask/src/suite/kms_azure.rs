//! Azure Key Vault and Managed HSM: the double of `interop/azure_vault` by the unmodified SDK for Python, then our backend
//! against the double, its tokens shown to other implementations, and the command line.

use std::time::Duration;

use super::{Stop, cargo_test};
use crate::interop::install;
use crate::log::Log;
use crate::process;
use crate::tally::Tally;
use crate::workspace::Workspace;

pub(super) fn run(workspace: &Workspace, log: &mut Log) -> Result<Tally, Stop> {
    let python = install::python(workspace, log)?;
    let node = install::node(workspace, log)?;
    let mut tally = Tally::default();
    let mut check = workspace.command(&python.to_string_lossy());
    check
        .args(["-B", "-m", "azure_vault.check_sdk"])
        .current_dir(workspace.path("interop"));
    let end = process::run(&mut check, Duration::from_secs(120), log)?;
    for line in &end.lines {
        if line.ends_with(" ok") {
            tally.count(true);
        } else if line.ends_with(" FAILED") {
            log.problem(&format!("the double, by the SDK for Python: {line}"))?;
            tally.count(false);
        }
    }
    if tally == Tally::default() || end.success != (tally.failed == 0) {
        return Err("the SDK for Python did not get to its checks".into());
    }
    let backend = [
        "test",
        "--package",
        "bulla-kms",
        "--features",
        "kms-azure",
        "--locked",
    ];
    for of in [
        &[
            "--lib",
            "--test",
            "azure",
            "--test",
            "azure_vault",
            "--",
            "--include-ignored",
        ][..],
        &["--doc"],
    ] {
        let mut tests = workspace.cargo(&backend);
        tests
            .args(of)
            .env("BULLA_INTEROP_PYTHON", &python)
            .env("BULLA_INTEROP_NODE", node.join("driver.mjs"));
        tally += cargo_test::of_command(&mut tests, log)?;
    }
    let arguments = [
        "test",
        "--package",
        "bulla-cli",
        "--features",
        "vaults",
        "--locked",
    ];
    let mut tests = workspace.cargo(&arguments);
    tests.args(["--test", "cli", "vault::azure", "--", "--include-ignored"]);
    tests.env("BULLA_INTEROP_PYTHON", &python);
    tally += cargo_test::of_command(&mut tests, log)?;
    Ok(tally)
}
