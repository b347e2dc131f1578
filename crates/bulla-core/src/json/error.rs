use core::fmt;

use serde::de;

/// Why octets are not the JSON that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum JsonError {
    /// An object has a member name twice.
    DuplicateMember {
        /// The name, unescaped; only the beginning of a long one.
        name: String,
    },
    /// Not JSON, or JSON that others may read differently.
    Syntax {
        /// The offset of the first octet that is wrong.
        at: usize,
        /// What is wrong with it.
        why: &'static str,
    },
    /// Objects and arrays nest deeper than the limit.
    TooDeep {
        /// The offset of the object or array that is too deep.
        at: usize,
    },
    /// Strict JSON, but not what the target type is made of.
    WrongType {
        /// The offset where the target type gave up.
        at: usize,
        /// What the target type has to say.
        message: String,
    },
}

impl JsonError {
    pub(super) fn duplicate(name: &str) -> Self {
        Self::DuplicateMember {
            name: name.chars().take(NAME_SHOWN).collect(),
        }
    }
}

/// A name may be a megabyte; an error should not.
const NAME_SHOWN: usize = 64;

impl de::Error for JsonError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::WrongType {
            at: 0,
            message: message.to_string(),
        }
    }
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DuplicateMember { name } => write!(f, "the member {name:?} stands twice"),
            Self::Syntax { at, why } => write!(f, "{why}, at octet {at}"),
            Self::TooDeep { at } => {
                write!(f, "objects and arrays nest too deep, at octet {at}")
            }
            Self::WrongType { at, message } => write!(f, "{message}, before octet {at}"),
        }
    }
}

impl std::error::Error for JsonError {}
