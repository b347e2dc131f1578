use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bulla_x509::{Certificate, PathError, PathPolicy, TrustAnchors, ValidatedPath};

/// 15 January 2027, 08:00 UTC.
pub(crate) fn now() -> SystemTime {
    at(1_800_000_000)
}

pub(crate) fn at(seconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(seconds)
}

pub(crate) fn file(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures")
        .join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

pub(crate) fn der(name: &str) -> Vec<u8> {
    file(&format!("{name}.der"))
}

pub(crate) fn certificate(name: &str) -> Certificate {
    Certificate::from_der(&der(name)).unwrap()
}

pub(crate) fn chain(names: &[&str]) -> Vec<Vec<u8>> {
    names.iter().map(|name| der(name)).collect()
}

pub(crate) fn anchors(names: &[&str]) -> TrustAnchors {
    TrustAnchors::new(names.iter().map(|name| certificate(name))).unwrap()
}

pub(crate) fn policy(names: &[&str]) -> PathPolicy {
    PathPolicy::new(anchors(names)).at(now())
}

/// Under `root`, as of `now`.
pub(crate) fn validate(names: &[&str]) -> Result<ValidatedPath, PathError> {
    policy(&["root"]).validate(&chain(names))
}
