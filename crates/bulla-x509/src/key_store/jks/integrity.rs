//! The digest at the end of the file.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::{Context, Digest, SHA1_FOR_LEGACY_USE_ONLY};

use super::super::KeyStoreError;
use super::super::passwords::utf16;

/// What stands before the digest, if it is the digest of that and the password.
///
/// A digest of a password and what follows it can be computed for longer content without the password. So nothing may
/// stand behind the entries that the (digested) header counts; [`super::entries`] sees to that.
pub(super) fn check<'a>(octets: &'a [u8], password: &str) -> Result<&'a [u8], KeyStoreError> {
    let (content, found) =
        octets
            .split_last_chunk::<DIGEST_LEN>()
            .ok_or(KeyStoreError::malformed(
                "JKS",
                "is too short for the digest at its end",
            ))?;
    verify_slices_are_equal(digest(content, password).as_ref(), found)
        .map_err(|_| KeyStoreError::PasswordWrong)?;
    Ok(content)
}

fn digest(content: &[u8], password: &str) -> Digest {
    let mut context = Context::new(&SHA1_FOR_LEGACY_USE_ONLY);
    context.update(&utf16(password));
    context.update(b"Mighty Aphrodite");
    context.update(content);
    context.finish()
}

pub(super) const DIGEST_LEN: usize = 20;
