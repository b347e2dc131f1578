use std::path::Path;

use bulla_core::SecretBytes;
use cryptoki::types::RawAuthPin;
use zeroize::Zeroizing;

use crate::uri::PinSource;
use crate::{Pkcs11Uri, VaultError};

/// What opens a token for its user. It is wiped when it is dropped, and does not show in `Debug`.
#[derive(Clone)]
pub struct Pin(Zeroizing<Vec<u8>>);

impl Pin {
    /// These octets.
    #[must_use]
    pub fn new(pin: impl Into<Vec<u8>>) -> Self {
        Self(Zeroizing::new(pin.into()))
    }

    /// The PIN of a file. One final line break is not part of it.
    ///
    /// # Errors
    ///
    /// [`VaultError::Denied`] where it cannot be read or is empty.
    pub fn from_file(path: &Path) -> Result<Self, VaultError> {
        let denied = |why: &dyn core::fmt::Display| VaultError::Denied {
            detail: format!("the PIN of {}: {why}", path.display()).into(),
        };
        let octets = std::fs::read(path).map_err(|error| denied(&error))?;
        let octets = Zeroizing::new(octets);
        let line = octets.strip_suffix(b"\n").unwrap_or(&octets);
        let pin = line.strip_suffix(b"\r").unwrap_or(line);
        if pin.is_empty() {
            return Err(denied(&"it is empty"));
        }
        Ok(Self::new(pin))
    }

    /// The PIN of an environment variable.
    ///
    /// # Errors
    ///
    /// [`VaultError::Denied`] where it is not set or empty.
    pub fn from_env(name: &str) -> Result<Self, VaultError> {
        Self::environment(name).ok_or_else(|| VaultError::Denied {
            detail: format!("the PIN of the environment variable {name}: it is not set").into(),
        })
    }

    /// Where a URI says; else of `BULLA_PKCS11_PIN`; else there is none.
    pub(super) fn of(uri: &Pkcs11Uri) -> Result<Option<Self>, VaultError> {
        match uri.pin_source() {
            Some(PinSource::File(path)) => Self::from_file(path).map(Some),
            Some(PinSource::Env(name)) => Self::from_env(name).map(Some),
            None => Ok(Self::environment("BULLA_PKCS11_PIN")),
        }
    }

    fn environment(name: &str) -> Option<Self> {
        let pin = std::env::var_os(name).filter(|pin| !pin.is_empty())?;
        Some(Self::new(pin.into_encoded_bytes()))
    }

    /// Compared in constant time.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        let secret = |pin: &Self| SecretBytes::from(pin.0.to_vec());
        secret(self) == secret(other)
    }

    /// In the form that cryptoki takes, which is wiped as well.
    pub(super) fn raw(&self) -> RawAuthPin {
        RawAuthPin::new(Box::new(self.0.to_vec()))
    }
}

impl core::fmt::Debug for Pin {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Pin(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::Pin;

    #[test]
    fn a_line_break_is_not_part_of_a_pin() {
        let name = format!("bulla-pin-{}", std::process::id());
        let path = std::env::temp_dir().join(name);
        for (written, expected) in [
            (&b"1234"[..], Some(&b"1234"[..])),
            (b"1234\n", Some(b"1234")),
            (b"1234\r\n", Some(b"1234")),
            (b" 12 34 \n\n", Some(b" 12 34 \n")),
            (b"\n", None),
            (b"", None),
        ] {
            std::fs::write(&path, written).expect("a file");
            let pin = Pin::from_file(&path).ok();
            assert_eq!(pin.as_ref().map(|pin| pin.0.as_slice()), expected);
        }
        std::fs::remove_file(&path).expect("removed");
        let error = Pin::from_file(&path).expect_err("no file");
        assert_eq!(error.code(), "remote.denied");
    }

    #[test]
    fn it_does_not_show() {
        assert_eq!(format!("{:?}", Pin::new("1234")), "Pin(..)");
    }
}
