//! The repository speaks of the product only: no machine's paths, no registry's hosts.

use crate::Failure;
use crate::workspace::Workspace;

/// Pieces that, put together, must not occur; in two halves so that this file passes itself.
const FOREIGN: &[(&str, &str)] = &[
    ("/wo", "rk/main"),
    ("/wo", "rk/shared"),
    ("/wo", "rk/.library"),
    ("/tmp/", "plan"),
    ("/tmp/", "wt/"),
    ("shared/", "DESIGN"),
    ("shared/", "CLI.md"),
    ("shared/", "reference"),
    ("reference/", "attacks.md"),
    ("reference/", "inverno.md"),
    ("reference/", "test-peers.md"),
    ("Claude", " Code"),
    ("\"resol", "ved\":"),
];

pub(super) fn check(workspace: &Workspace) -> Result<Vec<String>, Failure> {
    let mut problems = Vec::new();
    for path in workspace.files()? {
        // Keys, certificates and fuzz seeds need not be text.
        let Ok(text) = String::from_utf8(std::fs::read(workspace.path(&path))?) else {
            continue;
        };
        for (number, line) in text.lines().enumerate() {
            for (first, second) in FOREIGN {
                if line.contains(&format!("{first}{second}")) {
                    problems.push(format!("{path}:{}: `{first}{second}`", number + 1));
                }
            }
        }
    }
    Ok(problems)
}
