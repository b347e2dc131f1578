//! A folder to work in, and what came of a command.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::Value;

/// A folder of its own, removed at the end.
pub(crate) struct Desk {
    folder: tempfile::TempDir,
    variables: Vec<(&'static str, String)>,
}

/// What came of a command.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) exit: i32,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: String,
}

impl Desk {
    pub(crate) fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            variables: Vec::new(),
        }
    }

    /// With the keys that most tests want: `key.jwk` and `public.jwk` for ES256 with the kid "a".
    pub(crate) fn with_keys() -> Self {
        let desk = Self::new();
        desk.run("jwk generate --alg ES256 --kid a --out key.jwk --public-out public.jwk")
            .ok();
        desk
    }

    /// Sets a variable for every later command.
    pub(crate) fn set(&mut self, name: &'static str, value: &str) {
        self.variables.push((name, value.to_owned()));
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, octets: impl AsRef<[u8]>) {
        std::fs::write(self.path(name), octets).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).unwrap()
    }

    /// Runs `bulla` with arguments that have no spaces in them.
    pub(crate) fn run(&self, arguments: &str) -> Ran {
        self.run_with(arguments, b"")
    }

    /// The same, with standard input.
    pub(crate) fn run_with(&self, arguments: &str, input: impl AsRef<[u8]>) -> Ran {
        let arguments: Vec<&str> = arguments.split_whitespace().collect();
        self.run_args(&arguments, input)
    }

    /// The same, with arguments that have.
    pub(crate) fn run_args(&self, arguments: &[&str], input: impl AsRef<[u8]>) -> Ran {
        let mut child = Command::new(env!("CARGO_BIN_EXE_bulla"))
            .args(arguments)
            .current_dir(self.folder.path())
            .env_remove("BULLA_PASSWORD")
            .env_remove("NO_COLOR")
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A command that refuses its arguments does not read its input.
        let _ = child.stdin.take().unwrap().write_all(input.as_ref());
        let output = child.wait_with_output().unwrap();
        Ran {
            exit: output.status.code().unwrap(),
            stdout: output.stdout,
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// A compact token signed by `key.jwk` over `payload`.
    pub(crate) fn token(&self, payload: &str) -> String {
        self.run_with("jws sign --key key.jwk", payload).line()
    }
}

impl Ran {
    /// It went well and had nothing to say about it; what it printed.
    #[track_caller]
    pub(crate) fn ok(self) -> Vec<u8> {
        assert_eq!((self.exit, self.stderr.as_str()), (0, ""));
        self.stdout
    }

    /// It went well; the text that it printed.
    #[track_caller]
    pub(crate) fn text(self) -> String {
        String::from_utf8(self.ok()).unwrap()
    }

    /// It went well; the one line that it printed.
    #[track_caller]
    pub(crate) fn line(self) -> String {
        let text = self.text();
        let line = text.strip_suffix('\n').unwrap();
        assert!(!line.contains('\n'), "{line}");
        line.to_owned()
    }

    /// It went well; the one JSON object that it printed.
    #[track_caller]
    pub(crate) fn json(self) -> Value {
        let value: Value = serde_json::from_str(&self.line()).unwrap();
        assert!(value.is_object(), "{value}");
        value
    }

    /// It failed as the contract has it: nothing on standard output, two lines on standard error.
    #[track_caller]
    pub(crate) fn fails(self, exit: i32, code: &str) -> String {
        let stderr = &self.stderr;
        let lines: Vec<&str> = stderr.lines().collect();
        let [first, second] = lines.as_slice() else {
            panic!("not two lines:\n{stderr}")
        };
        let what = first.strip_prefix(&format!("error[{code}]: "));
        assert!(
            what.is_some_and(|what| !what.is_empty()),
            "not {code}:\n{stderr}"
        );
        assert!(
            second
                .strip_prefix("help: ")
                .is_some_and(|help| !help.is_empty()),
            "{stderr}"
        );
        assert_eq!(self.exit, exit, "{stderr}");
        assert_eq!(String::from_utf8_lossy(&self.stdout), "");
        self.stderr
    }
}

/// Base64url without padding.
pub(crate) fn base64url(octets: impl AsRef<[u8]>) -> String {
    bulla::base64url::encode(octets.as_ref())
}

/// A key set of these keys, which are JSON.
pub(crate) fn set_of(keys: &[Vec<u8>]) -> String {
    let keys: Vec<String> = keys
        .iter()
        .map(|key| String::from_utf8(key.clone()).unwrap().trim().to_owned())
        .collect();
    format!("{{\"keys\":[{}]}}", keys.join(","))
}

/// The mode of a file, without its type.
#[cfg(unix)]
pub(crate) fn mode(path: &std::path::Path) -> u32 {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}
