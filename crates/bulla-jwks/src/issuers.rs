use std::collections::HashMap;

use bulla_core::jwt::{ClaimError, Expectations, Valid, VerifyError};
use bulla_core::{Limits, base64url, json, jws};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::remote::{RemoteError, RemoteKeys, StartError};

/// Several issuers in one verifier, each with its own keys and expectations. A token's `iss` chooses among those that
/// were configured; it never leads anywhere else.
///
/// The keys of one issuer never verify a token of another, whatever their `kid`s are.
///
/// ```no_run
/// # #[derive(serde::Deserialize)] struct Me {}
/// # async fn f(token: &str) -> Result<(), Box<dyn std::error::Error>> {
/// use bulla_core::jwt::Expectations;
/// use bulla_jwks::{Issuers, discover};
///
/// let ours = Expectations::any_issuer_any_audience().audiences(["api"]); // the issuer is set by `add`
/// let issuers = Issuers::new()
///     .add("https://a.example", discover("https://a.example").start()?, ours.clone())?
///     .add("https://b.example", discover("https://b.example").start()?, ours)?;
/// let valid = issuers.verify::<Me>(token).await?;
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct Issuers {
    entries: HashMap<String, Entry>,
    limit: usize,
}

#[derive(Debug)]
struct Entry {
    keys: RemoteKeys,
    expect: Expectations,
}

impl Issuers {
    /// No issuer yet, and 100 at most.
    #[must_use]
    pub fn new() -> Self {
        Self::at_most(100)
    }

    /// No issuer yet, and so many at most. Each costs a task and its keys.
    #[must_use]
    pub fn at_most(limit: usize) -> Self {
        Self {
            entries: HashMap::new(),
            limit,
        }
    }

    /// Adds an issuer. Its tokens must be as expected, and name this issuer, whatever the expectations say of it.
    ///
    /// # Errors
    ///
    /// [`StartError::TooManyIssuers`], [`StartError::IssuerTwice`].
    pub fn add(
        mut self,
        issuer: impl Into<String>,
        keys: RemoteKeys,
        expect: Expectations,
    ) -> Result<Self, StartError> {
        let issuer = issuer.into();
        if self.entries.contains_key(&issuer) {
            return Err(StartError::IssuerTwice);
        }
        if self.entries.len() >= self.limit {
            return Err(StartError::TooManyIssuers { limit: self.limit });
        }
        let expect = expect.issuers([issuer.clone()]);
        self.entries.insert(issuer, Entry { keys, expect });
        Ok(self)
    }

    /// The keys of an issuer.
    #[must_use]
    pub fn keys(&self, issuer: &str) -> Option<&RemoteKeys> {
        self.entries.get(issuer).map(|entry| &entry.keys)
    }

    /// Verifies a token of any of the issuers.
    ///
    /// # Errors
    ///
    /// As for [`RemoteKeys::verify`]; [`ClaimError::IssuerMismatch`] where `iss` is none of them, without any request.
    pub async fn verify<T: DeserializeOwned>(
        &self,
        token: &str,
    ) -> Result<Valid<'static, T>, RemoteError<VerifyError>> {
        let issuer = said_issuer(token).map_err(RemoteError::Token)?;
        let entry = issuer.and_then(|issuer| self.entries.get(&issuer));
        let Some(entry) = entry else {
            return Err(RemoteError::Token(ClaimError::IssuerMismatch.into()));
        };
        entry
            .keys
            .verify(|keys| entry.expect.verify(token, keys))
            .await
    }
}

impl Default for Issuers {
    fn default() -> Self {
        Self::new()
    }
}

/// The `iss` that a token claims. Nobody has verified it: it only chooses whose keys are tried.
fn said_issuer(token: &str) -> Result<Option<String>, VerifyError> {
    if token.len() > Limits::DEFAULT.token {
        let what = "the compact token";
        return Err(jws::VerifyError::LimitExceeded { what }.into());
    }
    let payload = token.split('.').nth(1).unwrap_or_default();
    let claims = base64url::decode(payload).ok();
    let read = claims
        .and_then(|claims| json::from_slice::<Said>(&claims, Limits::DEFAULT.json_depth).ok());
    Ok(read.and_then(|said| said.iss))
}

#[derive(Deserialize)]
struct Said {
    iss: Option<String>,
}
