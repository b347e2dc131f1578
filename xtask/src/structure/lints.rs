//! The workspace's lints hold in every member; a crate that forgot them is silent about it.

use crate::Failure;
use crate::workspace::Workspace;

pub(super) fn check(workspace: &Workspace) -> Result<Vec<String>, Failure> {
    let mut problems = Vec::new();
    for path in workspace.files()? {
        let ours = path.starts_with("crates/") || path.starts_with("xtask/");
        if ours && path.ends_with("/Cargo.toml") && !inherits(&workspace.read(&path)?) {
            problems.push(format!("{path} lacks `[lints] workspace = true`"));
        }
    }
    Ok(problems)
}

fn inherits(manifest: &str) -> bool {
    let mut lines = manifest
        .lines()
        .skip_while(|line| line.trim() != "[lints]")
        .skip(1);
    lines
        .next()
        .is_some_and(|line| line.trim() == "workspace = true")
}

#[cfg(test)]
mod tests {
    use super::inherits;

    #[test]
    fn only_the_lints_table_counts() {
        assert!(inherits(
            "[package]\nname = \"a\"\n\n[lints]\nworkspace = true\n"
        ));
        assert!(!inherits("[dependencies]\n\n[other]\nworkspace = true\n"));
        assert!(!inherits("[lints]\nrust = {}\n"));
    }
}
