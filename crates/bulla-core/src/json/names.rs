use std::borrow::Cow;
use std::collections::HashSet;

use smallvec::SmallVec;

/// The member names that one object has had so far.
#[derive(Default)]
pub(crate) struct Names<'de> {
    /// One bit for each kind of name met: most new names are told from the old ones by it alone.
    kinds: u64,
    few: SmallVec<[Cow<'de, str>; FEW]>,
    many: Option<HashSet<Cow<'de, str>>>,
}

/// Up to here comparing with each is faster than hashing; beyond it would be quadratic.
const FEW: usize = 16;

impl<'de> Names<'de> {
    /// Whether the name is new. It is remembered.
    pub(super) fn insert(&mut self, name: Cow<'de, str>) -> bool {
        if let Some(many) = &mut self.many {
            return many.insert(name);
        }
        let kind = kind_of(&name);
        if self.kinds & kind != 0 && self.few.contains(&name) {
            return false;
        }
        self.kinds |= kind;
        if self.few.len() == FEW {
            let mut many: HashSet<_> = self.few.drain(..).collect();
            many.insert(name);
            self.many = Some(many);
        } else {
            self.few.push(name);
        }
        true
    }
}

/// Names of two kinds differ; names of one kind may.
fn kind_of(name: &str) -> u64 {
    let octets = name.as_bytes();
    let (first, last) = (octets.first(), octets.last());
    let mixed = usize::from(first.copied().unwrap_or_default())
        .wrapping_mul(7)
        .wrapping_add(usize::from(last.copied().unwrap_or_default()).wrapping_mul(3))
        .wrapping_add(octets.len());
    1 << (mixed % 64)
}
