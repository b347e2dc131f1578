//! Runs a command to its end: output into the log, and a deadline.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use crate::Failure;
use crate::log::Log;

/// How a command ended and what it printed, both streams in the order they came.
#[derive(Debug)]
pub(crate) struct Finished {
    pub(crate) success: bool,
    pub(crate) lines: Vec<String>,
}

impl Finished {
    /// The last lines, for an error message.
    pub(crate) fn tail(&self, count: usize) -> &[String] {
        self.lines
            .get(self.lines.len().saturating_sub(count)..)
            .unwrap_or_default()
    }
}

/// Runs `command` for at most `limit`.
pub(crate) fn run(
    command: &mut Command,
    limit: Duration,
    log: &mut Log,
) -> Result<Finished, Failure> {
    let shown = shown(command);
    log.line(&format!("$ {shown}"))?;
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|e| format!("{shown}: {e}"))?;
    let lines = follow(&mut child, Instant::now() + limit, log);
    let Ok(lines) = lines else {
        // The child is ours to end; what it leaves behind must not outlive the run.
        child.kill()?;
        child.wait()?;
        return lines.and(Err(
            format!("{shown}: no end after {} s", limit.as_secs()).into()
        ));
    };
    let success = child.wait()?.success();
    Ok(Finished { success, lines })
}

/// The command as a person would type it.
fn shown(command: &Command) -> String {
    let mut text = command.get_program().to_string_lossy().into_owned();
    for argument in command.get_args() {
        text.push(' ');
        text.push_str(&argument.to_string_lossy());
    }
    text
}

fn follow(child: &mut Child, deadline: Instant, log: &mut Log) -> Result<Vec<String>, Failure> {
    let (sender, receiver) = channel();
    if let Some(stdout) = child.stdout.take() {
        forward(stdout, sender.clone());
    }
    if let Some(stderr) = child.stderr.take() {
        forward(stderr, sender);
    }
    collect(&receiver, deadline, log)
}

fn forward(stream: impl Read + Send + 'static, sender: Sender<String>) {
    std::thread::spawn(move || {
        let mut stream = BufReader::new(stream);
        let mut line = Vec::new();
        while stream
            .read_until(b'\n', &mut line)
            .is_ok_and(|read| read > 0)
        {
            let text = String::from_utf8_lossy(&line).trim_end().to_owned();
            line.clear();
            if sender.send(text).is_err() {
                return;
            }
        }
    });
}

fn collect(
    receiver: &Receiver<String>,
    deadline: Instant,
    log: &mut Log,
) -> Result<Vec<String>, Failure> {
    let mut lines = Vec::new();
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        match receiver.recv_timeout(left) {
            Ok(line) => {
                log.line(&line)?;
                lines.push(line);
            }
            Err(RecvTimeoutError::Disconnected) => return Ok(lines),
            Err(RecvTimeoutError::Timeout) => return Err("deadline passed".into()),
        }
    }
}
