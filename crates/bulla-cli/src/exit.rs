//! Exit codes: the other half of the contract with scripts, next to the stable error codes.

use std::process::ExitCode;

use bulla::Fault;

/// How a command ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// The token is not acceptable: everything its bytes decide.
    Token = 1,
    /// The command line makes no sense.
    Usage = 2,
    /// A key is unreadable, missing, too weak or unfit.
    Key = 3,
    /// A file, a stream or a remote system failed.
    Io = 4,
    /// Bulla itself failed.
    Bug = 70,
}

impl From<Fault> for Exit {
    fn from(fault: Fault) -> Self {
        match fault {
            // A policy refuses what the token asks for: with another token it would have been content.
            Fault::Token | Fault::Policy => Self::Token,
            Fault::Caller => Self::Usage,
            Fault::Key => Self::Key,
            Fault::Remote => Self::Io,
            _ => Self::Bug,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// The end of a verb's `--help`: its examples, and the exit codes.
macro_rules! after_help {
    ($examples:literal) => {
        concat!(
            $examples,
            "\n\nExit codes: 0 done, 1 the token is not acceptable, 2 usage, 3 a key problem,\n",
            "4 remote or I/O, 70 a bug. `bulla explain CODE` says more about an error."
        )
    };
}
pub(crate) use after_help;
