//! A payload that is kept out of memory while it is verified.

use std::fs::File;
use std::io::{self, Read, Seek as _, Write as _};
use std::path::Path;

use crate::error::Failure;
use crate::output;

/// Hands on what it reads, and writes a copy into a file without a name.
///
/// A file that is read again to be printed may have changed since it was verified.
pub(super) struct Kept<R> {
    from: R,
    copy: File,
}

impl<R: Read> Kept<R> {
    pub(super) fn new(from: R) -> Result<Self, Failure> {
        let copy = tempfile::tempfile()
            .map_err(|error| Failure::io("writing", &std::env::temp_dir(), &error))?;
        Ok(Self { from, copy })
    }

    /// Prints the copy.
    pub(super) fn print(mut self) -> Result<(), Failure> {
        self.copy
            .rewind()
            .map_err(|error| Failure::io("reading", Path::new("the payload again"), &error))?;
        output::copy(&mut self.copy)
    }
}

impl<R: Read> Read for Kept<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.from.read(buffer)?;
        self.copy
            .write_all(buffer.get(..count).unwrap_or_default())?;
        Ok(count)
    }
}
