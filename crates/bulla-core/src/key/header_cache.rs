use core::fmt;
use std::sync::{Arc, OnceLock};

use super::{KeyInfo, verifier::BoundKey};
use crate::header::Header;

/// The last few protected headers that came with a *valid* signature, so that they need not be parsed again.
///
/// Issuers repeat one header for years. A slot is filled once and never replaced: there is no lock, a reader
/// compares text, and whoever cannot make a valid signature cannot fill a slot. Only what parsing found is
/// kept; what the caller's policy says about it (`typ`, `crit`, limits) is judged anew for every token.
#[derive(Default)]
pub struct HeaderCache {
    slots: [OnceLock<Arc<SeenHeader>>; SLOTS],
}

const SLOTS: usize = 4;

/// Longer segments are not worth the memory.
const LONGEST: usize = 1024;

/// A parsed protected header together with the key that verified it.
pub struct SeenHeader {
    pub(crate) segment: Box<str>,
    pub(crate) header: Header,
    pub(crate) key: Arc<BoundKey>,
}

impl HeaderCache {
    pub(crate) fn get(&self, segment: &str) -> Option<&Arc<SeenHeader>> {
        self.slots
            .iter()
            .map_while(OnceLock::get)
            .find(|seen| *seen.segment == *segment)
    }

    pub(crate) fn remember(&self, seen: Arc<SeenHeader>) {
        if seen.segment.len() > LONGEST {
            return;
        }
        let mut seen = seen;
        for slot in &self.slots {
            match slot.set(seen) {
                Ok(()) => return,
                Err(back) => seen = back,
            }
        }
    }
}

impl SeenHeader {
    /// The protected header.
    #[must_use]
    pub const fn header(&self) -> &Header {
        &self.header
    }

    /// The key that verified the signature.
    #[must_use]
    pub fn key(&self) -> &KeyInfo {
        &self.key.info
    }
}

impl fmt::Debug for HeaderCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let filled = self
            .slots
            .iter()
            .filter(|slot| slot.get().is_some())
            .count();
        write!(f, "HeaderCache({filled} of {SLOTS})")
    }
}

impl fmt::Debug for SeenHeader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SeenHeader")
            .field("header", &self.header)
            .field("key", &self.key.info)
            .finish_non_exhaustive()
    }
}
