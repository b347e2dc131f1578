//! How many passed, failed and were skipped.

use std::fmt;
use std::ops::AddAssign;

/// Counts of one suite or of all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: usize,
    pub(crate) failed: usize,
    pub(crate) skipped: usize,
}

impl Tally {
    pub(crate) const fn passed(passed: usize) -> Self {
        Self {
            passed,
            failed: 0,
            skipped: 0,
        }
    }

    pub(crate) const fn failed(failed: usize) -> Self {
        Self {
            passed: 0,
            failed,
            skipped: 0,
        }
    }

    pub(crate) const fn skipped(skipped: usize) -> Self {
        Self {
            passed: 0,
            failed: 0,
            skipped,
        }
    }

    /// Counts one check that passed or failed.
    pub(crate) fn count(&mut self, passed: bool) {
        *self += if passed {
            Self::passed(1)
        } else {
            Self::failed(1)
        };
    }

    /// Reads libtest's closing line: `test result: ok. 3 passed; 0 failed; 1 ignored; ..`.
    pub(crate) fn of_libtest_line(line: &str) -> Option<Self> {
        let (_, counts) = line
            .trim()
            .strip_prefix("test result: ")?
            .split_once(". ")?;
        let mut tally = Self::default();
        for part in counts.split("; ") {
            let (number, word) = part.split_once(' ')?;
            let slot = match word {
                "passed" => &mut tally.passed,
                "failed" => &mut tally.failed,
                "ignored" => &mut tally.skipped,
                _ => continue,
            };
            *slot = number.parse().ok()?;
        }
        Some(tally)
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} passed, {} failed, {} skipped",
            self.passed, self.failed, self.skipped
        )
    }
}

#[cfg(test)]
mod tests {
    use super::Tally;

    #[test]
    fn reads_libtests_closing_line() {
        let line = "test result: FAILED. 12 passed; 1 failed; 2 ignored; 0 measured; 3 filtered out; finished in 0.01s";
        assert_eq!(
            Tally::of_libtest_line(line),
            Some(Tally {
                passed: 12,
                failed: 1,
                skipped: 2
            })
        );
        assert_eq!(Tally::of_libtest_line("test jwk::parse ... ok"), None);
    }

    #[test]
    fn closes_with_the_line_that_machines_read() {
        let tally = Tally {
            passed: 7,
            failed: 0,
            skipped: 1,
        };
        assert_eq!(tally.to_string(), "7 passed, 0 failed, 1 skipped");
    }
}
