//! What the repository promises of itself, checked.

mod arrows;
mod file_length;
mod lints;
mod neutral;
mod readme;

pub(crate) use readme::blocks;

use crate::Failure;
use crate::workspace::Workspace;

/// A check gives the problems it found, a sentence each.
type Check = fn(&Workspace) -> Result<Vec<String>, Failure>;

/// Every check by name.
pub(crate) const CHECKS: &[(&str, Check)] = &[
    ("arrows", arrows::check),
    ("core_is_pure", arrows::check_core),
    ("file_length", file_length::check),
    ("lints_apply", lints::check),
    ("neutral", neutral::check),
    ("readme_example", readme::check_example),
    ("readme_commands", readme::check_commands),
];
