use core::cell::OnceCell;
use core::fmt;
use core::time::Duration;
use std::borrow::Cow;
use std::sync::Arc;
use std::time::SystemTime;

use serde::Serialize;
use serde_json::Value;

use super::error::IssueError;
use super::numeric_date::NumericDate;
use super::write::{self, Audience, Members};
use crate::jws::{self, Headers};
use crate::key::{AsyncSigner, Signer};
use crate::time::{Clock, SystemClock};

/// Starts a token made by `issuer`.
///
/// ```
/// # fn f(signer: &bulla_core::key::Signer) -> Result<(), bulla_core::jwt::IssueError> {
/// use std::time::Duration;
/// use bulla_core::jwt;
/// let token = jwt::issue("https://issuer.example")
///     .subject("alice")
///     .audience("api")
///     .expires_in(Duration::from_secs(300))
///     .sign(signer)?;
/// # let _ = token; Ok(()) }
/// ```
pub fn issue<'a>(issuer: impl Into<Cow<'a, str>>) -> Issue<'a> {
    Issue::new().issuer(issuer)
}

/// Makes tokens: registered claims by name, the others from a type of the caller's.
///
/// `iat` is the time of signing unless set otherwise. Nothing else is added. Signing takes `&self`, so one
/// `Issue` may serve for many tokens.
#[must_use = "no token is made until one of the `sign` methods is called"]
pub struct Issue<'a, C: ?Sized = ()> {
    issuer: Option<Cow<'a, str>>,
    subject: Option<Cow<'a, str>>,
    audience: Audience<'a>,
    expires: Option<When>,
    not_before: Option<When>,
    issued: IssuedAt,
    jwt_id: Option<Cow<'a, str>>,
    claims: Option<&'a C>,
    json: Option<&'a [u8]>,
    /// `None` where the header is that of every JWT of a signer: `alg`, `kid`, and `typ` "JWT".
    pub(super) headers: Option<Headers>,
    clock: Option<Arc<dyn Clock>>,
}

#[derive(Clone, Copy, Debug)]
enum When {
    At(SystemTime),
    After(Duration),
}

#[derive(Clone, Copy, Debug)]
enum IssuedAt {
    /// Now, unless the caller's claims say when.
    Default,
    At(SystemTime),
    Never,
}

impl<'a> Issue<'a> {
    /// Starts a token that names no issuer.
    pub fn new() -> Self {
        Self {
            issuer: None,
            subject: None,
            audience: Audience::None,
            expires: None,
            not_before: None,
            issued: IssuedAt::Default,
            jwt_id: None,
            claims: None,
            json: None,
            headers: None,
            clock: None,
        }
    }
}

impl Default for Issue<'_> {
    fn default() -> Self {
        Self::new()
    }
}

impl<'a, C: ?Sized> Issue<'a, C> {
    /// Sets `iss` (RFC 7519 §4.1.1).
    pub fn issuer(mut self, issuer: impl Into<Cow<'a, str>>) -> Self {
        self.issuer = Some(issuer.into());
        self
    }

    /// Sets `sub` (RFC 7519 §4.1.2).
    pub fn subject(mut self, subject: impl Into<Cow<'a, str>>) -> Self {
        self.subject = Some(subject.into());
        self
    }

    /// Adds an audience (RFC 7519 §4.1.3). One is written as a string, several as an array.
    pub fn audience(mut self, audience: impl Into<Cow<'a, str>>) -> Self {
        self.audience.push(audience.into());
        self
    }

    /// Sets `exp` so long after the time of signing (RFC 7519 §4.1.4). In whole seconds, rounded down.
    pub fn expires_in(mut self, lifetime: Duration) -> Self {
        self.expires = Some(When::After(lifetime));
        self
    }

    /// Sets `exp` (RFC 7519 §4.1.4). In whole seconds, rounded down.
    pub fn expires_at(mut self, time: SystemTime) -> Self {
        self.expires = Some(When::At(time));
        self
    }

    /// Sets `nbf` (RFC 7519 §4.1.5). In whole seconds, rounded down.
    pub fn not_before(mut self, time: SystemTime) -> Self {
        self.not_before = Some(When::At(time));
        self
    }

    /// Sets `nbf` so long after the time of signing (RFC 7519 §4.1.5). In whole seconds, rounded down.
    pub fn not_before_in(mut self, delay: Duration) -> Self {
        self.not_before = Some(When::After(delay));
        self
    }

    /// Sets `iat` to another time than that of signing (RFC 7519 §4.1.6). In whole seconds, rounded down.
    pub fn issued_at(mut self, time: SystemTime) -> Self {
        self.issued = IssuedAt::At(time);
        self
    }

    /// Leaves `iat` out.
    pub fn no_issued_at(mut self) -> Self {
        self.issued = IssuedAt::Never;
        self
    }

    /// Sets `jti` (RFC 7519 §4.1.7).
    pub fn jwt_id(mut self, id: impl Into<Cow<'a, str>>) -> Self {
        self.jwt_id = Some(id.into());
        self
    }

