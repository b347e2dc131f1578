use core::fmt;
use std::borrow::Cow;
use std::sync::Arc;

use serde::de::{Deserialize, DeserializeOwned};

use super::error::{ClaimError, VerifyError};
use super::expect::Expectations;
use super::judge;
use super::origin::Origin;
use super::registered::Registered;
use super::scratch::Scratch;
use super::valid::Valid;
use crate::base64url;
use crate::header::{Header, Kind};
use crate::jws::{self, Policy};
use crate::key::{KeyInfo, Keys, SeenHeader};

/// A compact JWT on its way to [`Valid`], one step at a time: unverified, verified, valid.
///
/// [`Expectations::verify`] takes all steps at once. The steps are for applications that need the header before
/// they know the keys, or the key before they know what to expect. Neither state has claims:
///
/// ```compile_fail,E0599
/// # fn f(token: &str) -> Result<(), bulla_core::jws::VerifyError> {
/// bulla_core::jwt::Jwt::parse(token)?.claims(); // no such method: nobody has verified anything
/// # Ok(()) }
/// ```
///
/// ```compile_fail,E0599
/// # fn f(token: &str, verifier: &bulla_core::key::Verifier) -> Result<(), bulla_core::jws::VerifyError> {
/// bulla_core::jwt::Jwt::parse(token)?.verify(verifier)?.claims(); // signed, but for whom, and until when?
/// # Ok(()) }
/// ```
///
/// ```
/// # fn f(token: &str, verifier: &bulla_core::key::Verifier) -> Result<(), bulla_core::jwt::VerifyError> {
/// use bulla_core::jwt::{Expectations, Jwt};
/// let unverified = Jwt::parse(token)?;
/// println!("said to be signed with {:?}", unverified.header().kid());
/// let verified = unverified.verify(verifier)?;
/// let valid = verified.validate::<()>(&Expectations::new("https://issuer.example", "api"))?;
/// # let _ = valid; Ok(()) }
/// ```
pub struct Jwt<'t, S> {
    state: S,
    /// The payload, base64url.
    payload: &'t str,
}

/// The state of a JWT that nobody has verified.
#[derive(Debug)]
pub struct Unverified<'t> {
    token: &'t str,
    header: Header,
    policy: Policy,
}

/// The state of a JWT whose signature held, while its claims are unknown.
pub struct Verified {
    seen: Arc<SeenHeader>,
}

impl<'t> Jwt<'t, Unverified<'t>> {
    /// Reads the header of a compact token under the default [`Policy`].
    ///
    /// # Errors
    ///
    /// [`jws::VerifyError::Malformed`], [`jws::VerifyError::LimitExceeded`] or
    /// [`jws::VerifyError::CriticalUnknown`].
    pub fn parse(token: &'t str) -> Result<Self, jws::VerifyError> {
        Self::parse_with(token, Policy::new())
    }

    /// Reads the header of a compact token.
    ///
    /// # Errors
    ///
    /// As for [`parse`](Self::parse).
    pub fn parse_with(token: &'t str, policy: Policy) -> Result<Self, jws::VerifyError> {
        let parts = jws::Parts::split(token, policy.bounds())?;
        let header = Header::parse_segment(parts.header, Kind::Jws, policy.bounds())?;
        policy.admit(&header)?;
        Ok(Self {
            payload: parts.payload,
            state: Unverified {
                token,
                header,
                policy,
            },
        })
    }

    /// What the token says about itself. Nobody has verified it.
    #[must_use]
    pub const fn header(&self) -> &Header {
        &self.state.header
    }

    /// Verifies the signature.
    ///
    /// # Errors
    ///
    /// [`VerifyError::Jws`] where it does not hold; [`VerifyError::Claim`] of [`ClaimError::Unencoded`].
    pub fn verify(self, keys: &(impl Keys + ?Sized)) -> Result<Jwt<'t, Verified>, VerifyError> {
        Jwt::verify_compact(self.state.token, keys, &self.state.policy)
    }

    /// The claims as they stand in the token, **not verified**: for tools that show tokens.
    ///
    /// # Errors
    ///
    /// [`jws::VerifyError::Malformed`] where they are not base64url.
    ///
    /// # Security
    ///
    /// Whoever made the token chose these octets. To act on them, verify.
    pub fn dangerous_unverified_payload(&self) -> Result<Vec<u8>, jws::VerifyError> {
        if self.state.header.b64() {
            base64url::decode(self.payload).map_err(|_| not_base64url())
        } else {
            Ok(self.payload.as_bytes().to_vec())
        }
    }
}

