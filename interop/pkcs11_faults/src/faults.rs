//! What is to go wrong, and what was asked: two files.

use std::fs;
use std::io::Write as _;
use std::sync::{Mutex, PoisonError};

use cryptoki_sys::CK_RV;

/// One call at a time reads and changes the file, and knows whether the token was out before.
static OUT: Mutex<bool> = Mutex::new(false);

/// Whether the token is out.
pub(crate) fn is_removed() -> bool {
    control().lines().any(|line| line == "removed")
}

/// The code that a call fails with, if it does. When the token is seen to be out for the first time, `close` is called.
pub(crate) fn fault(function: &str, out: CK_RV, close: impl FnOnce()) -> Option<CK_RV> {
    let mut was_out = OUT.lock().unwrap_or_else(PoisonError::into_inner);
    let text = control();
    if text.lines().any(|line| line == "removed") {
        if !*was_out {
            close();
        }
        *was_out = true;
        return Some(out);
    }
    *was_out = false;
    let mut code = None;
    let mut left = Vec::new();
    for line in text.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            [name, wanted, times] if *name == function && code.is_none() => {
                code = wanted.parse().ok();
                match times.parse::<u32>() {
                    Ok(times) if times > 1 => {
                        left.push(format!("{name} {wanted} {}", times - 1));
                    }
                    _ => {}
                }
            }
            _ => left.push(line.to_owned()),
        }
    }
    if code.is_some() {
        let _ = fs::write(path("BULLA_FAULTS_CONTROL"), left.join("\n"));
    }
    code
}

/// Writes a line into the log.
pub(crate) fn note(line: &str) {
    let file = fs::OpenOptions::new()
        .append(true)
        .create(true)
        .open(path("BULLA_FAULTS_LOG"));
    if let Ok(mut file) = file {
        let _ = writeln!(file, "{line}");
    }
}

fn control() -> String {
    fs::read_to_string(path("BULLA_FAULTS_CONTROL")).unwrap_or_default()
}

fn path(variable: &str) -> std::ffi::OsString {
    std::env::var_os(variable).unwrap_or_default()
}
