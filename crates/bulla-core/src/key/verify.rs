use core::fmt;

use super::{InputError, SigningInput};
use crate::jwa::AlgName;

/// Verifies with a public key, or with the secret of a MAC. Always local: there is no async twin.
pub trait Verify: Send + Sync {
    /// The one algorithm this key verifies.
    fn alg(&self) -> &AlgName;

    /// Whether `signature` is this key's over the input. Secrets are compared in constant time.
    ///
    /// # Errors
    ///
    /// [`CheckError::SignatureInvalid`] whatever is wrong with the signature, its length included;
    /// [`CheckError::Input`] where the input cannot be read or not be streamed.
    fn verify(&self, input: &SigningInput<'_>, signature: &[u8]) -> Result<(), CheckError>;
}

/// Why a signature could not be accepted.
#[derive(Debug)]
#[non_exhaustive]
pub enum CheckError {
    /// The signature is not this key's over this input. There is no more detail on purpose.
    SignatureInvalid,
    /// The input could not be read, or not be verified piece by piece.
    Input(InputError),
}

impl From<InputError> for CheckError {
    fn from(error: InputError) -> Self {
        Self::Input(error)
    }
}

impl fmt::Display for CheckError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SignatureInvalid => f.write_str("the signature is not valid"),
            Self::Input(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for CheckError {}
