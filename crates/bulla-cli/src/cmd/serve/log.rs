//! The log of the server: one event a line on standard error.

use std::io::{self, IsTerminal as _};

use tracing_subscriber::EnvFilter;

use crate::args::Globals;

/// What is told unless `BULLA_LOG` says otherwise. The audit log is told in any case.
const DEFAULT: &str = "info";
const QUIET: &str = "error,bulla::audit=info";

pub(super) fn start(globals: &Globals) {
    let chosen = std::env::var("BULLA_LOG").ok();
    let default = if globals.quiet { QUIET } else { DEFAULT };
    let filter = chosen.as_deref().unwrap_or(default);
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new(default));
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr);
    // Where there is one already, that is the log.
    let _ = match io::stderr().is_terminal() {
        true => log.with_target(true).try_init(),
        false => log.json().flatten_event(true).with_ansi(false).try_init(),
    };
    // One request that goes wrong does not end the others.
    std::panic::set_hook(Box::new(|panic| {
        tracing::error!("a bug: {panic}; please report it");
    }));
}
