//! What is told to the module between us and the token, and what it saw.

use std::path::PathBuf;

fn path(variable: &str) -> PathBuf {
    std::env::var_os(variable)
        .unwrap_or_else(|| panic!("{variable}, which `cargo xtask test kms-pkcs11` sets"))
        .into()
}

/// The next calls of these functions fail: `C_Sign 48 2` twice with the code 48. `removed` takes the token out.
pub(crate) fn set(lines: &str) {
    std::fs::write(path("BULLA_FAULTS_CONTROL"), lines).unwrap();
}

/// The calls that were made since this was asked last.
pub(crate) fn calls() -> Vec<String> {
    let log = path("BULLA_FAULTS_LOG");
    let text = std::fs::read_to_string(&log).unwrap_or_default();
    std::fs::write(&log, "").unwrap();
    text.lines().map(str::to_owned).collect()
}

pub(crate) fn count(calls: &[String], function: &str) -> usize {
    calls.iter().filter(|call| *call == function).count()
}
