//! One concept a file: a source file that has grown too long holds two.

use crate::Failure;
use crate::workspace::Workspace;

/// Lines a source file may have, its tests included.
const MOST: usize = 500;

pub(super) fn check(workspace: &Workspace) -> Result<Vec<String>, Failure> {
    let mut problems = Vec::new();
    for path in workspace
        .files()?
        .iter()
        .filter(|path| path.ends_with(".rs"))
    {
        let lines = workspace.read(path)?.lines().count();
        if lines > MOST {
            problems.push(format!("{path} has {lines} lines, {MOST} at most"));
        }
    }
    Ok(problems)
}
