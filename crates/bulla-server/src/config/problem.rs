use core::fmt;

use super::Place;

/// A mistake in the configuration: where it stands, what it is, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    place: Place,
    what: String,
    fix: String,
}

impl Problem {
    pub(super) fn new(place: &Place, what: impl Into<String>, fix: impl Into<String>) -> Self {
        Self {
            place: place.clone(),
            what: what.into(),
            fix: fix.into(),
        }
    }

    /// Where it stands.
    #[must_use]
    pub const fn place(&self) -> &Place {
        &self.place
    }

    /// What is wrong.
    #[must_use]
    pub fn what(&self) -> &str {
        &self.what
    }

    /// What to do about it.
    #[must_use]
    pub fn fix(&self) -> &str {
        &self.fix
    }

    /// The stable code of every mistake.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        "config.invalid"
    }
}

/// Where, and what.
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.what)
    }
}
