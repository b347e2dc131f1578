use core::fmt;
use std::path::Path;

use bulla::jwa::SignatureAlg;
use bulla::key::{BoxFuture, RotationKey};
use bulla::{Fault, SecretBytes};

/// Opens what a KEYREF of the configuration names: files, variables, vaults. The program that runs the server has it.
pub trait KeyRefs: fmt::Debug + Send + Sync {
    /// The key that signs access tokens. Relative paths are relative to `folder`; `alg` is for a key that fixes none.
    ///
    /// # Errors
    ///
    /// [`KeyRefError`] where there is no such key, or it cannot sign.
    fn signing_key<'a>(
        &'a self,
        keyref: &'a str,
        folder: &'a Path,
        alg: Option<SignatureAlg>,
    ) -> BoxFuture<'a, Result<RotationKey, KeyRefError>>;

    /// The octets of a symmetric key.
    ///
    /// # Errors
    ///
    /// [`KeyRefError`] where there is none.
    fn secret<'a>(
        &'a self,
        keyref: &'a str,
        folder: &'a Path,
    ) -> BoxFuture<'a, Result<SecretBytes, KeyRefError>>;
}

/// Why a key cannot be had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyRefError {
    code: &'static str,
    fault: Fault,
    what: String,
    fix: String,
}

impl KeyRefError {
    /// An error of this code: what it is, and what to do.
    #[must_use]
    pub fn new(
        code: &'static str,
        fault: Fault,
        what: impl Into<String>,
        fix: impl Into<String>,
    ) -> Self {
        Self {
            code,
            fault,
            what: what.into(),
            fix: fix.into(),
        }
    }

    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        self.code
    }

    /// Whose doing it is.
    #[must_use]
    pub const fn fault(&self) -> Fault {
        self.fault
    }

    /// What to do about it.
    #[must_use]
    pub fn fix(&self) -> &str {
        &self.fix
    }
}

impl fmt::Display for KeyRefError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl std::error::Error for KeyRefError {}
