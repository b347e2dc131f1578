use std::path::{Path, PathBuf};

use clap::Args;
use zeroize::Zeroizing;

use crate::error::Failure;
use crate::input;

/// A password on its way to an encrypted key.
pub(crate) type Password = Zeroizing<Vec<u8>>;

/// Where the password of an encrypted key is.
#[derive(Args, Clone, Debug)]
pub(crate) struct PasswordArgs {
    /// The password of an encrypted key, else BULLA_PASSWORD
    #[arg(long, value_name = "FILE")]
    pub(crate) password_file: Option<PathBuf>,
}

impl PasswordArgs {
    /// For [`stdin_once`](crate::input::stdin_once).
    pub(crate) fn stdin(&self) -> (&'static str, bool) {
        (
            "--password-file",
            self.password_file.as_deref() == Some(Path::new("-")),
        )
    }

    pub(crate) fn read(&self) -> Result<Option<Password>, Failure> {
        match &self.password_file {
            Some(path) => input::read_password(path).map(Some),
            None => Ok(from_environment()),
        }
    }
}

/// `BULLA_PASSWORD`, unless it is empty.
pub(crate) fn from_environment() -> Option<Password> {
    let password = std::env::var("BULLA_PASSWORD")
        .ok()
        .filter(|password| !password.is_empty())?;
    Some(Zeroizing::new(password.into_bytes()))
}
