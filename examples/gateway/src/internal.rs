//! The gateway as an issuer: tokens for what is behind it, and the keys that these are verified with.

use std::error::Error;
use std::time::{Duration, SystemTime};

use axum::routing::get;
use axum::{Json, Router};
use bulla::jwa::SignatureAlg;
use bulla::key::{KeyRotation, RotationPolicy};
use bulla::oauth::access_token::{Access, AccessToken};
use bulla::oauth::rotation::{KeyEndpoints, NewKeys};
use bulla::oauth::{Issuer, MakeError};
use serde_json::json;

#[derive(Clone)]
pub(crate) struct Internal {
    issuer: Issuer,
    audience: String,
    keys: KeyEndpoints,
}

impl Internal {
    pub(crate) fn new(issuer: &str, audience: String) -> Result<Self, Box<dyn Error>> {
        let new_keys = NewKeys::local(&bulla::backend(), SignatureAlg::Es256);
        let rotation = KeyRotation::new(new_keys.generate()?, RotationPolicy::new());
        Ok(Self {
            issuer: Issuer::parse(issuer)?,
            audience,
            keys: KeyEndpoints::new(rotation, new_keys),
        })
    }

    /// A token that says for whom a call is and what the caller may do: for this call, and no longer than the caller's.
    pub(crate) async fn token(&self, access: &Access) -> Result<String, MakeError> {
        let subject = access.subject().unwrap_or_default();
        let client = access.client_id().unwrap_or_default();
        AccessToken::for_subject(
            subject,
            client,
            &self.issuer,
            &*self.audience,
            &bulla::backend(),
        )
        .scopes(access.scopes().clone())
        .lifetime(lifetime(access))
        .sign_async(&self.keys.keys().signer())
        .await
    }

    /// What is needed to verify them: `ProtectedResource::new(&issuer, audience)` finds it.
    pub(crate) fn router(&self) -> Router {
        let issuer = self.issuer.as_str();
        let metadata = json!({"issuer": issuer, "jwks_uri": format!("{issuer}/jwks")});
        let metadata = get(|| async { Json(metadata) });
        Router::new()
            .route("/.well-known/oauth-authorization-server", metadata)
            .merge(self.keys.jwks())
    }

    pub(crate) async fn rotate_daily(self) {
        loop {
            tokio::time::sleep(Duration::from_secs(24 * 3_600)).await;
            if let Err(error) = self.keys.rotate().await {
                eprintln!("the key was not rotated: {error}");
            }
        }
    }
}

fn lifetime(access: &Access) -> Duration {
    let left = access
        .expires_at()
        .and_then(|end| end.duration_since(SystemTime::now()).ok());
    left.unwrap_or(LONGEST).min(LONGEST)
}

const LONGEST: Duration = Duration::from_secs(60);
