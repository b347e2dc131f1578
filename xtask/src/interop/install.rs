//! Installs the peers under `target/interop/`, once for each state of their pins.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::Failure;
use crate::log::Log;
use crate::process;
use crate::suite::Stop;
use crate::workspace::Workspace;

const LIMIT: Duration = Duration::from_secs(600);

/// Compiling takes longer than downloading.
const BUILD_LIMIT: Duration = Duration::from_secs(3600);

/// The Python interpreter that has the packages of `interop/requirements.txt`.
pub(crate) fn python(workspace: &Workspace, log: &mut Log) -> Result<PathBuf, Stop> {
    let home = workspace.scratch("interop")?.join("venv");
    let interpreter = home.join("bin/python");
    let pins = workspace.read("interop/requirements.txt")?;
    if interpreter.is_file() && is_installed(&home, &pins) {
        return Ok(interpreter);
    }
    need("python3", "python3", workspace, log)?;
    let target = home.to_string_lossy().into_owned();
    let make = |log: &mut Log| {
        process::run(
            workspace
                .command("python3")
                .args(["-m", "venv", "--clear", &target]),
            LIMIT,
            log,
        )
    };
    if !make(log)?.success {
        // Debian keeps `venv` in a package of its own.
        apt_install("python3-venv", workspace, log)?;
        must(&make(log)?, "python3 -m venv")?;
    }
    let mut pip = workspace.command(&interpreter.to_string_lossy());
    pip.args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
    ]);
    pip.args([
        "--no-deps",
        "--only-binary",
        ":all:",
        "--requirement",
        "interop/requirements.txt",
    ]);
    must(&process::run(&mut pip, LIMIT, log)?, "pip install")?;
    mark_installed(&home, &pins)?;
    Ok(interpreter)
}

/// The directory that holds the Node driver and its packages.
pub(crate) fn node(workspace: &Workspace, log: &mut Log) -> Result<PathBuf, Stop> {
    let home = workspace.scratch("interop/node")?;
    let pins = workspace.read("interop/node/package-lock.json")?;
    // The driver runs from there, since Node looks for packages beside the file that imports them.
    for file in [
        "driver.mjs",
        "oauth_clients.mjs",
        "package.json",
        "package-lock.json",
        ".npmrc",
    ] {
        std::fs::copy(workspace.path("interop/node").join(file), home.join(file))?;
    }
    npm_ci(&home, &pins, workspace, log)?;
    Ok(home)
}

/// The directory that holds the authorization server of npm and its packages.
pub(super) fn oidc_provider(workspace: &Workspace, log: &mut Log) -> Result<PathBuf, Stop> {
    let home = workspace.scratch("interop/oidc-provider")?;
    let pins = workspace.read("interop/oidc-provider/package-lock.json")?;
    for file in ["server.mjs", "package.json", "package-lock.json", ".npmrc"] {
        let from = workspace.path("interop/oidc-provider").join(file);
        std::fs::copy(from, home.join(file))?;
    }
    npm_ci(&home, &pins, workspace, log)?;
    Ok(home)
}

/// Has the packages of a lock file beside it.
fn npm_ci(home: &Path, pins: &str, workspace: &Workspace, log: &mut Log) -> Result<(), Stop> {
    if is_installed(home, pins) {
        return Ok(());
    }
    need("node", "nodejs", workspace, log)?;
    need("npm", "npm", workspace, log)?;
    let mut npm = Command::new("npm");
    npm.current_dir(home)
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
    must(&process::run(&mut npm, LIMIT, log)?, "npm ci")?;
    Ok(mark_installed(home, pins)?)
}

/// The driver of josekit, built: josekit is a crate, and links OpenSSL.
pub(super) fn josekit(workspace: &Workspace, log: &mut Log) -> Result<PathBuf, Stop> {
    need("pkg-config", "pkg-config", workspace, log)?;
    let mut probe = workspace.command("pkg-config");
    probe.args(["--exists", "openssl"]);
    if !process::run(&mut probe, LIMIT, log)?.success {
        apt_install("libssl-dev", workspace, log)?;
    }
    let target = built("interop/josekit", workspace, log)?;
    Ok(target.join("bulla-interop-josekit"))
}

/// Builds a workspace of `interop/`; gives the folder of what came of it.
pub(super) fn built(folder: &str, workspace: &Workspace, log: &mut Log) -> Result<PathBuf, Stop> {
    let manifest = format!("{folder}/Cargo.toml");
    let manifest = ["--locked", "--manifest-path", &manifest];
    let mut fetch = workspace.cargo(&["fetch"]);
    must(
        &process::run(fetch.args(manifest), LIMIT, log)?,
        "cargo fetch",
    )?;
    let target = workspace.scratch(folder)?;
    let mut build = workspace.cargo(&["build"]);
    build.args(manifest).arg("--target-dir").arg(&target);
    if !process::run(&mut build, BUILD_LIMIT, log)?.success {
        return Err(format!("`{folder}` does not build").into());
    }
    Ok(target.join("debug"))
}

/// Has `program` on the path, from Debian's `package` if it is not there.
pub(super) fn need(
    program: &str,
    package: &str,
    workspace: &Workspace,
    log: &mut Log,
) -> Result<(), Stop> {
    if is_there(program) {
        return Ok(());
    }
    apt_install(package, workspace, log)?;
    if is_there(program) {
        Ok(())
    } else {
        Err(Stop::NotRun(format!("`{program}` is not here")))
    }
}

fn is_there(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|directory| directory.join(program).is_file())
}

/// Installs where that asks nobody: as root on Debian. Elsewhere the suite says what it lacks.
pub(super) fn apt_install(package: &str, workspace: &Workspace, log: &mut Log) -> Result<(), Stop> {
    let missing = || Stop::NotRun(format!("needs Debian's package `{package}` or its like"));
    let id = Command::new("id").arg("-u").stdin(Stdio::null()).output()?;
    if !is_there("apt-get") || id.stdout.trim_ascii() != b"0" {
        return Err(missing());
    }
    for arguments in [
        &["update"][..],
        &["install", "--yes", "--no-install-recommends", package],
    ] {
        let mut apt = workspace.command("apt-get");
        apt.args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
        if !process::run(&mut apt, LIMIT, log)?.success {
            return Err(missing());
        }
    }
    Ok(())
}

/// What cannot be installed here and now, offline say, keeps the suite from running; it has not failed.
fn must(end: &process::Finished, what: &str) -> Result<(), Stop> {
    if end.success {
        return Ok(());
    }
    Err(Stop::NotRun(format!(
        "{what} failed: {}",
        end.tail(3).join(" | ")
    )))
}

fn is_installed(home: &Path, pins: &str) -> bool {
    std::fs::read_to_string(home.join("installed")).is_ok_and(|installed| installed == pins)
}

fn mark_installed(home: &Path, pins: &str) -> Result<(), Failure> {
    Ok(std::fs::write(home.join("installed"), pins)?)
}
