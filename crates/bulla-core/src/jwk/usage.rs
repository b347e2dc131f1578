//! What a key may be used for: `use` and `key_ops`.

use core::fmt;

use super::KeyError;

/// The value of `use` ([RFC 7517 §4.2](https://www.rfc-editor.org/rfc/rfc7517#section-4.2)).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PublicKeyUse {
    /// `sig`
    Signature,
    /// `enc`
    Encryption,
    /// Some other value, kept; such a key can be bound to nothing here.
    Other(Box<str>),
}

impl PublicKeyUse {
    /// The value as it stands on the wire.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Signature => "sig",
            Self::Encryption => "enc",
            Self::Other(value) => value,
        }
    }
}

impl From<&str> for PublicKeyUse {
    fn from(value: &str) -> Self {
        match value {
            "sig" => Self::Signature,
            "enc" => Self::Encryption,
            other => Self::Other(other.into()),
        }
    }
}

/// An element of `key_ops` ([RFC 7517 §4.3](https://www.rfc-editor.org/rfc/rfc7517#section-4.3)).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeyOperation {
    /// `sign`
    Sign,
    /// `verify`
    Verify,
    /// `encrypt`
    Encrypt,
    /// `decrypt`
    Decrypt,
    /// `wrapKey`
    WrapKey,
    /// `unwrapKey`
    UnwrapKey,
    /// `deriveKey`
    DeriveKey,
    /// `deriveBits`
    DeriveBits,
    /// Some other value, kept.
    Other(Box<str>),
}

impl KeyOperation {
    /// The value as it stands on the wire.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Sign => "sign",
            Self::Verify => "verify",
            Self::Encrypt => "encrypt",
            Self::Decrypt => "decrypt",
            Self::WrapKey => "wrapKey",
            Self::UnwrapKey => "unwrapKey",
            Self::DeriveKey => "deriveKey",
            Self::DeriveBits => "deriveBits",
            Self::Other(value) => value,
        }
    }
}

impl From<&str> for KeyOperation {
    fn from(value: &str) -> Self {
        match value {
            "sign" => Self::Sign,
            "verify" => Self::Verify,
            "encrypt" => Self::Encrypt,
            "decrypt" => Self::Decrypt,
            "wrapKey" => Self::WrapKey,
            "unwrapKey" => Self::UnwrapKey,
            "deriveKey" => Self::DeriveKey,
            "deriveBits" => Self::DeriveBits,
            other => Self::Other(other.into()),
        }
    }
}

impl fmt::Display for KeyOperation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What the holder of the public half may do where the holder of the private half may do `operations`.
///
/// Operations that we do not know fall away; so a list may become empty, which permits nothing.
pub(crate) fn of_the_public_half(operations: &[KeyOperation]) -> Vec<KeyOperation> {
    let mut public = Vec::new();
    for operation in operations {
        let counterpart = match operation {
            KeyOperation::Sign | KeyOperation::Verify => KeyOperation::Verify,
            KeyOperation::Encrypt | KeyOperation::Decrypt => KeyOperation::Encrypt,
            KeyOperation::WrapKey | KeyOperation::UnwrapKey => KeyOperation::WrapKey,
            // Both parties of a key agreement derive, each with the public key of the other.
            KeyOperation::DeriveKey | KeyOperation::DeriveBits => operation.clone(),
            KeyOperation::Other(_) => continue,
        };
        if !public.contains(&counterpart) {
            public.push(counterpart);
        }
    }
    public
}

/// RFC 7517 §4.3: no operation twice, and none that contradicts `use`. Values nobody registered are not judged.
pub(crate) fn check_consistency(
    key_use: Option<&PublicKeyUse>,
    operations: Option<&[KeyOperation]>,
) -> Result<(), KeyError> {
    for (index, operation) in operations.iter().copied().flatten().enumerate() {
        if operations.is_some_and(|all| all.iter().take(index).any(|other| other == operation)) {
            return Err(KeyError::malformed("key_ops", "names an operation twice"));
        }
        let contradicts = match (key_use, operation) {
            (None | Some(PublicKeyUse::Other(_)), _) | (_, KeyOperation::Other(_)) => false,
            (Some(PublicKeyUse::Signature), operation) => !is_of_signatures(operation),
            (Some(PublicKeyUse::Encryption), operation) => is_of_signatures(operation),
        };
        if contradicts {
            return Err(KeyError::malformed("key_ops", "contradicts `use`"));
        }
    }
    Ok(())
}

/// All others (`encrypt`, `wrapKey`, but also `deriveKey` and `deriveBits`) belong with `enc`.
const fn is_of_signatures(operation: &KeyOperation) -> bool {
    matches!(operation, KeyOperation::Sign | KeyOperation::Verify)
}
