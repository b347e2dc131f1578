use std::time::{SystemTime, UNIX_EPOCH};

use bulla_core::key::{KeyPhase, KeyRotation};
use serde::Serialize;

/// The keys as `/keys` and `/rotate` tell them: names and dates, and nothing that a key is made of.
#[derive(Debug, Serialize)]
pub(super) struct Status {
    keys: Vec<Key>,
}

#[derive(Debug, Serialize)]
struct Key {
    kid: String,
    status: &'static str,
    /// Seconds since 1970, as dates in tokens are.
    since: u64,
    /// When time alone moves it on.
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<u64>,
}

impl Status {
    pub(super) fn of(keys: &KeyRotation) -> Self {
        let key = |key: bulla_core::key::KeyStatus| Key {
            kid: key.kid,
            status: match key.phase {
                KeyPhase::Pending => "next",
                KeyPhase::Active => "current",
                KeyPhase::Retired => "retired",
                _ => "other",
            },
            since: seconds(key.since),
            until: key.until.map(seconds),
        };
        Self {
            keys: keys.keys().into_iter().map(key).collect(),
        }
    }
}

fn seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}
