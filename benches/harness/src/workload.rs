//! The work: a claims set of 402 octets, and what a service does with it.

use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use crate::Alg;

pub const ISSUER: &str = "https://issuer.example.com/tenants/7c1f2b9e";
pub const AUDIENCE: &str = "https://api.example.com/orders";

/// Octets of the payload; checked at start-up.
pub const PAYLOAD_LEN: usize = 402;

/// The claims, owned.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Claims {
    pub iss: String,
    pub sub: String,
    pub aud: String,
    pub exp: u64,
    pub nbf: u64,
    pub iat: u64,
    pub jti: String,
    pub scope: String,
    pub tenant: String,
    pub department: String,
    pub level: u32,
}

/// The claims, borrowed from the decoded payload.
#[derive(Clone, Debug, Deserialize)]
pub struct ClaimsRef<'a> {
    pub iss: &'a str,
    pub sub: &'a str,
    pub aud: &'a str,
    pub exp: u64,
    pub nbf: u64,
    pub iat: u64,
    pub jti: &'a str,
    pub scope: &'a str,
    pub tenant: &'a str,
    pub department: &'a str,
    pub level: u32,
}

/// The claims without the registered ones, for libraries that keep those in a type of their own.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Custom {
    pub scope: String,
    pub tenant: String,
    pub department: String,
    pub level: u32,
}

impl Claims {
    /// What everybody signs and verifies.
    pub fn workload() -> Self {
        Self {
            iss: ISSUER.into(),
            sub: "auth0|user-5f7c8ec7c33c6c004bbafe82".into(),
            aud: AUDIENCE.into(),
            exp: 4_102_444_800,
            nbf: 1_700_000_000,
            iat: 1_700_000_000,
            jti: "0b9d4f0e-6c1e-4c55-9a4e-0d5b7a0f7d11".into(),
            scope: "openid profile email orders:read orders:write orders:refund orders:export stock:read".into(),
            tenant: "northwind-traders".into(),
            department: "returns and warranty".into(),
            level: 7,
        }
    }

    pub fn custom(&self) -> Custom {
        Custom {
            scope: self.scope.clone(),
            tenant: self.tenant.clone(),
            department: self.department.clone(),
            level: self.level,
        }
    }

    /// The lengths of all strings and the level: equal only if every claim was decoded.
    pub fn weight(&self) -> usize {
        self.iss.len()
            + self.sub.len()
            + self.aud.len()
            + self.jti.len()
            + self.scope.len()
            + self.tenant.len()
            + self.department.len()
            + self.level as usize
    }
}

impl ClaimsRef<'_> {
    /// As for [`Claims::weight`].
    pub fn weight(&self) -> usize {
        self.iss.len()
            + self.sub.len()
            + self.aud.len()
            + self.jti.len()
            + self.scope.len()
            + self.tenant.len()
            + self.department.len()
            + self.level as usize
    }
}

/// The checks by hand, for libraries that do not check claims or are faster without their own checks:
/// no peer is charged for work that its user could do more cheaply.
pub fn check_registered(iss: &str, aud: &str, exp: u64, nbf: u64) -> bool {
    let now = now();
    iss == ISSUER && aud == AUDIENCE && now < exp && nbf <= now
}

/// Seconds since the epoch.
pub fn now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}

/// `BASE64URL(header) || '.' || BASE64URL(payload)` with a header of `alg` and `typ` alone.
pub fn signing_input(alg: Alg, payload: &[u8]) -> String {
    let header = format!(r#"{{"alg":"{}","typ":"JWT"}}"#, alg.header_name());
    let mut input = URL_SAFE_NO_PAD.encode(header);
    input.push('.');
    URL_SAFE_NO_PAD.encode_string(payload, &mut input);
    input
}