    /// Adds the caller's claims, which must serialize as a JSON object. A registered claim may be among them if
    /// it is not set here.
    pub fn claims<T: Serialize + ?Sized>(self, claims: &'a T) -> Issue<'a, T> {
        Issue {
            claims: Some(claims),
            issuer: self.issuer,
            subject: self.subject,
            audience: self.audience,
            expires: self.expires,
            not_before: self.not_before,
            issued: self.issued,
            jwt_id: self.jwt_id,
            json: self.json,
            headers: self.headers,
            clock: self.clock,
        }
    }

    /// Adds claims from the text of a JSON object, octet for octet. They are held to the same rules as those of
    /// a token. Where nothing else is set, the text becomes the payload as it is.
    pub fn claims_json(mut self, json: &'a [u8]) -> Self {
        self.json = Some(json);
        self
    }

    /// States another type of token than "JWT", such as `at+jwt` (RFC 8725 §3.11).
    pub fn typ(self, typ: impl Into<String>) -> Self {
        self.map_headers(|headers| headers.typ(typ))
    }

    /// Sets the key ID instead of the key's own.
    pub fn kid(self, kid: impl Into<String>) -> Self {
        self.map_headers(|headers| headers.kid(kid))
    }

    /// Sets any parameter of the protected header.
    pub fn header(self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.map_headers(|headers| headers.protected(name, value))
    }

    /// Asks this clock for the time of signing.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = Some(clock);
        self
    }

    fn map_headers(mut self, change: impl FnOnce(Headers) -> Headers) -> Self {
        let headers = self.headers.take().unwrap_or_else(jwt_headers);
        self.headers = Some(change(headers));
        self
    }
}

impl<C: Serialize + ?Sized> Issue<'_, C> {
    /// Makes the token.
    ///
    /// # Errors
    ///
    /// [`IssueError`]; the variants say what cannot be. We never sign what we would refuse.
    pub fn sign(&self, signer: &Signer) -> Result<String, IssueError> {
        let payload = self.to_json()?;
        let own;
        let segment = match &self.headers {
            None => match signer.jwt_header().get() {
                Some(segment) => segment,
                None => {
                    let made = segment(&jwt_headers(), signer)?;
                    signer.jwt_header().get_or_init(|| made)
                }
            },
            Some(headers) => {
                own = segment(headers, signer)?;
                &own
            }
        };
        Ok(jws::sign_segments(signer, segment, &payload)?)
    }

    /// Makes the token with a key that may be far away.
    ///
    /// # Errors
    ///
    /// As for [`sign`](Self::sign).
    pub async fn sign_async(&self, signer: &AsyncSigner) -> Result<String, IssueError> {
        let payload = self.to_json()?;
        let headers = self.headers.clone().unwrap_or_else(jwt_headers);
        // For the refusal of what a JWT may not have; the builder makes the header again.
        headers
            .ready(signer.alg(), signer.kid())
            .map_err(IssueError::from)
            .and_then(encoded)?;
        let token = jws::Builder::new(&payload)
            .headers(headers)
            .sign_compact_async(signer);
        Ok(token.await?)
    }

    /// The claims set alone, as it would be signed now.
    ///
    /// # Errors
    ///
    /// As for [`sign`](Self::sign).
    pub fn to_json(&self) -> Result<Vec<u8>, IssueError> {
        // Asked at most once, and only where a time counts from it.
        let now = OnceCell::new();
        let now = || *now.get_or_init(|| self.now());
        let after = |when: &When| match when {
            When::At(time) => Ok(NumericDate::from_seconds(
                NumericDate::from(*time).seconds(),
            )),
            When::After(delay) => now().later(*delay).ok_or(IssueError::Time),
        };
        let members = Members {
            iss: self.issuer.as_deref(),
            sub: self.subject.as_deref(),
            aud: &self.audience,
            exp: self.expires.as_ref().map(after).transpose()?,
            nbf: self.not_before.as_ref().map(after).transpose()?,
            iat: match self.issued {
                IssuedAt::Default => Some(NumericDate::from_seconds(now().seconds())),
                IssuedAt::At(time) => Some(after(&When::At(time))?),
                IssuedAt::Never => None,
            },
            jti: self.jwt_id.as_deref(),
        };
        match write::claims_set(&members, self.claims, self.json) {
            Err(IssueError::Duplicate { claim })
                if claim == "iat" && matches!(self.issued, IssuedAt::Default) =>
            {
                // The caller's claims say when; ours was only a default.
                let members = Members {
                    iat: None,
                    ..members
                };
                write::claims_set(&members, self.claims, self.json)
            }
            made => made,
        }
    }

    fn now(&self) -> NumericDate {
        match &self.clock {
            Some(clock) => clock.now(),
            None => SystemClock.now(),
        }
        .into()
    }
}

pub(super) fn jwt_headers() -> Headers {
    Headers::new().typ("JWT")
}

fn segment(headers: &Headers, signer: &Signer) -> Result<String, IssueError> {
    encoded(headers.ready(signer.alg(), signer.kid())?)
}

/// A JWT must not leave its payload unencoded (RFC 7797 §7).
fn encoded(ready: jws::ReadyHeaders) -> Result<String, IssueError> {
    if ready.encoded && ready.unprotected.is_empty() {
        Ok(ready.segment)
    } else {
        Err(jws::BuildError::PayloadUnencodable.into())
    }
}

impl<C: ?Sized> Clone for Issue<'_, C> {
    fn clone(&self) -> Self {
        Self {
            issuer: self.issuer.clone(),
            subject: self.subject.clone(),
            audience: self.audience.clone(),
            expires: self.expires,
            not_before: self.not_before,
            issued: self.issued,
            jwt_id: self.jwt_id.clone(),
            claims: self.claims,
            json: self.json,
            headers: self.headers.clone(),
            clock: self.clock.clone(),
        }
    }
}

impl<C: ?Sized> fmt::Debug for Issue<'_, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Issue")
            .field("issuer", &self.issuer)
            .field("subject", &self.subject)
            .field("audience", &self.audience)
            .field("expires", &self.expires)
            .field("not_before", &self.not_before)
            .field("issued", &self.issued)
            .field("jwt_id", &self.jwt_id)
            .field("headers", &self.headers)
            .finish_non_exhaustive()
    }
}
