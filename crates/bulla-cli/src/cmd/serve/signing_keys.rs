//! `--keys`, `--rotate` and `--revoke`: the signing keys of the store, whether a server runs or not.

use std::time::{SystemTime, UNIX_EPOCH};

use bulla::key::{KeyPhase, KeyStatus};
use bulla_server::config::Config;
use bulla_server::rotation::{SigningKeys, SigningKeysError};
use serde::Serialize;

use super::config_keys::ConfigKeys;
use super::problems;
use crate::args::Globals;
use crate::error::Failure;
use crate::output;
use crate::time;

pub(super) async fn act(
    config: &Config,
    rotate: bool,
    revoke: Option<&str>,
    globals: &Globals,
) -> Result<(), Failure> {
    let opened = config.open_signing_keys(&ConfigKeys).await;
    let keys = opened.map_err(problems::opening)?;
    if rotate {
        keys.rotate().await.map_err(failed)?;
    }
    if let Some(kid) = revoke {
        keys.revoke(kid).await.map_err(failed)?;
    }
    show(&keys, globals)
}

fn failed(error: SigningKeysError) -> Failure {
    Failure::new(error.code(), error.fault(), &error)
}

/// RFC 3339, whole seconds.
fn date(time: SystemTime) -> String {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    let whole = u32::try_from(since.as_secs()).unwrap_or(u32::MAX);
    time::rfc3339(f64::from(whole)).unwrap_or_default()
}

#[derive(Serialize)]
struct Shown {
    keys: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    kid: String,
    phase: &'static str,
    since: String,
    until: Option<String>,
}

fn show(keys: &SigningKeys, globals: &Globals) -> Result<(), Failure> {
    let rows = keys.snapshot().keys().iter().map(row).collect();
    let shown = Shown { keys: rows };
    if globals.json {
        return output::json(&shown);
    }
    let lines = shown.keys.iter().map(|row| {
        let until = row.until.as_deref();
        let until = until.map_or_else(String::new, |until| format!(" until {until}"));
        format!("{:8} {} since {}{until}", row.phase, row.kid, row.since)
    });
    output::line(&lines.collect::<Vec<_>>().join("\n"))
}

fn row(status: &KeyStatus) -> Row {
    Row {
        kid: status.kid.clone(),
        phase: match status.phase {
            KeyPhase::Pending => "pending",
            KeyPhase::Active => "active",
            _ => "retired",
        },
        since: date(status.since),
        until: status.until.map(date),
    }
}
