use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use super::CachePolicy;

/// The `kid`s that the issuer was asked for and did not have. It is bounded, and it holds no keys, so that whoever
/// invents `kid`s can neither fill memory nor push a key out.
#[derive(Debug, Default)]
pub(super) struct UnknownKids {
    entries: HashMap<Box<str>, Entry>,
    /// The oldest first, to make room.
    order: VecDeque<Box<str>>,
}

#[derive(Debug)]
struct Entry {
    until: Duration,
    ttl: Duration,
}

impl UnknownKids {
    /// Whether `kid` was looked for, in vain, not long ago.
    pub(super) fn remembers(&self, kid: &str, now: Duration) -> bool {
        self.entries.get(kid).is_some_and(|entry| now < entry.until)
    }

    /// Notes that the issuer was asked and does not have `kid`.
    pub(super) fn note(&mut self, kid: &str, now: Duration, policy: &CachePolicy) {
        if let Some(entry) = self.entries.get_mut(kid) {
            // Those who waited for one answer together all come here; once is enough.
            if now >= entry.until {
                entry.ttl = entry.ttl.saturating_mul(2).min(policy.unknown_ttl_max);
                entry.until = now.saturating_add(entry.ttl);
            }
            return;
        }
        while self.entries.len() >= policy.unknown_kids {
            let Some(oldest) = self.order.pop_front() else {
                return;
            };
            self.entries.remove(&oldest);
        }
        let ttl = policy.cooldown.min(policy.unknown_ttl_max);
        let entry = Entry {
            until: now.saturating_add(ttl),
            ttl,
        };
        self.entries.insert(kid.into(), entry);
        self.order.push_back(kid.into());
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }
}
