//! `cargo xtask fuzz`: gives every parser to a fuzzer, where nightly and `cargo fuzz` are installed.

use std::process::{Command, ExitCode, Stdio};

use crate::Failure;
use crate::workspace::Workspace;

/// Fuzzes each target for some seconds, or those named.
pub(crate) fn run(workspace: &Workspace, arguments: &[String]) -> Result<ExitCode, Failure> {
    let (seconds, mut targets) = parse(arguments)?;
    if !is_installed() {
        println!(
            "NOT RUN: needs `rustup toolchain install nightly` and `cargo install cargo-fuzz`"
        );
        return Ok(ExitCode::FAILURE);
    }
    if targets.is_empty() {
        targets = corpora(workspace)?;
    }
    let mut crashed = Vec::new();
    for target in targets {
        println!("{target}: {seconds} s");
        if !fuzz(workspace, &target, seconds)? {
            crashed.push(target);
        }
    }
    if crashed.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    println!(
        "failed: {}; the inputs are under fuzz/artifacts/",
        crashed.join(", ")
    );
    Ok(ExitCode::FAILURE)
}

fn parse(arguments: &[String]) -> Result<(u32, Vec<String>), Failure> {
    let (mut seconds, mut targets) = (60, Vec::new());
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--seconds" => {
                let value = arguments.next().ok_or("--seconds needs a number")?;
                seconds = value
                    .parse()
                    .map_err(|_| format!("`{value}` is no number of seconds"))?;
            }
            flag if flag.starts_with('-') => return Err(format!("no flag `{flag}`").into()),
            target => targets.push(target.to_owned()),
        }
    }
    Ok((seconds, targets))
}

fn is_installed() -> bool {
    let mut probe = nightly();
    probe
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    probe.status().is_ok_and(|status| status.success())
}

/// `cargo fuzz` of the nightly toolchain, whichever toolchain runs this program.
fn nightly() -> Command {
    let mut command = Command::new("rustup");
    command.args(["run", "nightly", "cargo", "fuzz"]);
    for name in ["RUSTUP_TOOLCHAIN", "CARGO", "RUSTC"] {
        command.env_remove(name);
    }
    command
}

/// The targets are what there is a corpus for; `fuzz/tests/replay.rs` keeps the two together.
fn corpora(workspace: &Workspace) -> Result<Vec<String>, Failure> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(workspace.path("fuzz/corpus"))? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort_unstable();
    Ok(names)
}

/// New inputs go beside the corpus, which holds only seeds somebody chose.
fn fuzz(workspace: &Workspace, target: &str, seconds: u32) -> Result<bool, Failure> {
    let found = workspace.path("fuzz/corpus-new").join(target);
    std::fs::create_dir_all(&found)?;
    let mut fuzz = nightly();
    fuzz.current_dir(workspace.path("fuzz"))
        .env("CARGO_TARGET_DIR", workspace.path("target/fuzz-nightly"))
        .args(["run", "--features", "libfuzzer", target])
        .arg(found)
        .arg(workspace.path("fuzz/corpus").join(target))
        .args([
            "--",
            "-timeout=2",
            "-rss_limit_mb=1024",
            "-max_len=16384",
            "-print_final_stats=1",
        ])
        .arg(format!("-max_total_time={seconds}"));
    Ok(fuzz
        .status()
        .map_err(|e| format!("cargo fuzz: {e}"))?
        .success())
}
