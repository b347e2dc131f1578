//! Encryption: every pair of key management and content encryption, both directions, and what is built on it.
//!
//! [`algorithm`] is the table of what is tried; [`token`] how one case asks.

mod algorithm;
mod form_cases;
mod iteration_cases;
mod key_cases;
mod keyring;
mod nested_cases;
mod pair_cases;
mod recipient_cases;
mod tamper_cases;
mod token;

use keyring::Keyring;

use super::bulla::Bulla;
use super::case::Cases;
use super::party::Party;
use crate::Failure;

/// What a peer can do of encryption.
#[derive(Debug)]
pub(super) struct Reach {
    /// Algorithms and curves it does not know; a case proves that it still refuses each.
    pub(super) lacks: &'static [&'static str],
    /// The most PBES2 iterations it takes.
    pub(super) most_iterations: u32,
    /// Where it differs from the others.
    pub(super) quirks: &'static [Quirk],
}

impl Reach {
    fn has(&self, quirk: Quirk) -> bool {
        self.quirks.contains(&quirk)
    }
}

/// What cases must allow for; each proves that it is still so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quirk {
    /// Its caller cannot raise the number of iterations it takes.
    FixedIterations,
    /// It takes an empty plaintext for a failure.
    NoEmptyPlaintext,
    /// It takes AES-GCM tags that were cut short.
    ShortTags,
    /// Its driver makes no signatures, so that we make the inner token of two.
    NoSignatures,
}

/// One suite's two sides, the keys made, and its cases.
struct Bench<'s, 'l> {
    them: &'s mut dyn Party,
    us: &'s mut Bulla,
    reach: &'static Reach,
    keys: Keyring,
    cases: &'s mut Cases<'l>,
}

/// The directions a token travels in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Direction {
    TheirsToOurs,
    OursToTheirs,
}

impl Direction {
    const BOTH: [Self; 2] = [Self::TheirsToOurs, Self::OursToTheirs];

    const fn name(self) -> &'static str {
        match self {
            Self::TheirsToOurs => "theirs_to_ours",
            Self::OursToTheirs => "ours_to_theirs",
        }
    }
}

/// Every case of a peer.
pub(super) fn run(
    reach: &'static Reach,
    them: &mut dyn Party,
    us: &mut Bulla,
    cases: &mut Cases<'_>,
) -> Result<(), Failure> {
    let mut bench = Bench {
        them,
        us,
        reach,
        keys: Keyring::default(),
        cases,
    };
    for row in algorithm::ALL {
        if row.is_in(reach.lacks) {
            pair_cases::unsupported(row, &mut bench)?;
            continue;
        }
        pair_cases::run(row, &mut bench)?;
        form_cases::run(row, &mut bench)?;
    }
    form_cases::compressed(&mut bench)?;
    form_cases::empty(&mut bench)?;
    recipient_cases::run(&mut bench)?;
    tamper_cases::run(&mut bench)?;
    iteration_cases::run(&mut bench)?;
    key_cases::run(&mut bench)?;
    nested_cases::run(&mut bench)
}

impl Bench<'_, '_> {
    /// Carries `plaintext` in one direction, to a key of whoever receives it.
    fn carry(
        &mut self,
        kind: &token::Kind,
        direction: Direction,
        plaintext: &[u8],
    ) -> Result<(), Failure> {
        let key = self.key(kind, direction)?;
        match direction {
            Direction::TheirsToOurs => kind.carried(&key, plaintext, self.them, self.us),
            Direction::OursToTheirs => kind.carried(&key, plaintext, self.us, self.them),
        }
    }

    /// The key of whoever receives in that direction.
    fn key(
        &mut self,
        kind: &token::Kind,
        direction: Direction,
    ) -> Result<keyring::KeyPair, Failure> {
        match direction {
            Direction::TheirsToOurs => self.keys.of(self.us, kind.row, kind.enc),
            Direction::OursToTheirs => self.keys.of(self.them, kind.row, kind.enc),
        }
    }

    fn check(
        &mut self,
        name: &str,
        run: impl FnOnce(&mut Self) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let result = run(self);
        self.cases.check(&format!("jwe::{name}"), || result)
    }

    /// One case for each direction.
    fn both(
        &mut self,
        name: &str,
        mut run: impl FnMut(&mut Self, Direction) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        for direction in Direction::BOTH {
            self.check(&format!("{name}::{}", direction.name()), |bench| {
                run(bench, direction)
            })?;
        }
        Ok(())
    }
}