impl<'t> Jwt<'t, Verified> {
    pub(super) fn verify_compact(
        token: &'t str,
        keys: &(impl Keys + ?Sized),
        policy: &Policy,
    ) -> Result<Self, VerifyError> {
        let verified = jws::verify_compact(token, keys, policy)?;
        if !verified.seen.header().b64() {
            return Err(ClaimError::Unencoded.into());
        }
        Ok(Self {
            payload: verified.payload,
            state: Verified {
                seen: verified.seen,
            },
        })
    }

    /// The protected header.
    #[must_use]
    pub fn header(&self) -> &Header {
        self.state.seen.header()
    }

    /// The key that verified the signature.
    #[must_use]
    pub fn key(&self) -> &KeyInfo {
        self.state.seen.key()
    }

    /// Judges the claims and reads them into `T`. Limits other than those on claims are not judged again.
    ///
    /// # Errors
    ///
    /// [`VerifyError::Claim`] where the claims are not as expected.
    pub fn validate<T: DeserializeOwned>(
        self,
        expect: &Expectations,
    ) -> Result<Valid<'static, T>, VerifyError> {
        let octets = base64url::decode(self.payload).map_err(|_| not_base64url())?;
        let payload = match String::from_utf8(octets) {
            Ok(payload) => payload,
            Err(error) => return Err(not_utf8(error.as_bytes())),
        };
        let mut registered = Registered::default();
        let (claims, checked) = expect.judge(&payload, || self.header().typ(), &mut registered)?;
        Ok(Valid {
            payload: Cow::Owned(payload),
            registered,
            claims,
            checked,
            origin: Origin::Signed(self.state.seen),
        })
    }

    /// As [`validate`](Self::validate), but claims may borrow from the scratch buffer.
    ///
    /// # Errors
    ///
    /// As for [`validate`](Self::validate).
    pub fn validate_in<'s, T: Deserialize<'s>>(
        self,
        scratch: &'s mut Scratch,
        expect: &Expectations,
    ) -> Result<Valid<'s, T>, VerifyError> {
        scratch.payload.clear();
        base64url::decode_into(self.payload, &mut scratch.payload).map_err(|_| not_base64url())?;
        let payload = judge::text_of(&scratch.payload)?;
        let mut registered = Registered::default();
        let (claims, checked) = expect.judge(payload, || self.header().typ(), &mut registered)?;
        Ok(Valid {
            payload: Cow::Borrowed(payload),
            registered,
            claims,
            checked,
            origin: Origin::Signed(self.state.seen),
        })
    }
}

fn not_base64url() -> jws::VerifyError {
    jws::VerifyError::malformed("payload", "is not base64url without padding")
}

#[cold]
fn not_utf8(octets: &[u8]) -> VerifyError {
    match judge::text_of(octets) {
        Err(error) => error.into(),
        Ok(_) => not_base64url().into(),
    }
}

impl fmt::Debug for Jwt<'_, Unverified<'_>> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Jwt")
            .field("header", self.header())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Jwt<'_, Verified> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Jwt")
            .field("header", self.header())
            .field("key", self.key())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Verified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verified")
            .field("key", self.seen.key())
            .finish_non_exhaustive()
    }
}
