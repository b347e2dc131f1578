use core::fmt;

/// What is wrong with a token's form: facts about its structure, never its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct MalformedToken {
    /// The part or parameter that is wrong.
    pub what: &'static str,
    /// What is wrong with it.
    pub why: &'static str,
}

impl fmt::Display for MalformedToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.what, self.why)
    }
}

/// Why a header is not read, before it is known whose error that becomes.
pub(crate) enum HeaderError {
    CriticalUnknown(String),
    Limit(&'static str),
    Malformed(MalformedToken),
}

impl HeaderError {
    pub(crate) const fn malformed(what: &'static str, why: &'static str) -> Self {
        Self::Malformed(MalformedToken { what, why })
    }
}

impl From<MalformedToken> for HeaderError {
    fn from(malformed: MalformedToken) -> Self {
        Self::Malformed(malformed)
    }
}
