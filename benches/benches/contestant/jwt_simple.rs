//! jwt-simple, in a process of its own (`peers/jwt-simple/`).

use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use bulla_bench_harness::remote::Remote;
use serde_json::Value;

/// Builds and starts it; where its C++ cannot be built, the contest goes on without it and says so.
pub(crate) fn start() -> Option<Remote> {
    build()
        .and_then(|program| Remote::start("jwt-simple", &program))
        .inspect_err(|error| {
            eprintln!(
                "jwt-simple takes no part ({error}): its build needs cmake, C++ and libclang"
            );
        })
        .ok()
}

/// Cargo could build it beside this program only in the same package, and then gives both programs the library
/// paths of both.
fn build() -> io::Result<PathBuf> {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers/jwt-simple/Cargo.toml");
    let built = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["build", "--quiet", "--profile", "bench"])
        .args(["--message-format", "json-render-diagnostics"])
        .arg("--manifest-path")
        .arg(manifest)
        .stderr(Stdio::inherit())
        .output()?;
    // One JSON object a line; that of a program says where it is.
    let mut messages = serde_json::Deserializer::from_slice(&built.stdout).into_iter::<Value>();
    let program = messages.find_map(|message| {
        let program = message.ok()?.get("executable")?.as_str()?.into();
        Some(program)
    });
    program.ok_or_else(|| io::Error::other(format!("cargo: {}", built.status)))
}
