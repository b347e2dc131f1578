//! Where things are.

use std::path::PathBuf;
use std::process::Command;

use crate::Failure;

/// The workspaces of the repository: the product, and what needs more than cargo.
pub(crate) const WORKSPACES: &[&str] = &[
    "Cargo.toml",
    "fuzz/Cargo.toml",
    "benches/Cargo.toml",
    "interop/josekit/Cargo.toml",
];

/// The repository's root and what is found from there.
#[derive(Debug)]
pub(crate) struct Workspace {
    root: PathBuf,
}

impl Workspace {
    /// The workspace this program belongs to.
    pub(crate) fn find() -> Result<Self, Failure> {
        // Cargo sets it for `cargo run`; the compiled-in path serves a binary that is started by hand.
        let manifest = std::env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = manifest.parent().ok_or("xtask has no parent directory")?;
        Ok(Self {
            root: root.to_owned(),
        })
    }

    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    /// A directory under `target/`, made if it is not there.
    pub(crate) fn scratch(&self, name: &str) -> Result<PathBuf, Failure> {
        let path = self.root.join("target").join(name);
        std::fs::create_dir_all(&path).map_err(|e| format!("{}: {e}", path.display()))?;
        Ok(path)
    }

    /// The text of a file of the repository.
    pub(crate) fn read(&self, relative: &str) -> Result<String, Failure> {
        std::fs::read_to_string(self.path(relative)).map_err(|e| format!("{relative}: {e}").into())
    }

    /// The files git tracks, and those it would if they were added, relative to the root.
    pub(crate) fn files(&self) -> Result<Vec<String>, Failure> {
        let listing = self
            .command("git")
            .args([
                "ls-files",
                "-z",
                "--cached",
                "--others",
                "--exclude-standard",
            ])
            .output()
            .map_err(|e| format!("git: {e}"))?;
        if !listing.status.success() {
            return Err("`git ls-files` failed".into());
        }
        let mut files: Vec<String> = String::from_utf8(listing.stdout)?
            .split('\0')
            .filter(|path| !path.is_empty() && self.path(path).is_file())
            .map(ToOwned::to_owned)
            .collect();
        files.sort_unstable();
        files.dedup();
        Ok(files)
    }

    /// A command that runs at the root.
    pub(crate) fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root);
        command
    }

    /// The cargo that started this program, at the root.
    pub(crate) fn cargo(&self, arguments: &[&str]) -> Command {
        let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
        let mut command = self.command(&cargo);
        command.args(arguments);
        // What cargo says of this package must not leak into the builds started from it.
        for (name, _) in std::env::vars_os() {
            if name
                .to_str()
                .is_some_and(|name| name.starts_with("CARGO_PKG_"))
            {
                command.env_remove(name);
            }
        }
        command
            .env_remove("CARGO_MANIFEST_DIR")
            .env("CARGO_TERM_COLOR", "never");
        command
    }
}
