//! Every parser over its fuzz corpus, on stable (`fuzz/tests/replay.rs`).

use super::{Stop, cargo_test};
use crate::log::Log;
use crate::tally::Tally;
use crate::workspace::Workspace;

pub(super) fn run(workspace: &Workspace, log: &mut Log) -> Result<Tally, Stop> {
    let target = workspace.scratch("fuzz")?;
    // Not `--locked`: its lock file follows what the product's crates depend on.
    let arguments = ["test", "--manifest-path", "fuzz/Cargo.toml", "--target-dir"];
    cargo_test::of(
        &[&arguments[..], &[&target.to_string_lossy()]].concat(),
        workspace,
        log,
    )
}
