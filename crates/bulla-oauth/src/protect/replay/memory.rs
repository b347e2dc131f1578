use core::fmt;
use std::collections::{BTreeSet, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use bulla_core::key::BoxFuture;
use bulla_core::{Clock, SystemClock};

use super::ReplayStore;
use crate::single_use::{Recorded, SingleUse};

/// Used proofs in the memory of one process, and so many at most: 500,000 unless said otherwise, which is some 60 MB and,
/// with proofs that live five minutes, more than a thousand requests a second. Only proofs that came with a valid token
/// are remembered.
///
/// # Security
///
/// Where there is no room, nothing is accepted (503) and nothing forgotten; nor is what may have been forgotten already,
/// after the clock was set back. A restart forgets, and another node does not
/// know: a proof that was seen on its way can then be used again, for the same request, until it is too old. Nonces make
/// that time shorter, a shared [`ReplayStore`] ends it.
pub struct MemoryReplay {
    used: Mutex<Used>,
    most: usize,
    clock: Arc<dyn Clock>,
}

#[derive(Debug, Default)]
struct Used {
    keys: HashSet<[u8; 32]>,
    /// The same, by when they end.
    ends: BTreeSet<(SystemTime, [u8; 32])>,
    /// The last end of those that were forgotten. What ends no later may be one of them, if the clock was set back.
    forgotten: Option<SystemTime>,
}

impl MemoryReplay {
    /// Room for 500,000.
    #[must_use]
    pub fn new() -> Self {
        Self::at_most(MOST)
    }

    /// Room for so many.
    #[must_use]
    pub fn at_most(most: usize) -> Self {
        Self {
            used: Mutex::default(),
            most,
            clock: Arc::new(SystemClock),
        }
    }

    /// Asks this clock.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    fn insert(&self, key: [u8; 32], until: SystemTime) -> Recorded {
        let now = self.clock.now();
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        used.forget(now);
        if used.keys.contains(&key) {
            return Recorded::Before;
        }
        let may_be_forgotten = used.forgotten.is_some_and(|end| until <= end);
        if may_be_forgotten || used.keys.len() >= self.most {
            return Recorded::Unavailable;
        }
        used.keys.insert(key);
        used.ends.insert((until, key));
        Recorded::New
    }
}

impl Used {
    /// Drops what ended. Each is dropped once, so that this costs no more than inserting did.
    fn forget(&mut self, now: SystemTime) {
        while let Some((end, key)) = self.ends.first().copied() {
            if end >= now {
                return;
            }
            self.forgotten = self.forgotten.max(Some(end));
            self.ends.remove(&(end, key));
            self.keys.remove(&key);
        }
    }
}

impl ReplayStore for MemoryReplay {
    fn use_once<'a>(&'a self, used: &'a SingleUse) -> BoxFuture<'a, Recorded> {
        let recorded = self.insert(used.key(), used.until());
        Box::pin(std::future::ready(recorded))
    }
}

impl Default for MemoryReplay {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for MemoryReplay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryReplay")
            .field("most", &self.most)
            .finish_non_exhaustive()
    }
}

const MOST: usize = 500_000;

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;

    #[derive(Debug, Default)]
    struct Hand(AtomicU64);

    impl Clock for Hand {
        fn now(&self) -> SystemTime {
            at(self.0.load(Ordering::Relaxed))
        }
    }

    fn at(seconds: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(seconds)
    }

    #[test]
    fn a_use_is_remembered_until_its_end_and_no_longer() {
        let hand = Arc::new(Hand::default());
        let store = MemoryReplay::new().clock(Arc::clone(&hand) as Arc<dyn Clock>);
        assert_eq!(store.insert([1; 32], at(10)), Recorded::New);
        assert_eq!(store.insert([1; 32], at(10)), Recorded::Before);
        hand.0.store(10, Ordering::Relaxed);
        assert_eq!(store.insert([1; 32], at(10)), Recorded::Before);
        hand.0.store(11, Ordering::Relaxed);
        assert_eq!(store.insert([1; 32], at(20)), Recorded::New);
        assert_eq!(store.used.lock().unwrap().ends.len(), 1);
    }

    #[test]
    fn where_there_is_no_room_nothing_is_forgotten() {
        let hand = Arc::new(Hand::default());
        let store = MemoryReplay::at_most(2).clock(Arc::clone(&hand) as Arc<dyn Clock>);
        assert_eq!(store.insert([1; 32], at(10)), Recorded::New);
        assert_eq!(store.insert([2; 32], at(20)), Recorded::New);
        assert_eq!(store.insert([3; 32], at(30)), Recorded::Unavailable);
        assert_eq!(store.insert([1; 32], at(10)), Recorded::Before);
        hand.0.store(11, Ordering::Relaxed);
        assert_eq!(store.insert([3; 32], at(30)), Recorded::New);
        assert_eq!(store.insert([2; 32], at(20)), Recorded::Before);
    }

    #[test]
    fn a_clock_that_is_set_back_makes_no_use_new_again() {
        let hand = Arc::new(Hand::default());
        let store = MemoryReplay::new().clock(Arc::clone(&hand) as Arc<dyn Clock>);
        assert_eq!(store.insert([1; 32], at(10)), Recorded::New);
        hand.0.store(1_000, Ordering::Relaxed);
        assert_eq!(store.insert([2; 32], at(1_300)), Recorded::New);
        hand.0.store(5, Ordering::Relaxed);
        assert_eq!(store.insert([1; 32], at(10)), Recorded::Unavailable);
        assert_eq!(store.insert([3; 32], at(11)), Recorded::New);
    }

    #[test]
    fn of_many_at_once_one_is_new() {
        let store = MemoryReplay::new().clock(Arc::new(at(0)));
        let new = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..16)
                .map(|_| scope.spawn(|| store.insert([7; 32], at(10)) == Recorded::New))
                .collect();
            threads
                .into_iter()
                .map(|thread| thread.join().unwrap())
                .filter(|is_new| *is_new)
                .count()
        });
        assert_eq!(new, 1);
    }
}
