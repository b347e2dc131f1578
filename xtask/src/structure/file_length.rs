//! One concept a file: a source file that has grown too long holds two.

use crate::Failure;
use crate::workspace::Workspace;

/// Lines a source file may have, the tests at its end included.
const SOURCE: usize = 500;

/// Lines a file of tests may have; a table of cases is one concept, however long.
const TESTS: usize = 800;

pub(super) fn check(workspace: &Workspace) -> Result<Vec<String>, Failure> {
    let mut problems = Vec::new();
    for path in workspace
        .files()?
        .iter()
        .filter(|path| path.ends_with(".rs"))
    {
        let most = if is_tests(path) { TESTS } else { SOURCE };
        let lines = workspace.read(path)?.lines().count();
        if lines > most {
            problems.push(format!("{path} has {lines} lines, {most} at most"));
        }
    }
    Ok(problems)
}

fn is_tests(path: &str) -> bool {
    path.ends_with("/tests.rs") || path.contains("/tests/")
}

#[cfg(test)]
mod tests {
    use super::is_tests;

    #[test]
    fn tests_are_told_by_their_place() {
        assert!(is_tests("crates/bulla/tests/pem.rs"));
        assert!(is_tests("crates/bulla-core/src/json/tests.rs"));
        assert!(!is_tests("crates/bulla-core/src/tests_of_strength.rs"));
    }
}
