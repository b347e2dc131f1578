//! What a suite said, kept under `target/xtask/`.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::Failure;
use crate::workspace::Workspace;

/// One suite's log, copied to standard output when the run is verbose.
#[derive(Debug)]
pub(crate) struct Log {
    path: PathBuf,
    file: BufWriter<File>,
    verbose: bool,
    problems: Vec<String>,
}

impl Log {
    pub(crate) fn create(
        workspace: &Workspace,
        suite: &str,
        verbose: bool,
    ) -> Result<Self, Failure> {
        let path = workspace.scratch("xtask")?.join(format!("{suite}.log"));
        let file = BufWriter::new(File::create(&path)?);
        Ok(Self {
            path,
            file,
            verbose,
            problems: Vec::new(),
        })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn line(&mut self, line: &str) -> Result<(), Failure> {
        writeln!(self.file, "{line}")?;
        if self.verbose {
            println!("    {line}");
        }
        Ok(())
    }

    /// A line that is also shown under the suite's result.
    pub(crate) fn problem(&mut self, line: &str) -> Result<(), Failure> {
        self.problems.push(line.to_owned());
        self.line(line)
    }

    /// Writes out what is buffered and gives the lines worth showing.
    pub(crate) fn close(mut self) -> Result<Vec<String>, Failure> {
        self.file.flush()?;
        Ok(self.problems)
    }
}
