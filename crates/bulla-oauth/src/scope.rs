use core::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use bulla_core::Fault;

/// A set of scopes, [RFC 6749 §3.3](https://www.rfc-editor.org/rfc/rfc6749#section-3.3). Written as text they stand in the
/// order in which they came, with one space between them.
///
/// ```
/// use bulla_oauth::Scopes;
/// let granted = Scopes::parse("invoices:read invoices:write")?;
/// assert!(granted.contains("invoices:read"));
/// assert!(Scopes::parse("invoices:write")?.is_subset(&granted));
/// assert_eq!(granted.to_string(), "invoices:read invoices:write");
/// assert_eq!(Scopes::parse("a  b").unwrap_err().code(), "oauth.scope-malformed");
/// # Ok::<(), bulla_oauth::ScopeError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Scopes(Vec<Box<str>>);

impl Scopes {
    /// No scope.
    #[must_use]
    pub const fn none() -> Self {
        Self(Vec::new())
    }

    /// Reads scopes with one space between them; the empty text is no scope. A scope that stands twice counts once.
    ///
    /// # Errors
    ///
    /// [`ScopeError`] for a character that RFC 6749 does not allow, for a space too many, and for more than 100
    /// scopes.
    pub fn parse(text: &str) -> Result<Self, ScopeError> {
        if text.is_empty() {
            return Ok(Self::none());
        }
        let mut scopes = Self::none();
        for scope in text.split(' ') {
            scopes.insert(scope)?;
        }
        Ok(scopes)
    }

    /// Adds a scope.
    ///
    /// # Errors
    ///
    /// As for [`parse`](Self::parse).
    pub fn insert(&mut self, scope: &str) -> Result<(), ScopeError> {
        if scope.is_empty() || !scope.bytes().all(is_scope_character) || self.0.len() >= MOST {
            return Err(ScopeError);
        }
        if !self.contains(scope) {
            self.0.push(scope.into());
        }
        Ok(())
    }

    /// Whether the scope is in the set. Scopes are case-sensitive.
    #[must_use]
    pub fn contains(&self, scope: &str) -> bool {
        self.0.iter().any(|known| **known == *scope)
    }

    /// Whether every scope of this set is in the other.
    #[must_use]
    pub fn is_subset(&self, other: &Self) -> bool {
        self.iter().all(|scope| other.contains(scope))
    }

    /// Whether there is no scope.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The scopes in the order in which they came.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &str> {
        self.0.iter().map(|scope| &**scope)
    }
}

/// Comparing is quadratic, and nobody has more.
const MOST: usize = 100;

/// `scope-token`: printable ASCII but space, quotation mark and backslash.
const fn is_scope_character(octet: u8) -> bool {
    matches!(octet, 0x21 | 0x23..=0x5b | 0x5d..=0x7e)
}

/// As sets: order does not matter.
impl PartialEq for Scopes {
    fn eq(&self, other: &Self) -> bool {
        self.0.len() == other.0.len() && self.is_subset(other)
    }
}

impl Eq for Scopes {}

impl FromStr for Scopes {
    type Err = ScopeError;

    fn from_str(text: &str) -> Result<Self, ScopeError> {
        Self::parse(text)
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, scope) in self.iter().enumerate() {
            let space = if index == 0 { "" } else { " " };
            write!(f, "{space}{scope}")?;
        }
        Ok(())
    }
}

impl Serialize for Scopes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Scopes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

/// Text is not a list of scopes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScopeError;

impl ScopeError {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        "oauth.scope-malformed"
    }

    /// Whose doing it is.
    #[must_use]
    pub const fn fault(&self) -> Fault {
        Fault::Caller
    }
}

impl fmt::Display for ScopeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a list of scopes with one space between them")
    }
}

impl std::error::Error for ScopeError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grammar_of_rfc_6749_is_kept() {
        for text in [" ", " a", "a ", "a  b", "a\tb", "a\"b", "a\\b", "é", "a\nb"] {
            assert_eq!(Scopes::parse(text), Err(ScopeError), "{text:?}");
        }
        assert_eq!(Scopes::parse("").unwrap(), Scopes::none());
        assert_eq!(Scopes::parse("b a b").unwrap().to_string(), "b a");
        assert_eq!(Scopes::parse("a b").unwrap(), Scopes::parse("b a").unwrap());
        assert_ne!(Scopes::parse("a").unwrap(), Scopes::parse("A").unwrap());
        let many: Vec<String> = (0..101).map(|index| index.to_string()).collect();
        assert!(Scopes::parse(&many.join(" ")).is_err());
        assert!(Scopes::parse(&many[1..].join(" ")).is_ok());
    }
}
