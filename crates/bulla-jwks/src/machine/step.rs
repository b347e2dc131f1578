//! What is told to the machine, and what it says.

use std::time::Duration;

use crate::freshness::Freshness;

/// What to do now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Next {
    /// Ask the issuer, and report to [`Machine::answered`](super::Machine::answered) or
    /// [`Machine::failed`](super::Machine::failed).
    Fetch(Fetch),
    /// Nothing until the monotonic clock shows this.
    At(Duration),
    /// Nothing any more.
    Never,
}

/// How to ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fetch {
    /// Whether a token with an unknown `kid` is the reason, so that caches on the way must not answer.
    pub forced: bool,
    /// Whether "not modified" is an answer that helps.
    pub conditional: bool,
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Answer {
    /// A set with a usable key.
    Keys(Freshness),
    /// A set without one.
    NoKeys,
    /// The set is what it was.
    NotModified(Freshness),
}

/// What to do with an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verdict {
    /// Serve the new set, and nothing that is not in it.
    Serve,
    /// Go on serving the old set for as long as if it were new.
    Renew,
    /// Go on serving the old set within its time; the answer was no good.
    Keep,
    /// Serve nothing; the answer was no good.
    Nothing,
}

/// Whether waiting helps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Ask {
    /// A request is under way, or will be at once: look again when this one is [done](super::Machine::done).
    Wait {
        /// The number of the request.
        round: u64,
    },
    /// No request is made.
    Refused(Refused),
}

/// Why no request is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refused {
    /// The last request for an unknown `kid` is too recent.
    Cooldown,
    /// The issuer fails, and is asked again later by itself.
    Failing,
    /// The issuer was asked for this `kid` not long ago.
    Remembered,
    /// Shut down.
    Stopped,
    /// The issuer asked to be left alone.
    Throttled,
    /// The `kid` is too long to be one.
    TooLong,
}

/// How things stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Phase {
    /// No set has come yet.
    Loading,
    /// The set is as new as the issuer wants it to be.
    Fresh,
    /// It is not, but may still be served.
    Stale,
    /// It may no longer be served; nothing verifies.
    Expired,
    /// Shut down.
    Stopped,
}
