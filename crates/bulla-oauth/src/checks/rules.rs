use core::time::Duration;
use std::time::SystemTime;

use bulla_core::Header;
use bulla_core::jwt::RegisteredClaims;
use serde::Deserialize;

/// What the lists below are held against.
pub(crate) struct Facts<'a> {
    pub(crate) header: &'a Header,
    pub(crate) claims: RegisteredClaims<'a>,
    pub(crate) audience: Option<&'a Audience>,
    pub(crate) rules: &'a Rules,
    pub(crate) now: SystemTime,
}

/// What is accepted of an assertion.
#[derive(Clone, Debug)]
pub(crate) struct Rules {
    pub(crate) audience: AudienceRule,
    /// Values of `typ`; one that is missing is accepted always.
    pub(crate) types: &'static [&'static str],
    /// How long after `exp` it is still accepted.
    pub(crate) late: Duration,
    /// How far `iat` and `nbf` may lie in the future.
    pub(crate) early: Duration,
    /// From `iat` to `exp`, and to now.
    pub(crate) lifetime: Duration,
}

#[derive(Clone, Debug)]
pub(crate) enum AudienceRule {
    /// The one value, as a string.
    Text(String),
    /// The one value, as a string or as the only member of an array.
    Sole(String),
    /// One of these must be among the values.
    Among(Vec<String>),
}

/// The claims that depend on how they are written.
#[derive(Deserialize)]
pub(crate) struct Found {
    pub(crate) aud: Option<Audience>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Audience {
    Text(String),
    Several(Vec<String>),
}
