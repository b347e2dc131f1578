//! JKS, the key store of Java before version 9: a format of Sun's that no standard describes.
//!
//! ```text
//! magic FEEDFEED · version 1 or 2 · number of entries
//! entry: tag 1 · alias · time · protected private key · chain of certificates
//!        tag 2 · alias · time · certificate
//! SHA-1 of the password, `Mighty Aphrodite` and everything above
//! ```
//!
//! The digest at the end is checked before anything but the magic is interpreted. A number that the file gives never decides how
//! much is allocated: every length is compared with what remains of the file.
//!
//! # Security
//!
//! JKS protects its keys with SHA-1 in one iteration: whoever has the file tries passwords at the full speed of their
//! machine. `keytool -importkeystore -deststoretype pkcs12` makes a better store of it. JCEKS, which begins with CECECECE,
//! holds serialized Java objects and is refused with that advice.

mod cursor;
mod entries;
mod integrity;
mod protector;

use bulla_core::key::Backend;

use super::stored_keys::check_len;
use super::{KeyStoreError, Passwords, StoredKeys};
use cursor::Cursor;

/// Reads a JKS file.
///
/// A private key that has a password of its own, and is not given it, is [rejected](StoredKeys::rejected); so is an entry
/// whose key is of a kind that we do not implement. Aliases become the `kid`s.
///
/// ```
/// # fn f(octets: &[u8], backend: &dyn bulla_core::key::Backend) -> Result<(), bulla_x509::key_store::KeyStoreError> {
/// use bulla_x509::key_store::{Passwords, jks};
///
/// let passwords = Passwords::new("changeit").with_entry("signing", "another");
/// let store = jks::read(octets, &passwords, backend)?;
/// # Ok(()) }
/// ```
///
/// # Errors
///
/// [`KeyStoreError::PasswordMissing`]; [`KeyStoreError::PasswordWrong`] where the digest is another, be it for the password
/// or because the file was changed; [`KeyStoreError::Jceks`]; [`KeyStoreError::Malformed`];
/// [`KeyStoreError::LimitExceeded`] for more than 2 MiB or 1,000 entries.
pub fn read(
    octets: &[u8],
    passwords: &Passwords,
    backend: &dyn Backend,
) -> Result<StoredKeys, KeyStoreError> {
    check_len(octets)?;
    match octets.first_chunk() {
        Some(&JKS) => {}
        Some(&JCEKS) => return Err(KeyStoreError::Jceks),
        _ => {
            return Err(KeyStoreError::malformed(
                "JKS",
                "does not begin with FEEDFEED",
            ));
        }
    }
    let password = passwords.store().ok_or(KeyStoreError::PasswordMissing)?;
    let checked = integrity::check(octets, password)?;
    entries::read(Cursor::new(checked), passwords, backend)
}

/// Whether a file begins as JKS does, or as its sibling JCEKS, which [`read`] names.
#[must_use]
pub fn is_jks(octets: &[u8]) -> bool {
    matches!(octets.first_chunk(), Some(&(JKS | JCEKS)))
}

const JKS: [u8; 4] = [0xfe, 0xed, 0xfe, 0xed];
const JCEKS: [u8; 4] = [0xce; 4];
