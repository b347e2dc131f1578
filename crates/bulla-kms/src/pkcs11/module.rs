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
    // Two names of one file are one module.
    let path = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
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

    use super::load;

    #[test]
    fn what_is_no_module_is_told() {
        for path in ["/nonexistent/module.so", "/etc/hostname"] {
            let error = load(Path::new(path)).expect_err(path);
            assert_eq!(error.code(), "remote.unavailable");
            assert!(error.to_string().contains(path), "{error}");
        }
    }
}
