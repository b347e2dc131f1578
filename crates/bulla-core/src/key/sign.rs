use core::fmt;
use core::future::{Future, ready};
use core::pin::Pin;

use super::{InputError, Signature, SigningInput};
use crate::fault::Fault;
use crate::jwa::AlgName;

/// A boxed future, so that `Arc<dyn SignAsync>` holds local and remote keys side by side.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Signs with a private key that is at hand.
///
/// Implement it for an algorithm of your own; see the example `custom_algorithm`.
pub trait Sign: Send + Sync {
    /// The one algorithm this key signs with.
    fn alg(&self) -> &AlgName;

    /// Signs the input; the signature is in the form JOSE wants (R‖S for ECDSA).
    ///
    /// # Errors
    ///
    /// [`SignError::Input`] where the input cannot be read or not be streamed, [`SignError::Failed`] where
    /// the primitive fails.
    fn sign(&self, input: &SigningInput<'_>) -> Result<Signature, SignError>;
}

/// Signs with a private key that may be far away.
///
/// Every [`Sign`] is one, by the blanket implementation.
pub trait SignAsync: Send + Sync {
    /// The one algorithm this key signs with.
    fn alg(&self) -> &AlgName;

    /// Signs the input; an adapter that sends a digest asks [`SigningInput::digest`] for it.
    fn sign_async<'a>(
        &'a self,
        input: &'a SigningInput<'_>,
    ) -> BoxFuture<'a, Result<Signature, SignError>>;
}

impl<T: Sign + ?Sized> SignAsync for T {
    fn alg(&self) -> &AlgName {
        Sign::alg(self)
    }

    fn sign_async<'a>(
        &'a self,
        input: &'a SigningInput<'_>,
    ) -> BoxFuture<'a, Result<Signature, SignError>> {
        Box::pin(ready(self.sign(input)))
    }
}

/// Computes a message authentication code with a secret that is at hand.
pub trait Mac: Send + Sync {
    /// The one algorithm this key is for.
    fn alg(&self) -> &AlgName;

    /// The authentication code of the input. The caller compares in constant time.
    ///
    /// # Errors
    ///
    /// As for [`Sign::sign`].
    fn mac(&self, input: &SigningInput<'_>) -> Result<Signature, SignError>;
}

/// Computes a message authentication code with a secret that may be far away.
///
/// Every [`Mac`] is one, by the blanket implementation. A MAC key in a vault can be neither probed nor verified locally.
pub trait MacAsync: Send + Sync {
    /// The one algorithm this key is for.
    fn alg(&self) -> &AlgName;

    /// The authentication code of the input.
    fn mac_async<'a>(
        &'a self,
        input: &'a SigningInput<'_>,
    ) -> BoxFuture<'a, Result<Signature, SignError>>;
}

impl<T: Mac + ?Sized> MacAsync for T {
    fn alg(&self) -> &AlgName {
        Mac::alg(self)
    }

    fn mac_async<'a>(
        &'a self,
        input: &'a SigningInput<'_>,
    ) -> BoxFuture<'a, Result<Signature, SignError>> {
        Box::pin(ready(self.mac(input)))
    }
}

/// Why a key operation did not produce a signature.
#[derive(Debug)]
#[non_exhaustive]
pub enum SignError {
    /// The primitive failed. There is nothing more to say about it.
    Failed,
    /// The input could not be read, or not be signed piece by piece.
    Input(InputError),
    /// A remote key failed; the source is the adapter's own error.
    Remote {
        /// The stable code, `remote.<kebab-case>`.
        code: &'static str,
        /// What the adapter knows.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A remote key answered with a signature that its own public key does not verify.
    RemoteSignatureInvalid,
}

impl SignError {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Failed => "jws.signing-failed",
            Self::Input(error) => error.code(),
            Self::Remote { code, .. } => code,
            Self::RemoteSignatureInvalid => "remote.integrity",
        }
    }

    /// Whose doing it is.
    #[must_use]
    pub const fn fault(&self) -> Fault {
        match self {
            Self::Failed => Fault::Bug,
            Self::Input(error) => error.fault(),
            Self::Remote { .. } | Self::RemoteSignatureInvalid => Fault::Remote,
        }
    }
}

impl From<InputError> for SignError {
    fn from(error: InputError) -> Self {
        Self::Input(error)
    }
}

impl fmt::Display for SignError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed => f.write_str("signing failed"),
            Self::Input(error) => error.fmt(f),
            Self::Remote { source, .. } => write!(f, "the remote key failed: {source}"),
            Self::RemoteSignatureInvalid => {
                f.write_str("the remote key's signature does not verify with its public key")
            }
        }
    }
}

impl std::error::Error for SignError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Input(error) => Some(error),
            Self::Remote { source, .. } => Some(source.as_ref()),
            Self::Failed | Self::RemoteSignatureInvalid => None,
        }
    }
}
