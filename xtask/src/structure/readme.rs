//! What README.md shows is what is there: its example compiles, its commands exist.

use crate::Failure;
use crate::cli::COMMANDS;
use crate::workspace::Workspace;

/// The compiled file the README's Rust is copied from.
const EXAMPLE: &str = "crates/bulla/examples/readme.rs";

/// The first Rust block of the README is the example, its leading doc comment left out.
pub(super) fn check_example(workspace: &Workspace) -> Result<Vec<String>, Failure> {
    let readme = workspace.read("README.md")?;
    let Some(shown) = blocks(&readme, "rust").into_iter().next() else {
        return Ok(vec!["README.md shows no Rust".to_owned()]);
    };
    let example = workspace.read(EXAMPLE)?;
    let code: Vec<&str> = example
        .lines()
        .skip_while(|line| line.starts_with("//!"))
        .collect();
    Ok(if shown.trim() == code.join("\n").trim() {
        Vec::new()
    } else {
        vec![format!("README.md's first Rust block and {EXAMPLE} differ")]
    })
}

/// Every `cargo xtask COMMAND` a document shows is one.
pub(super) fn check_commands(workspace: &Workspace) -> Result<Vec<String>, Failure> {
    let mut problems = Vec::new();
    for path in workspace
        .files()?
        .iter()
        .filter(|path| path.ends_with(".md"))
    {
        for line in workspace.read(path)?.lines() {
            for command in line.split("cargo xtask ").skip(1) {
                let end = command
                    .find(|c: char| !c.is_ascii_lowercase())
                    .unwrap_or(command.len());
                let (command, _) = command.split_at(end);
                if !COMMANDS.contains(&command) {
                    problems.push(format!(
                        "{path} names `cargo xtask {command}`, which is none"
                    ));
                }
            }
        }
    }
    Ok(problems)
}

/// The fenced blocks of one language, its further words (`rust,ignore`) left out.
pub(crate) fn blocks(markdown: &str, language: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut open: Option<(bool, Vec<&str>)> = None;
    for line in markdown.lines() {
        match (line.trim_start().strip_prefix("```"), open.take()) {
            (Some(_), Some((wanted, lines))) => {
                if wanted {
                    found.push(lines.join("\n"));
                }
            }
            (Some(info), None) => {
                open = Some((info.split([',', ' ']).next() == Some(language), Vec::new()));
            }
            (None, Some((wanted, mut lines))) => {
                lines.push(line);
                open = Some((wanted, lines));
            }
            (None, None) => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::blocks;

    #[test]
    fn finds_the_blocks_of_a_language() {
        let text = "# T\n```sh\ncargo run\n```\n\n```rust\nfn main() {}\n\n// end\n```\n```rust,ignore\nx\n```\n";
        assert_eq!(blocks(text, "rust"), ["fn main() {}\n\n// end", "x"]);
        assert_eq!(blocks(text, "sh"), ["cargo run"]);
    }
}
