//! What issuers send: header fields about freshness, and metadata.

use std::time::{Duration, UNIX_EPOCH};

use bulla_jwks::Freshness;
use bulla_jwks::freshness::FreshnessFields;
use bulla_jwks::machine::CachePolicy;
use bulla_jwks::source::Metadata;

/// Whatever the fields say, a set is fresh for 5 minutes to 24 hours, and served for 1 hour to 24.
pub fn cache_headers(octets: &[u8]) {
    let text = String::from_utf8_lossy(octets);
    let mut lines = text.lines();
    let fields = FreshnessFields {
        cache_control: lines.next(),
        expires: lines.next(),
        date: lines.next(),
        age: lines.next(),
    };
    let now = UNIX_EPOCH + Duration::from_secs(1_800_000_000);
    let freshness = fields.freshness(now);
    assert!(
        !matches!(freshness, Freshness::Every(_)),
        "a file's rhythm is no server's to set"
    );
    let policy = CachePolicy::default();
    let ttl = policy.ttl(freshness);
    assert!((policy.ttl_min..=policy.ttl_max).contains(&ttl), "{ttl:?}");
    let bound = policy.stale_bound(ttl);
    assert!(
        (policy.stale_min..=policy.stale_max).contains(&bound),
        "{bound:?}"
    );
    // What must not be kept is not kept for longer than what may be.
    let forbidden = fields
        .cache_control
        .is_some_and(|text| text.eq_ignore_ascii_case("no-store"));
    assert!(!forbidden || ttl == policy.ttl_min);
}

/// Metadata that is read is of one issuer only, and says so whatever is asked.
pub fn issuer_metadata(octets: &[u8]) {
    let Ok(metadata) = Metadata::parse(octets) else {
        return;
    };
    assert!(metadata.expect_issuer(&metadata.issuer).is_ok());
    let longer = format!("{}/", metadata.issuer);
    let error = metadata.expect_issuer(&longer).expect_err("another issuer");
    assert!(
        error.to_string().len() < 4_096,
        "only the beginning of a name is shown"
    );
    // Strict JSON: the same members twice are not read.
    let text = String::from_utf8(octets.to_vec()).expect("strict JSON is UTF-8");
    if let Some(rest) = text.trim_start().strip_prefix('{') {
        let twice = format!(r#"{{"issuer":"https://evil.example",{rest}"#);
        assert!(Metadata::parse(twice.as_bytes()).is_err());
    }
}
