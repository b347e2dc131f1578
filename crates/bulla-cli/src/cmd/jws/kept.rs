//! A payload that is kept while it is verified.

use std::io::{self, Read, Write as _};

use tempfile::SpooledTempFile;

/// Hands on what it reads and keeps a copy.
pub(super) struct Kept {
    from: Box<dyn Read + Send>,
    pub(super) copy: Copy,
}

pub(super) enum Copy {
    /// For `--json`, which has room for as much as a token has.
    Memory(Option<Vec<u8>>),
    /// For standard output.
    Spool(SpooledTempFile),
}

impl Kept {
    pub(super) fn new(from: Box<dyn Read + Send>, json: bool) -> Self {
        let copy = match json {
            true => Copy::Memory(Some(Vec::new())),
            false => Copy::Spool(SpooledTempFile::new(bulla::Limits::DEFAULT.token)),
        };
        Self { from, copy }
    }
}

impl Read for Kept {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.from.read(buffer)?;
        let piece = buffer.get(..count).unwrap_or_default();
        match &mut self.copy {
            Copy::Spool(spool) => spool.write_all(piece)?,
            Copy::Memory(octets) => {
                if let Some(kept) = octets {
                    kept.extend_from_slice(piece);
                    if kept.len() > bulla::Limits::DEFAULT.token {
                        *octets = None;
                    }
                }
            }
        }
        Ok(count)
    }
}
