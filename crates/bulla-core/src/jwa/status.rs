use core::fmt;

/// What we advise about an algorithm today.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Status {
    /// A good choice for a new system.
    Recommended,
    /// Sound, kept for interoperability; something else serves a new system better.
    Allowed,
    /// Has known weaknesses: refused unless the caller names it.
    Legacy,
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Recommended => "recommended",
            Self::Allowed => "allowed",
            Self::Legacy => "legacy",
        })
    }
}
