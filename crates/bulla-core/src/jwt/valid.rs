use core::fmt;
use std::borrow::Cow;
use std::time::SystemTime;

use super::checked::Checked;
use super::claims::RegisteredClaims;
use super::error::{ClaimError, VerifyError};
use super::origin::{Layer, Origin};
use super::registered::Registered;
use crate::header::Header;
use crate::key::KeyInfo;

/// A token that is as expected: signature, times, issuer, audience and whatever else was asked for.
///
/// Only [`Expectations`](super::Expectations) make one, so a function that takes a `Valid` needs no check of its own.
/// `T` is the caller's type for the claims.
#[derive(Clone)]
pub struct Valid<'s, T> {
    pub(super) payload: Cow<'s, str>,
    pub(super) registered: Registered,
    pub(super) claims: T,
    pub(super) checked: Checked,
    pub(super) origin: Origin,
}

impl<T> Valid<'_, T> {
    /// The claims.
    #[must_use]
    pub const fn claims(&self) -> &T {
        &self.claims
    }

    /// The claims, to keep.
    #[must_use]
    pub fn into_claims(self) -> T {
        self.claims
    }

    /// Who made the token, `iss`.
    #[must_use]
    pub fn issuer(&self) -> Option<&str> {
        self.registered().issuer()
    }

    /// Whom the token is about, `sub`.
    #[must_use]
    pub fn subject(&self) -> Option<&str> {
        self.registered().subject()
    }

    /// Whom the token is for, `aud`. Nobody where the claim is missing.
    pub fn audience(&self) -> impl ExactSizeIterator<Item = &str> {
        self.registered().audience()
    }

    /// From when on the token is void, `exp`.
    #[must_use]
    pub fn expires_at(&self) -> Option<SystemTime> {
        self.registered().expires_at()
    }

    /// Before when the token was void, `nbf`.
    #[must_use]
    pub fn not_before(&self) -> Option<SystemTime> {
        self.registered().not_before()
    }

    /// When the token was made, `iat`.
    #[must_use]
    pub fn issued_at(&self) -> Option<SystemTime> {
        self.registered().issued_at()
    }

    /// What tells the token from every other, `jti`.
    #[must_use]
    pub fn jwt_id(&self) -> Option<&str> {
        self.registered().jwt_id()
    }

    /// All registered claims.
    #[must_use]
    pub fn registered(&self) -> RegisteredClaims<'_> {
        RegisteredClaims {
            payload: &self.payload,
            registered: &self.registered,
        }
    }

    /// The protected header: of a token within a token, the inner one's, next to the claims.
    #[must_use]
    pub fn header(&self) -> &Header {
        self.origin.header()
    }

    /// The key that verified the signature, or decrypted the claims where they were encrypted alone.
    #[must_use]
    pub fn key(&self) -> &KeyInfo {
        self.origin.key()
    }

    /// The outer header of a token within a token.
    #[must_use]
    pub fn outer_header(&self) -> Option<&Header> {
        self.origin.outer().map(Layer::header)
    }

    /// The key that opened the outer token of a token within a token.
    #[must_use]
    pub fn outer_key(&self) -> Option<&KeyInfo> {
        self.origin.outer().map(Layer::key)
    }

    /// The claims octet for octet as they were signed: a JSON object.
    #[must_use]
    pub fn payload(&self) -> &[u8] {
        self.payload.as_bytes()
    }

    /// What was checked, by name: `signature` (`decryption` where it was encrypted), `alg` (and `enc`), then `typ` and claims such as `iss` and `exp`, then the
    /// claims required and the checks of the application's own.
    pub fn checked(&self) -> impl Iterator<Item = &str> {
        let layers = self.origin.checked().map(|name| -> &str { name });
        layers.chain(self.checked.names())
    }

    /// A check of your own on the claims, in line:
    ///
    /// ```
    /// # fn f(token: &str, verifier: &bulla_core::key::Verifier) -> Result<(), bulla_core::jwt::VerifyError> {
    /// # #[derive(serde::Deserialize)] struct Me { role: String }
    /// use bulla_core::jwt::Expectations;
    /// let expect = Expectations::new("https://issuer.example", "api");
    /// let admin = expect.verify::<Me>(token, verifier)?.check("role", |me| match &*me.role {
    ///     "admin" => Ok(()),
    ///     _ => Err("not an administrator"),
    /// })?;
    /// # let _ = admin; Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// [`ClaimError::Check`] with what the check says.
    pub fn check<E: Into<Cow<'static, str>>>(
        self,
        name: impl Into<Cow<'static, str>>,
        check: impl FnOnce(&T) -> Result<(), E>,
    ) -> Result<Self, VerifyError> {
        match check(&self.claims) {
            Ok(()) => Ok(self),
            Err(why) => Err(VerifyError::Claim(ClaimError::Check {
                name: name.into(),
                why: why.into(),
            })),
        }
    }
}

/// The claims of the caller's own type are not shown: they need no `Debug`, and may not be for logs.
impl<T> fmt::Debug for Valid<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Valid")
            .field("registered", &self.registered())
            .field("key", self.key())
            .finish_non_exhaustive()
    }
}
