use core::fmt;
use core::future::ready;

use super::BoxFuture;
use crate::fault::Fault;
use crate::jwa::AlgName;
use crate::secret::SecretBytes;

/// Encrypts a content encryption key for one recipient: AES key wrap, AES-GCM key wrap, RSA, a password.
pub trait Wrap: Send + Sync {
    /// The one algorithm this key wraps with.
    fn alg(&self) -> &AlgName;

    /// Encrypts `cek`.
    ///
    /// # Errors
    ///
    /// [`WrapError`]; a local key fails only where its primitive does.
    fn wrap(&self, cek: &SecretBytes) -> Result<WrappedKey, WrapError>;
}

/// Decrypts a content encryption key.
pub trait Unwrap: Send + Sync {
    /// The one algorithm this key unwraps with.
    fn alg(&self) -> &AlgName;

    /// Decrypts what [`Wrap::wrap`] made.
    ///
    /// # Errors
    ///
    /// [`UnwrapError::Failed`] whatever is wrong with the octets. The caller conceals it from the sender.
    fn unwrap_key(&self, wrapped: &WrappedKey) -> Result<SecretBytes, UnwrapError>;
}

/// Wraps with a key that may be far away. Every [`Wrap`] is one, by the blanket implementation.
pub trait WrapAsync: Send + Sync {
    /// The one algorithm this key wraps with.
    fn alg(&self) -> &AlgName;

    /// Encrypts `cek`.
    fn wrap_async<'a>(
        &'a self,
        cek: &'a SecretBytes,
    ) -> BoxFuture<'a, Result<WrappedKey, WrapError>>;
}

impl<T: Wrap + ?Sized> WrapAsync for T {
    fn alg(&self) -> &AlgName {
        Wrap::alg(self)
    }

    fn wrap_async<'a>(
        &'a self,
        cek: &'a SecretBytes,
    ) -> BoxFuture<'a, Result<WrappedKey, WrapError>> {
        Box::pin(ready(self.wrap(cek)))
    }
}

/// Unwraps with a key that may be far away. Every [`Unwrap`] is one, by the blanket implementation.
pub trait UnwrapAsync: Send + Sync {
    /// The one algorithm this key unwraps with.
    fn alg(&self) -> &AlgName;

    /// Decrypts what [`Wrap::wrap`] made.
    fn unwrap_key_async<'a>(
        &'a self,
        wrapped: &'a WrappedKey,
    ) -> BoxFuture<'a, Result<SecretBytes, UnwrapError>>;
}

impl<T: Unwrap + ?Sized> UnwrapAsync for T {
    fn alg(&self) -> &AlgName {
        Unwrap::alg(self)
    }

    fn unwrap_key_async<'a>(
        &'a self,
        wrapped: &'a WrappedKey,
    ) -> BoxFuture<'a, Result<SecretBytes, UnwrapError>> {
        Box::pin(ready(self.unwrap_key(wrapped)))
    }
}

/// An encrypted content encryption key with the header parameters that its algorithm makes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct WrappedKey {
    /// The JWE Encrypted Key.
    pub encrypted_key: Vec<u8>,
    /// `iv` of AES-GCM key wrap, [RFC 7518 §4.7.1.1](https://www.rfc-editor.org/rfc/rfc7518#section-4.7.1.1).
    pub iv: Option<[u8; 12]>,
    /// `tag` of AES-GCM key wrap, [RFC 7518 §4.7.1.2](https://www.rfc-editor.org/rfc/rfc7518#section-4.7.1.2).
    pub tag: Option<[u8; 16]>,
    /// `p2s` of PBES2, the salt input, [RFC 7518 §4.8.1.1](https://www.rfc-editor.org/rfc/rfc7518#section-4.8.1.1).
    pub p2s: Option<Vec<u8>>,
    /// `p2c` of PBES2, the iterations, [RFC 7518 §4.8.1.2](https://www.rfc-editor.org/rfc/rfc7518#section-4.8.1.2).
    pub p2c: Option<u32>,
}

impl WrappedKey {
    /// An encrypted key whose algorithm makes no parameters.
    #[must_use]
    pub const fn new(encrypted_key: Vec<u8>) -> Self {
        Self {
            encrypted_key,
            iv: None,
            tag: None,
            p2s: None,
            p2c: None,
        }
    }
}

/// Why a key operation of a JWE did not produce an encrypted key.
#[derive(Debug)]
#[non_exhaustive]
pub enum WrapError {
    /// The primitive failed. There is nothing more to say about it.
    Failed,
    /// A remote key failed; the source is the adapter's own error.
    Remote {
        /// The stable code, `remote.<kebab-case>`.
        code: &'static str,
        /// What the adapter knows.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// Why a key operation of a JWE did not produce a secret.
#[derive(Debug)]
#[non_exhaustive]
pub enum UnwrapError {
    /// What came does not decrypt, or is not a point to agree with. There is no more detail on purpose.
    Failed,
    /// A remote key failed to answer; it says nothing about the token.
    Remote {
        /// The stable code, `remote.<kebab-case>`.
        code: &'static str,
        /// What the adapter knows.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

macro_rules! key_operation_error {
    ($name:ident, $failed:literal, $code:literal, $fault:ident) => {
        impl $name {
            /// The stable code.
            #[must_use]
            pub const fn code(&self) -> &'static str {
                match self {
                    Self::Failed => $code,
                    Self::Remote { code, .. } => code,
                }
            }

            /// Whose doing it is.
            #[must_use]
            pub const fn fault(&self) -> Fault {
                match self {
                    Self::Failed => Fault::$fault,
                    Self::Remote { .. } => Fault::Remote,
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    Self::Failed => f.write_str($failed),
                    Self::Remote { source, .. } => write!(f, "the remote key failed: {source}"),
                }
            }
        }

        impl std::error::Error for $name {
            fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
                match self {
                    Self::Failed => None,
                    Self::Remote { source, .. } => Some(source.as_ref()),
                }
            }
        }
    };
}

key_operation_error!(
    WrapError,
    "wrapping the key failed",
    "jwe.encryption-failed",
    Bug
);
key_operation_error!(
    UnwrapError,
    "decryption failed",
    "jwe.decryption-failed",
    Token
);
