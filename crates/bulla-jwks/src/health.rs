use std::sync::Arc;
use std::time::Duration;

use crate::machine::Phase;
use crate::source::SourceError;

/// How a source does.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SourceHealth {
    /// Whether there are keys, and how good they are.
    pub phase: Phase,
    /// How long ago the issuer last confirmed them.
    pub age: Option<Duration>,
    /// How many keys, each bound to one algorithm, verify.
    pub keys: usize,
    /// How many unknown `kid`s are remembered.
    pub unknown_kids: usize,
    /// Why the last request failed; none if it did not.
    pub last_error: Option<Arc<SourceError>>,
    /// What was counted since the start.
    pub counts: Counts,
}

/// What was counted since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Counts {
    /// Requests to the source.
    pub requests: u64,
    /// Those that a token with an unknown `kid` caused.
    pub forced: u64,
    /// Answers that changed the set.
    pub changed: u64,
    /// Answers that confirmed it.
    pub confirmed: u64,
    /// Requests that failed, and answers that were no good.
    pub failed: u64,
    /// Tokens with an unknown key that caused no request.
    pub refused: u64,
    /// How often the set came to the end of its stale time.
    pub expired: u64,
}
