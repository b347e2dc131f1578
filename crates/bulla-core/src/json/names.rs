use std::borrow::Cow;
use std::collections::HashSet;

use smallvec::SmallVec;

/// The member names that one object has had so far.
#[derive(Default)]
pub(super) struct Names<'de> {
    /// One bit for each kind of name met: most new names are told from the old ones by it alone.
    kinds: u64,
    plain: SmallVec<[&'de str; FEW]>,
    /// What `plain` has no room for: names that had to be unescaped, and all names of a large object.
    other: Option<HashSet<Cow<'de, str>>>,
}

/// Up to here comparing with each is faster than hashing; beyond it would be quadratic.
const FEW: usize = 16;

impl<'de> Names<'de> {
    /// Whether the name is new. It is remembered.
    pub(super) fn insert(&mut self, name: Cow<'de, str>) -> bool {
        if let (Cow::Borrowed(name), None, ..FEW) = (&name, &self.other, self.plain.len()) {
            return self.insert_plain(name);
        }
        self.insert_other(name)
    }

    /// Remembers a name if it is new and there is room for it; otherwise nothing is done.
    #[inline]
    pub(super) fn insert_plain(&mut self, name: &'de str) -> bool {
        let kind = kind_of(name);
        let known = self.kinds & kind != 0 && self.plain.contains(&name);
        if known || self.plain.len() >= FEW || self.other.is_some() {
            return false;
        }
        self.kinds |= kind;
        self.plain.push(name);
        true
    }

    #[cold]
    fn insert_other(&mut self, name: Cow<'de, str>) -> bool {
        let plain = &mut self.plain;
        self.other
            .get_or_insert_with(|| plain.drain(..).map(Cow::Borrowed).collect())
            .insert(name)
    }
}

/// Names of two kinds differ; names of one kind may.
#[inline]
fn kind_of(name: &str) -> u64 {
    let octets = name.as_bytes();
    let (first, last) = (octets.first(), octets.last());
    let mixed = usize::from(first.copied().unwrap_or_default())
        .wrapping_mul(7)
        .wrapping_add(usize::from(last.copied().unwrap_or_default()).wrapping_mul(3))
        .wrapping_add(octets.len());
    1 << (mixed % 64)
}
