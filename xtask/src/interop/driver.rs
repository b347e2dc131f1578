//! A peer in a process of its own that answers JSON lines.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::{Map, Value};

use super::party::Party;
use crate::Failure;

/// The longest a peer may take over one question; making an RSA key is the slowest.
const PATIENCE: Duration = Duration::from_secs(120);

/// A running driver of `interop/`.
#[derive(Debug)]
pub(super) struct Driver {
    name: &'static str,
    child: Child,
    questions: ChildStdin,
    answers: Receiver<String>,
}

impl Driver {
    /// Starts a driver; what it writes to standard error goes to `stderr`.
    pub(super) fn start(
        name: &'static str,
        command: &mut Command,
        stderr: File,
    ) -> Result<Self, Failure> {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(stderr)
            .spawn()
            .map_err(|e| format!("{name}: {e}"))?;
        let questions = child.stdin.take().ok_or("no standard input")?;
        let stdout = child.stdout.take().ok_or("no standard output")?;
        let (sender, answers) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        Ok(Self {
            name,
            child,
            questions,
            answers,
        })
    }
}

impl Party for Driver {
    fn name(&self) -> &'static str {
        self.name
    }

    fn ask(&mut self, question: &str, mut members: Value) -> Result<Map<String, Value>, Failure> {
        if let Some(members) = members.as_object_mut() {
            members.insert("do".to_owned(), Value::from(question));
        }
        writeln!(self.questions, "{members}")?;
        self.questions.flush()?;
        let line = self
            .answers
            .recv_timeout(PATIENCE)
            .map_err(|_| format!("{} gave no answer to `{question}`", self.name))?;
        let mut answer: Map<String, Value> = serde_json::from_str(&line)?;
        match answer.remove("ok") {
            Some(Value::Object(ok)) => Ok(ok),
            _ => {
                let error = answer.get("error").and_then(Value::as_str).unwrap_or(&line);
                Err(format!("{} refused `{question}`: {error}", self.name).into())
            }
        }
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // The process is ours; that it has already ended is no error.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
