use core::fmt;

/// Whose doing an error is. Servers map it once to an HTTP status, the command line once to an exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Fault {
    /// The token (or its sender): what its bytes say makes it unacceptable.
    Token,
    /// The key: unreadable, unfit, too weak, not found.
    Key,
    /// The policy of the receiving application does not allow it.
    Policy,
    /// A remote system or I/O failed; trying again may help.
    Remote,
    /// The calling program asked for something that makes no sense.
    Caller,
    /// Bulla itself. Please report it.
    Bug,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Token => "token",
            Self::Key => "key",
            Self::Policy => "policy",
            Self::Remote => "remote",
            Self::Caller => "caller",
            Self::Bug => "bug",
        })
    }
}
