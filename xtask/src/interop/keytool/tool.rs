//! Runs `keytool` and `openssl`.

use std::process::{Command, Stdio};

use crate::Failure;
use crate::interop::bulla::Bulla;

/// Of every store here.
pub(super) const PASSWORD: &str = "changeit";

/// Runs `keytool` on a store in the suite's directory and gives standard output.
pub(super) fn keytool(bulla: &Bulla, store: &str, arguments: &[&str]) -> Result<String, Failure> {
    let own = ["-keystore", store, "-storepass", PASSWORD];
    let output = run(bulla, "keytool", &[arguments, &own].concat())?;
    Ok(String::from_utf8_lossy(&output).into_owned())
}

/// The same where the arguments name the stores.
pub(super) fn keytool_alone(bulla: &Bulla, arguments: &[&str]) -> Result<(), Failure> {
    run(bulla, "keytool", arguments).map(drop)
}

pub(super) fn openssl(bulla: &Bulla, arguments: &[&str]) -> Result<Vec<u8>, Failure> {
    run(bulla, "openssl", arguments)
}

fn run(bulla: &Bulla, program: &str, arguments: &[&str]) -> Result<Vec<u8>, Failure> {
    let output = Command::new(program)
        .args(arguments)
        .current_dir(bulla.file("."))
        // What `keytool` prints is compared.
        .env("LC_ALL", "C.UTF-8")
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("{program}: {error}"))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    // `keytool` complains on standard output.
    let said = [output.stdout, output.stderr].concat();
    Err(format!(
        "{program} {}: {}",
        arguments.join(" "),
        String::from_utf8_lossy(&said).trim().replace('\n', " | ")
    )
    .into())
}
