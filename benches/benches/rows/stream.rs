//! A detached payload of 2 GiB, signed and verified in constant memory. No peer offers it.
//!
//! Each run is a process of its own, so that its peak memory (`VmHWM` of /proc/self/status) is its alone.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use bulla_bench_harness::{Alg, Cell, Key, Options, Report, Row, Target, Unit, median};
use serde::{Deserialize, Serialize};

use crate::contestant;

const GROUP: &str = "A detached payload as a stream (MB a second, peak resident memory)";
const FLAG: &str = "--stream-child";
const MOST_MEMORY: u64 = 20 << 20;

/// Signing and verifying a detached payload that is read from a file.
pub(crate) trait StreamWork {
    fn name(&self) -> &'static str;

    /// The token without its payload: `header..signature`.
    fn sign(&self, alg: Alg, key: &Key, payload: &mut File) -> Option<String>;

    fn verify(&self, alg: Alg, key: &Key, token: &str, payload: &mut File) -> Option<bool>;
}

#[derive(Serialize, Deserialize)]
struct Task {
    who: String,
    alg: String,
    key: Key,
    path: PathBuf,
    /// None to sign.
    token: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct Outcome {
    token: String,
    nanos: f64,
    peak: u64,
}

pub(crate) fn run(options: &Options, report: &mut Report) {
    let (len, label) = if options.quick {
        (64 << 20, "64 MiB")
    } else {
        (2 << 30, "2 GiB")
    };
    let algs = [Alg::Hs256, Alg::Rs256, Alg::Ps256, Alg::Es256];
    let name = |verb: &str, alg: Alg| format!("{verb} a stream of {label} {}", alg.name());
    let wanted =
        |alg: &Alg| options.wants(&name("sign", *alg)) || options.wants(&name("verify", *alg));
    if !algs.iter().any(wanted) {
        return;
    }
    let file = SparseFile::create(len);
    for alg in algs.into_iter().filter(wanted) {
        let key = Key::generate(alg);
        // Verifying needs a token, so signing runs whatever was asked for.
        let (sign, token) = row(&file, alg, &key, name("sign", alg), None);
        if options.wants(&sign.name) {
            report.push(sign);
        }
        let verify = name("verify", alg);
        if options.wants(&verify) {
            report.push(row(&file, alg, &key, verify, Some(token)).0);
        }
    }
}

fn row(
    file: &SparseFile,
    alg: Alg,
    key: &Key,
    name: String,
    token: Option<String>,
) -> (Row, String) {
    let mut cells: Vec<Cell> = Vec::new();
    let mut last_token = String::new();
    for work in contestant::stream_work() {
        let outcomes: Vec<Outcome> = (0..file.runs())
            .map(|_| {
                start_child(&Task {
                    who: work.name().into(),
                    alg: alg.name().into(),
                    key: key.clone(),
                    path: file.path.clone(),
                    token: token.clone(),
                })
            })
            .collect();
        let nanos = median(outcomes.iter().map(|outcome| outcome.nanos).collect());
        let peak = outcomes
            .iter()
            .map(|outcome| outcome.peak)
            .max()
            .unwrap_or(0);
        let floor = cells.first().map_or(nanos, |floor| floor.value);
        let invalid = (peak > MOST_MEMORY).then(|| format!("needs {peak} octets of memory"));
        cells.push(Cell {
            contestant: work.name(),
            value: nanos,
            ratio: nanos / floor,
            allocations: None,
            peak: Some(peak),
            invalid,
        });
        last_token = outcomes
            .into_iter()
            .map(|outcome| outcome.token)
            .next_back()
            .unwrap_or_default();
    }
    let row = Row {
        group: GROUP,
        name,
        unit: Unit::Rate(file.len),
        target: Some(Target::AtMost(1.10)),
        cells,
    };
    (row, last_token)
}

fn start_child(task: &Task) -> Outcome {
    let program = std::env::current_exe().expect("this program has a path");
    let mut child = Command::new(program)
        .arg(FLAG)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("this program starts");
    let mut input = child.stdin.take().expect("it was asked for");
    serde_json::to_writer(&mut input, task).expect("the child listens");
    drop(input);
    let output = child.wait_with_output().expect("the child ends");
    assert!(output.status.success(), "{} failed to stream", task.who);
    serde_json::from_slice(&output.stdout).expect("the child answers")
}

/// Whether this process was started to do one task.
pub(crate) fn is_child() -> bool {
    std::env::args().nth(1).is_some_and(|arg| arg == FLAG)
}

/// Does the task.
pub(crate) fn child() {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).expect("a task");
    let task: Task = serde_json::from_str(&text).expect("a task");
    let alg = Alg::from_name(&task.alg).expect("an algorithm of the contest");
    let work = contestant::stream_work()
        .into_iter()
        .find(|work| work.name() == task.who)
        .expect("a contestant that streams");
    let mut file = File::open(&task.path).expect("the payload");
    let start = Instant::now();
    let token = match task.token {
        None => work.sign(alg, &task.key, &mut file).expect("it signs"),
        Some(token) => {
            let verified = work.verify(alg, &task.key, &token, &mut file);
            assert_eq!(verified, Some(true), "{} refuses its payload", task.who);
            token
        }
    };
    let nanos = start.elapsed().as_nanos() as f64;
    let outcome = Outcome {
        token,
        nanos,
        peak: peak(),
    };
    let mut out = std::io::stdout();
    serde_json::to_writer(&mut out, &outcome).expect("the parent listens");
    out.flush().expect("the parent listens");
}

/// Peak resident memory in octets; zero where /proc does not say.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok())
        .map_or(0, |kib| kib * 1024)
}

/// Zeros without disk blocks, removed at the end.
struct SparseFile {
    path: PathBuf,
    len: u64,
}

impl SparseFile {
    fn create(len: u64) -> Self {
        let name = format!("bulla-bench-{}.bin", std::process::id());
        let path = std::env::temp_dir().join(name);
        let file = File::create(&path).expect("a temporary file");
        file.set_len(len).expect("a sparse file");
        Self { path, len }
    }

    /// A second takes turns with other programs; several seconds speak for themselves.
    fn runs(&self) -> usize {
        if self.len > 1 << 30 { 1 } else { 3 }
    }
}

impl Drop for SparseFile {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(Path::new(&self.path));
    }
}
