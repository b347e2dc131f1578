//! Runs the `bulla` commands README.md shows, in their order, as a reader would type them.

use std::time::Duration;

use super::Stop;
use crate::interop::Bulla;
use crate::log::Log;
use crate::process;
use crate::structure::blocks;
use crate::tally::Tally;
use crate::workspace::Workspace;

pub(super) fn run(workspace: &Workspace, log: &mut Log) -> Result<Tally, Stop> {
    let bulla = Bulla::build(workspace, "readme", log)?;
    // The file the README signs; any file serves.
    bulla.write("report.pdf", b"%PDF-1.7\n")?;
    let directory = bulla
        .binary()
        .parent()
        .ok_or("the binary has no directory")?;
    let path = std::env::join_paths(std::iter::once(directory.to_owned()).chain(
        std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()),
    ))?;
    let mut tally = Tally::default();
    for line in blocks(&workspace.read("README.md")?, "sh")
        .iter()
        .flat_map(|block| block.lines())
    {
        if !line.starts_with("bulla ") {
            continue;
        }
        let mut shell = workspace.command("sh");
        shell
            .args(["-e", "-c", line])
            .current_dir(bulla.file("."))
            .env("PATH", &path);
        let end = process::run(&mut shell, Duration::from_secs(60), log)?;
        if !end.success {
            log.problem(&format!("failed: {line}"))?;
        }
        tally.count(end.success);
    }
    if tally == Tally::default() {
        return Err("README.md shows no `bulla` command".into());
    }
    Ok(tally)
}
