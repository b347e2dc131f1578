use std::sync::Arc;

use bulla_core::jwa::HashAlg;
use bulla_core::jws::{Builder, Headers};
use bulla_core::jwt::Issue;
use bulla_core::key::{AsyncSigner, Signer};
use bulla_core::{Clock, SystemClock, base64url};
use serde::Serialize;

use super::{DpopKey, TargetUri};
use crate::fresh;
use crate::make_error::MakeError;

/// Makes the proof of one request, [RFC 9449 §4.2](https://www.rfc-editor.org/rfc/rfc9449#section-4.2), with a `jti` of
/// its own: a request that is sent again takes a new one.
#[derive(Clone, Debug)]
#[must_use = "no proof is made until one of the `sign` methods is called"]
pub struct DpopProof {
    claims: Claims,
    clock: Arc<dyn Clock>,
}

#[derive(Clone, Debug, Serialize)]
struct Claims {
    htm: String,
    htu: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    ath: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    nonce: Option<String>,
}

impl DpopProof {
    /// For a request with this method (`POST`) to this URL.
    pub fn new(method: impl Into<String>, url: &TargetUri) -> Self {
        Self {
            claims: Claims {
                htm: method.into(),
                htu: url.as_str().to_owned(),
                ath: None,
                nonce: None,
            },
            clock: Arc::new(SystemClock),
        }
    }

    /// For a request that presents this access token. Not for the token endpoint.
    pub fn access_token(mut self, token: &str) -> Self {
        self.claims.ath = Some(hash_of(token));
        self
    }

    /// With the nonce that the server sent last.
    pub fn nonce(mut self, nonce: impl Into<String>) -> Self {
        self.claims.nonce = Some(nonce.into());
        self
    }

    /// Asks this clock.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Makes a new proof.
    ///
    /// # Errors
    ///
    /// [`MakeError`] where the key or the source of random octets fails.
    pub fn sign(&self, key: &DpopKey<Signer>) -> Result<String, MakeError> {
        let payload = self.payload(key)?;
        Ok(builder(&payload, key).sign_compact(&key.signer)?)
    }

    /// Makes a new proof with a key that may be far away.
    ///
    /// # Errors
    ///
    /// As for [`sign`](Self::sign).
    pub async fn sign_async(&self, key: &DpopKey<AsyncSigner>) -> Result<String, MakeError> {
        let payload = self.payload(key)?;
        Ok(builder(&payload, key)
            .sign_compact_async(&key.signer)
            .await?)
    }

    fn payload<S>(&self, key: &DpopKey<S>) -> Result<Vec<u8>, MakeError> {
        let issue = Issue::new()
            .jwt_id(fresh::id(key.backend.as_ref())?)
            .clock(Arc::clone(&self.clock));
        Ok(issue.claims(&self.claims).to_json()?)
    }
}

fn builder<'a, S>(payload: &'a [u8], key: &DpopKey<S>) -> Builder<'a> {
    // The key itself stands there, so no name of it.
    let headers = Headers::new()
        .typ(TYP)
        .protected("jwk", key.public.to_value())
        .without_kid();
    Builder::new(payload).headers(headers)
}

/// The type of a proof.
pub(super) const TYP: &str = "dpop+jwt";

/// `ath`: the access token's SHA-256, base64url (RFC 9449 §4.2).
pub(super) fn hash_of(token: &str) -> String {
    base64url::encode(HashAlg::Sha256.digest(token.as_bytes()))
}
