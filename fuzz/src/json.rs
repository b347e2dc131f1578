//! Strict JSON beside serde_json: never laxer, and equal where both read.

use bulla_core::json::from_slice;
use serde_json::Value;

/// What the strict parser reads, serde_json reads alike.
pub fn json(octets: &[u8]) {
    if let Ok(strict) = from_slice::<Value>(octets, 32) {
        let lax: Value = serde_json::from_slice(octets).expect("serde_json refuses what is strict");
        assert_eq!(strict, lax);
        let printed = strict.to_string();
        assert_eq!(
            from_slice::<Value>(printed.as_bytes(), 32).ok(),
            Some(strict)
        );
    }
}
