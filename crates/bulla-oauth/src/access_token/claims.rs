use serde::Deserialize;

use crate::dpop::Thumbprint;

/// The claims of an access token that decide about access, by the names that RFC 9068, Keycloak and Entra give them. To be
/// read by whatever verifies a token, and looked at through [`Access`](super::Access).
#[derive(Clone, Debug, Default, Deserialize)]
pub struct TokenClaims {
    pub(super) scope: Option<Spaced>,
    pub(super) scp: Option<Spaced>,
    pub(super) client_id: Option<String>,
    pub(super) azp: Option<String>,
    pub(super) appid: Option<String>,
    pub(super) roles: Option<Vec<String>>,
    pub(super) cnf: Option<Confirmation>,
}

/// Scopes as text with spaces between, or as an array.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Spaced {
    Text(String),
    Several(Vec<String>),
}

/// `cnf` (RFC 7800 §3.1): which key the presenter has to hold.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Confirmation {
    /// RFC 9449 §6.1.
    pub(super) jkt: Option<Thumbprint>,
    /// RFC 8705 §3.1.
    #[serde(rename = "x5t#S256")]
    pub(super) certificate: Option<Thumbprint>,
}
