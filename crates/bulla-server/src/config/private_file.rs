use std::fs;
use std::path::Path;

/// Says why a file with a secret in it is not to be used: others than its owner may read or write it.
///
/// # Errors
///
/// The mode, where it lets others in. A file that is not there is no error here.
pub fn check_private(path: &Path) -> Result<(), u32> {
    check(path, 0o077)
}

/// As [`check_private`], and lets the group read: what hands out certificates gives its group their keys.
pub(super) fn check_key_of_certificate(path: &Path) -> Result<(), u32> {
    check(path, 0o037)
}

#[cfg(unix)]
fn check(path: &Path, forbidden: u32) -> Result<(), u32> {
    use std::os::unix::fs::PermissionsExt as _;
    match fs::metadata(path) {
        Ok(found) if found.is_file() && found.permissions().mode() & forbidden != 0 => {
            Err(found.permissions().mode() & 0o7777)
        }
        _ => Ok(()),
    }
}

#[cfg(not(unix))]
fn check(_: &Path, _: u32) -> Result<(), u32> {
    let _ = fs::metadata;
    Ok(())
}
