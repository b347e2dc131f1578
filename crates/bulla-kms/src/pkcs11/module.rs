//! The libraries that speak to tokens, each loaded and initialised once.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::error::{Error, RvError};

use super::error::describe;
use crate::VaultError;

/// Loads a module, or gives the one that was loaded from this path before.
///
/// `C_Initialize` is for a whole process: a second call fails, and `C_Finalize` would end the sessions of everybody. So
/// modules are known to the process, and stay until it ends. It is the one thing here that is process-wide.
pub(super) fn load(path: &Path) -> Result<Pkcs11, VaultError> {
    let path = located(path);
    let mut loaded = LOADED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(module) = loaded.get(&path) {
        return Ok(module.clone());
    }
    let module = Pkcs11::new(&path).map_err(|error| {
        VaultError::unavailable(format!(
            "the module {}: {}",
            path.display(),
            describe(&error)
        ))
    })?;
    initialize(&module)?;
    loaded.insert(path, module.clone());
    Ok(module)
}

/// Two names of one file are one module. A bare name is the system's to find, among its libraries: a file that lies under
/// that name where the program happens to run is not meant.
fn located(path: &Path) -> PathBuf {
    if path.components().count() < 2 {
        return path.to_owned();
    }
    std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

/// Initialises a module that nobody has: somebody else in the process may have.
pub(super) fn initialize(module: &Pkcs11) -> Result<(), VaultError> {
    // Sessions are used from several threads, so the module must lock.
    match module.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)) {
        Ok(()) | Err(Error::Pkcs11(RvError::CryptokiAlreadyInitialized, _)) => Ok(()),
        Err(error) => Err(VaultError::unavailable(describe(&error))),
    }
}

static LOADED: Mutex<BTreeMap<PathBuf, Pkcs11>> = Mutex::new(BTreeMap::new());

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{load, located};

    #[test]
    fn a_bare_name_is_not_looked_for_where_the_program_runs() {
        // Tests run in the folder of the package.
        assert!(Path::new("Cargo.toml").exists());
        assert_eq!(located(Path::new("Cargo.toml")), Path::new("Cargo.toml"));
        let named = located(Path::new("./Cargo.toml"));
        assert!(named.is_absolute(), "{named:?}");
    }

    #[test]
    fn what_is_no_module_is_told() {
        for path in ["/nonexistent/module.so", "/etc/hostname"] {
            let error = load(Path::new(path)).expect_err(path);
            assert_eq!(error.code(), "remote.unavailable");
            assert!(error.to_string().contains(path), "{error}");
        }
    }
}
