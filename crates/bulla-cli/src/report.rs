//! What `--json` says about keys and payloads, the same for every verb.

use serde::Serialize;

use bulla::base64url;
use bulla::key::KeyInfo;
use bulla::trust::Trust;

/// Which key verified.
#[derive(Debug, Serialize)]
pub(crate) struct KeyReport<'a> {
    kid: Option<&'a str>,
    /// RFC 7638 with SHA-256.
    thumbprint: Option<String>,
    /// Why it is trusted, where not because the command line named it.
    #[serde(skip_serializing_if = "Option::is_none")]
    trust: Option<String>,
}

impl<'a> From<&'a KeyInfo> for KeyReport<'a> {
    fn from(key: &'a KeyInfo) -> Self {
        Self {
            kid: key.kid(),
            thumbprint: key.thumbprint().map(base64url::encode),
            trust: (*key.trust() != Trust::Caller).then(|| key.trust().to_string()),
        }
    }
}

/// A payload: as text where it is text, and else as base64url under a name that says so.
#[derive(Debug, Serialize)]
pub(crate) enum Octets<'a> {
    #[serde(rename = "payload")]
    Text(&'a str),
    #[serde(rename = "payload_base64url")]
    Binary(String),
}

impl<'a> From<&'a [u8]> for Octets<'a> {
    fn from(octets: &'a [u8]) -> Self {
        match std::str::from_utf8(octets) {
            Ok(text) => Self::Text(text),
            Err(_) => Self::Binary(base64url::encode(octets)),
        }
    }
}
