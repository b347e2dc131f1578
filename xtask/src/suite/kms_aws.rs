//! AWS KMS: the backend against moto, corrected by `interop/python/moto_kms.py`, and against the double of its own tests; the
//! tokens shown to other implementations; and the command line with its keys.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};

use serde_json::Value;

use super::{Stop, cargo_test};
use crate::Failure;
use crate::interop::install;
use crate::log::Log;
use crate::tally::Tally;
use crate::workspace::Workspace;

pub(super) fn run(workspace: &Workspace, log: &mut Log) -> Result<Tally, Stop> {
    let python = install::python(workspace, log)?;
    let node = install::node(workspace, log)?;
    let moto = Moto::start(&python, workspace)?;
    let mut tests = workspace.cargo(&[
        "test",
        "--package",
        "bulla-kms",
        "--features",
        "kms-aws",
        "--locked",
        "--test",
        "aws",
        "--",
        "--include-ignored",
    ]);
    tests
        .env("BULLA_INTEROP_PYTHON", &python)
        .env("BULLA_INTEROP_NODE", node.join("driver.mjs"))
        .env("BULLA_MOTO", format!("127.0.0.1:{}", moto.port))
        // moto believes any; without them the SDK would look for some of a machine in the cloud.
        .env("AWS_ACCESS_KEY_ID", "moto")
        .env("AWS_SECRET_ACCESS_KEY", "moto");
    let mut tally = cargo_test::of_command(&mut tests, log)?;
    // What the feature adds to the documentation, and the unit tests.
    let feature = ["test", "--package", "bulla-kms", "--features", "kms-aws"];
    for of in ["--lib", "--doc"] {
        let mut tests = workspace.cargo(&feature);
        tally += cargo_test::of_command(tests.args(["--locked", of]), log)?;
    }
    // The command line, by the way that its users go.
    let mut tests = workspace.cargo(&["test", "--package", "bulla-cli", "--features", "vaults"]);
    tests.args(["--locked", "--test", "cli", "vault::aws", "--"]);
    tests.arg("--include-ignored");
    tests.env("BULLA_MOTO", format!("127.0.0.1:{}", moto.port));
    tally += cargo_test::of_command(&mut tests, log)?;
    Ok(tally)
}

/// A running moto on a port that was free.
struct Moto {
    child: Child,
    port: u64,
    /// It ends when this closes.
    _stdin: Option<ChildStdin>,
}

impl Moto {
    fn start(python: &Path, workspace: &Workspace) -> Result<Self, Failure> {
        let stderr = workspace.scratch("xtask")?.join("moto.stderr");
        let mut child = Command::new(python)
            // No compiled files beside the sources.
            .arg("-B")
            .arg(workspace.path("interop/python/moto_kms.py"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(File::create(&stderr)?)
            .spawn()?;
        let mut line = String::new();
        if let Some(stdout) = child.stdout.take() {
            BufReader::new(stdout).read_line(&mut line)?;
        }
        let said: Option<Value> = serde_json::from_str(&line).ok();
        let stdin = child.stdin.take();
        let mut moto = Self {
            child,
            port: 0,
            _stdin: stdin,
        };
        let port = said.as_ref().and_then(|said| said["port"].as_u64());
        moto.port = port.ok_or_else(|| format!("moto did not start: see {}", stderr.display()))?;
        Ok(moto)
    }
}

impl Drop for Moto {
    fn drop(&mut self) {
        // The process is ours; that it has already ended is no error.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
