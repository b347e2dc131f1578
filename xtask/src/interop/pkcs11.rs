//! PKCS#11 modules, installed or built.

use std::path::PathBuf;
use std::time::Duration;

use super::install::{apt_install, built, need};
use crate::log::Log;
use crate::process;
use crate::suite::Stop;
use crate::workspace::Workspace;

/// SoftHSM 2, and the tools that its users have.
pub(crate) fn softhsm(workspace: &Workspace, log: &mut Log) -> Result<PathBuf, Stop> {
    need("softhsm2-util", "softhsm2", workspace, log)?;
    need("pkcs11-tool", "opensc", workspace, log)?;
    let places = [
        "/usr/lib/softhsm/libsofthsm2.so",
        "/usr/lib64/pkcs11/libsofthsm2.so",
        "/usr/local/lib/softhsm/libsofthsm2.so",
        "/opt/homebrew/lib/softhsm/libsofthsm2.so",
    ];
    let found = places.iter().map(PathBuf::from).find(|path| path.exists());
    found.ok_or_else(|| Stop::NotRun("SoftHSM's module is in none of its usual places".to_owned()))
}

/// Kryoptic, built: it links OpenSSL and SQLite, and reads OpenSSL's headers with libclang.
pub(crate) fn kryoptic(workspace: &Workspace, log: &mut Log) -> Result<PathBuf, Stop> {
    need("pkg-config", "pkg-config", workspace, log)?;
    for (library, package) in [("openssl", "libssl-dev"), ("sqlite3", "libsqlite3-dev")] {
        let mut probe = workspace.command("pkg-config");
        probe.args(["--exists", library]);
        if !process::run(&mut probe, Duration::from_secs(60), log)?.success {
            apt_install(package, workspace, log)?;
        }
    }
    if need("clang", "clang", workspace, log).is_err() || !has_libclang() {
        apt_install("libclang-dev", workspace, log)?;
    }
    let target = built("interop/kryoptic", workspace, log)?;
    Ok(target.join(library("bulla_interop_kryoptic")))
}

/// The module that fails when it is told to, built.
pub(crate) fn faults(workspace: &Workspace, log: &mut Log) -> Result<PathBuf, Stop> {
    let target = built("interop/pkcs11_faults", workspace, log)?;
    Ok(target.join(library("bulla_interop_pkcs11_faults")))
}

fn library(name: &str) -> String {
    use std::env::consts::{DLL_PREFIX, DLL_SUFFIX};
    format!("{DLL_PREFIX}{name}{DLL_SUFFIX}")
}

/// Where Debian has it; elsewhere `clang` comes with it.
fn has_libclang() -> bool {
    let Ok(versions) = std::fs::read_dir("/usr/lib") else {
        return true;
    };
    let names = versions.flatten().map(|entry| entry.path());
    let mut llvm = names
        .filter(|path| path.to_string_lossy().contains("/llvm-"))
        .peekable();
    llvm.peek().is_none() || llvm.any(|path| path.join("lib/libclang.so").exists())
}
