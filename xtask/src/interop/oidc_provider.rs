//! The OAuth client against npm `oidc-provider`: `crates/bulla-oauth/tests/oidc_provider/` has the cases, and starts the
//! servers that it needs.

use std::time::Duration;

use super::install;
use crate::log::Log;
use crate::process;
use crate::suite::Stop;
use crate::tally::Tally;
use crate::workspace::Workspace;

pub(crate) fn run(workspace: &Workspace, log: &mut Log) -> Result<Tally, Stop> {
    let home = install::oidc_provider(workspace, log)?;
    // The same features as for all other tests, so that nothing is built twice.
    let mut test = workspace.cargo(&["test", "--workspace", "--locked", "--test", "oidc_provider"]);
    test.env("BULLA_OIDC_PROVIDER", home);
    let end = process::run(&mut test, LIMIT, log)?;
    let mut tally = Tally::default();
    for line in &end.lines {
        if line.starts_with("ok ") {
            tally.passed += 1;
        } else if line.starts_with("FAILED ") {
            tally.failed += 1;
            log.problem(line)?;
        }
    }
    if !end.success && tally.failed == 0 {
        for line in end.tail(20) {
            log.problem(line)?;
        }
        return Err("the cases did not come to their end".into());
    }
    if tally.passed < FEWEST {
        return Err("hardly any case was run".into());
    }
    Ok(tally)
}

/// Building included.
const LIMIT: Duration = Duration::from_secs(1_800);

/// Six algorithms with and without a bound token, at two kinds of servers.
const FEWEST: usize = 24;
