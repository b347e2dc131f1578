//! The checks of [`crate::structure`], each counted as one test.

use super::Stop;
use crate::log::Log;
use crate::structure;
use crate::tally::Tally;
use crate::workspace::Workspace;

pub(super) fn run(workspace: &Workspace, log: &mut Log) -> Result<Tally, Stop> {
    let mut tally = Tally::default();
    for (name, check) in structure::CHECKS {
        let problems = check(workspace).unwrap_or_else(|failure| vec![failure.to_string()]);
        log.line(&format!(
            "test structure::{name} ... {}",
            if problems.is_empty() { "ok" } else { "FAILED" }
        ))?;
        for problem in &problems {
            log.problem(&format!("structure::{name}: {problem}"))?;
        }
        tally.count(problems.is_empty());
    }
    Ok(tally)
}
