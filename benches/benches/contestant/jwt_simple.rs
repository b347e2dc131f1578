//! jwt-simple, in a process of its own (`peers/jwt-simple/`).

use std::path::Path;
use std::process::Command;

use bulla_bench_harness::remote::Remote;

/// Builds and starts it; where its C++ cannot be built, the contest goes on without it and says so.
pub(crate) fn start() -> Option<Remote> {
    // Cargo could build it beside this program only in the same package, and then gives both programs the
    // library paths of both.
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers/jwt-simple/Cargo.toml");
    let built = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["build", "--quiet", "--profile", "bench", "--manifest-path"])
        .arg(manifest)
        .status();
    let this = std::env::current_exe().ok()?;
    let program = this.parent()?.parent()?.join("peer-jwt-simple");
    let started = match built {
        Ok(status) if status.success() => Remote::start("jwt-simple", &program),
        Ok(status) => Err(std::io::Error::other(status.to_string())),
        Err(error) => Err(error),
    };
    started
        .inspect_err(|error| {
            eprintln!(
                "jwt-simple takes no part ({error}): its build needs cmake, C++ and libclang"
            );
        })
        .ok()
}
