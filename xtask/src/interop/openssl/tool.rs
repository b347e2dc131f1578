//! Runs `openssl`.

use std::process::{Command, Stdio};

use crate::Failure;
use crate::interop::bulla::Bulla;

/// Runs one command in the suite's directory and gives standard output.
pub(super) fn openssl(bulla: &Bulla, arguments: &[&str]) -> Result<Vec<u8>, Failure> {
    let output = Command::new("openssl")
        .args(arguments)
        .current_dir(bulla.file("."))
        .stdin(Stdio::null())
        .output()
        .map_err(|e| format!("openssl: {e}"))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(format!(
        "openssl {}: {}",
        arguments.join(" "),
        said.trim().replace('\n', " | ")
    )
    .into())
}
