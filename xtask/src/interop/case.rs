//! Runs cases, names them as libtest does, and counts.

use crate::Failure;
use crate::log::Log;
use crate::tally::Tally;

/// The cases of one suite.
pub(super) struct Cases<'l> {
    suite: &'static str,
    log: &'l mut Log,
    tally: Tally,
}

impl<'l> Cases<'l> {
    pub(super) fn new(suite: &'static str, log: &'l mut Log) -> Self {
        Self {
            suite,
            log,
            tally: Tally::default(),
        }
    }

    /// One case: passes when `run` does.
    pub(super) fn check(
        &mut self,
        name: &str,
        run: impl FnOnce() -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let full = format!("interop::{}::{name}", self.suite);
        match run() {
            Ok(()) => {
                self.tally.count(true);
                self.log.line(&format!("test {full} ... ok"))
            }
            Err(failure) => {
                self.tally.count(false);
                self.log
                    .problem(&format!("test {full} ... FAILED: {failure}"))
            }
        }
    }

    pub(super) const fn tally(&self) -> Tally {
        self.tally
    }
}

/// Turns a refusal into success, and success into failure.
pub(super) fn refused<T>(result: Result<T, Failure>, what: &str) -> Result<Failure, Failure> {
    match result {
        Ok(_) => Err(format!("{what} was accepted").into()),
        Err(refusal) => Ok(refusal),
    }
}
