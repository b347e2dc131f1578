//! Signs of life from work that takes longer than about two seconds, on a terminal.

use std::io::Write as _;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use crate::output;

/// Does `work`; from the second second on, says on a terminal what it is and for how long it has been.
pub(crate) fn while_doing<T>(what: &str, work: impl FnOnce() -> T) -> T {
    if !output::wants_progress() {
        return work();
    }
    thread::scope(|scope| {
        let (done, waiting) = mpsc::channel::<()>();
        scope.spawn(move || {
            let started = Instant::now();
            let mut shown = false;
            let mut patience = Duration::from_secs(2);
            // Dropping the sender ends the wait.
            while waiting.recv_timeout(patience) == Err(RecvTimeoutError::Timeout) {
                shown = true;
                patience = Duration::from_millis(500);
                let seconds = started.elapsed().as_secs();
                let _ = write!(anstream::stderr(), "\r{what} ... {seconds} s");
            }
            if shown {
                let _ = write!(anstream::stderr(), "\r\u{1b}[K");
            }
        });
        let result = work();
        drop(done);
        result
    })
}
