//! `cargo xtask bench`: the benchmarks, which live in a workspace of their own.

use std::process::ExitCode;

use crate::Failure;
use crate::workspace::Workspace;

/// Runs the benchmarks on the terminal; their peers need more than cargo, so they are no suite.
pub(crate) fn run(workspace: &Workspace, arguments: &[String]) -> Result<ExitCode, Failure> {
    let benches = workspace.path("benches");
    if !benches.is_dir() {
        return Err("benches/ is not there".into());
    }
    let status = workspace
        .cargo(&["bench"])
        .current_dir(benches)
        .args(arguments)
        .status()
        .map_err(|e| format!("cargo bench: {e}"))?;
    Ok(if status.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
