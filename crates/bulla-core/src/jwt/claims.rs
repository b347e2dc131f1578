use core::fmt;
use std::time::SystemTime;

use super::registered::{Claim, Registered, Text};

/// The registered claims of a token (RFC 7519 §4.1), as an own check sees them.
///
/// See [`Expectations::check`](super::Expectations::check).
#[derive(Clone, Copy)]
pub struct RegisteredClaims<'a> {
    pub(super) payload: &'a str,
    pub(super) registered: &'a Registered,
}

impl<'a> RegisteredClaims<'a> {
    /// Who made the token, [RFC 7519 §4.1.1](https://www.rfc-editor.org/rfc/rfc7519#section-4.1.1).
    #[must_use]
    pub fn issuer(&self) -> Option<&'a str> {
        self.text(self.registered.iss.as_ref())
    }

    /// Whom the token is about, [RFC 7519 §4.1.2](https://www.rfc-editor.org/rfc/rfc7519#section-4.1.2).
    #[must_use]
    pub fn subject(&self) -> Option<&'a str> {
        self.text(self.registered.sub.as_ref())
    }

    /// Whom the token is for, [RFC 7519 §4.1.3](https://www.rfc-editor.org/rfc/rfc7519#section-4.1.3). Nobody where there is no `aud`.
    pub fn audience(&self) -> impl ExactSizeIterator<Item = &'a str> + use<'a> {
        let payload = self.payload;
        let audience = self.registered.aud.as_deref().unwrap_or_default();
        audience.iter().map(|member| member.resolve(payload))
    }

    /// From when on the token is void, [RFC 7519 §4.1.4](https://www.rfc-editor.org/rfc/rfc7519#section-4.1.4).
    #[must_use]
    pub fn expires_at(&self) -> Option<SystemTime> {
        self.registered.exp.map(Into::into)
    }

    /// Before when the token is void, [RFC 7519 §4.1.5](https://www.rfc-editor.org/rfc/rfc7519#section-4.1.5).
    #[must_use]
    pub fn not_before(&self) -> Option<SystemTime> {
        self.registered.nbf.map(Into::into)
    }

    /// When the token was made, [RFC 7519 §4.1.6](https://www.rfc-editor.org/rfc/rfc7519#section-4.1.6).
    #[must_use]
    pub fn issued_at(&self) -> Option<SystemTime> {
        self.registered.iat.map(Into::into)
    }

    /// What tells the token from every other, [RFC 7519 §4.1.7](https://www.rfc-editor.org/rfc/rfc7519#section-4.1.7).
    #[must_use]
    pub fn jwt_id(&self) -> Option<&'a str> {
        self.text(self.registered.jti.as_ref())
    }

    pub(super) fn has(&self, claim: Claim) -> bool {
        self.registered.has(claim)
    }

    fn text(&self, text: Option<&'a Text>) -> Option<&'a str> {
        text.map(|text| text.resolve(self.payload))
    }
}

impl fmt::Debug for RegisteredClaims<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RegisteredClaims")
            .field("iss", &self.issuer())
            .field("sub", &self.subject())
            .field("aud", &self.audience().collect::<Vec<_>>())
            .field("exp", &self.registered.exp)
            .field("nbf", &self.registered.nbf)
            .field("iat", &self.registered.iat)
            .field("jti", &self.jwt_id())
            .finish()
    }
}
