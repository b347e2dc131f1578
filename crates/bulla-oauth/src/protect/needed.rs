use crate::scope::{ScopeError, Scopes};

/// The scopes that a handler needs, as a type: `Authorized<ReadInvoices>` says in a signature what it takes to call it.
///
/// ```
/// use bulla_oauth::protect::NeededScopes;
/// struct ReadInvoices;
/// impl NeededScopes for ReadInvoices {
///     const SCOPES: &'static str = "invoices:read";
/// }
/// struct Reconcile;
/// impl NeededScopes for Reconcile {
///     const SCOPES: &'static str = "invoices:read invoices:write"; // all of them
/// }
/// ```
///
/// Text that is no list of scopes does not compile where the type is used. `()` needs none.
pub trait NeededScopes {
    /// The scopes, with one space between them; all are needed.
    const SCOPES: &'static str;
}

impl NeededScopes for () {
    const SCOPES: &'static str = "";
}

/// The scopes of a type.
pub(super) fn of<N: NeededScopes>() -> Result<Scopes, ScopeError> {
    const { assert!(is_list(N::SCOPES), "SCOPES is no list of scopes") };
    Scopes::parse(N::SCOPES)
}

/// What [`Scopes::parse`] accepts, for the compiler to see.
const fn is_list(text: &str) -> bool {
    let octets = text.as_bytes();
    let (mut index, mut length, mut spaces) = (0, 0, 0);
    while index < octets.len() {
        #[allow(
            clippy::indexing_slicing,
            reason = "below the length, and evaluated by the compiler"
        )]
        match octets[index] {
            b' ' if length == 0 => return false,
            b' ' => {
                length = 0;
                spaces += 1;
            }
            0x21 | 0x23..=0x5b | 0x5d..=0x7e => length += 1,
            _ => return false,
        }
        index += 1;
    }
    (length > 0 || octets.is_empty()) && spaces < 100
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_compiler_accepts_parses_and_nothing_else() {
        let hundred = vec!["a"; 100].join(" ");
        let more = vec!["a"; 101].join(" ");
        for text in [
            "",
            "a",
            "a b",
            "a:b c.d/e",
            " ",
            " a",
            "a ",
            "a  b",
            "a\tb",
            "a\"",
            "a\\",
            "é",
            &hundred,
        ] {
            assert_eq!(is_list(text), Scopes::parse(text).is_ok(), "{text:?}");
        }
        assert!(!is_list(&more));
        assert!(of::<()>().unwrap().is_empty());
    }
}
