use core::fmt;
use core::time::Duration;
use std::borrow::Cow;
use std::sync::Arc;
use std::time::SystemTime;

use serde::de::{Deserialize, DeserializeOwned};

use super::claims::RegisteredClaims;
use super::error::VerifyError;
use super::scratch::Scratch;
use super::token::Jwt;
use super::valid::Valid;
use crate::jwe;
use crate::jws::Policy;
use crate::key::Keys;
use crate::limits::Limits;
use crate::time::{Clock, SystemClock};

/// What a token must say to be accepted. Made once, used for every token, from any thread.
///
/// Issuer and audience have to be named; not to care has to be said aloud. Whatever is named is required: a
/// token without the claim is refused as one with another value is. Times are checked where the token has
/// them, by the system clock unless [`at`](Self::at) or [`clock`](Self::clock) say otherwise, and to the
/// second unless there is a [`leeway`](Self::leeway):
///
/// | claim | refused |
/// |---|---|
/// | `exp` | when now ≥ `exp` + leeway |
/// | `nbf` | when now < `nbf` − leeway |
/// | `iat` | only with [`max_age`](Self::max_age); otherwise a time in the future is no reason (RFC 7519 erratum 7720) |
///
/// A token without `exp` never expires; [`require("exp")`](Self::require) refuses it.
#[derive(Clone)]
#[must_use = "nothing is checked until `verify` is called"]
pub struct Expectations {
    pub(super) policy: Policy,
    /// Of the layer that is encrypted; the defaults where there is none.
    pub(super) encryption: Option<Arc<jwe::Policy>>,
    pub(super) max_depth: usize,
    pub(super) issuers: Accept,
    pub(super) audiences: Accept,
    pub(super) subject: Option<String>,
    pub(super) typ: Option<String>,
    pub(super) leeway: Duration,
    pub(super) max_age: Option<Duration>,
    pub(super) demands: Option<Arc<Demands>>,
    pub(super) clock: Arc<dyn Clock>,
}

/// Which values of a claim are accepted.
#[derive(Clone, Debug)]
pub(super) enum Accept {
    /// Any, and none.
    Any,
    OneOf(Vec<String>),
}

/// What few applications ask for; shared with the tokens that passed, which can tell.
#[derive(Clone, Debug, Default)]
pub(super) struct Demands {
    pub(super) required: Vec<Cow<'static, str>>,
    pub(super) checks: Vec<OwnCheck>,
}

/// A check of the application's own.
#[derive(Clone)]
pub(super) struct OwnCheck {
    pub(super) name: Cow<'static, str>,
    pub(super) check: Arc<Check>,
}

type Check = dyn Fn(&RegisteredClaims<'_>) -> Result<(), Cow<'static, str>> + Send + Sync;

impl Expectations {
    /// Expects tokens made by `issuer` for `audience`, each compared octet for octet (RFC 7519 §4.1.1, §4.1.3).
    pub fn new(issuer: impl Into<String>, audience: impl Into<String>) -> Self {
        Self::any_issuer_any_audience()
            .issuers([issuer])
            .audiences([audience])
    }

    /// Expects nothing of issuer and audience.
    ///
    /// # Security
    ///
    /// Whoever has *any* token of a key you accept can use it here, one made for another service included
    /// (RFC 8725 §3.8, §3.9). Prefer [`new`](Self::new), or narrow this down with [`issuers`](Self::issuers) and
    /// [`audiences`](Self::audiences).
    pub fn any_issuer_any_audience() -> Self {
        Self {
            policy: Policy::new(),
            encryption: None,
            max_depth: Limits::DEFAULT.json_depth,
            issuers: Accept::Any,
            audiences: Accept::Any,
            subject: None,
            typ: None,
            leeway: Duration::ZERO,
            max_age: None,
            demands: None,
            clock: Arc::new(SystemClock),
        }
    }

    /// Accepts any of these issuers, and no other.
    pub fn issuers(mut self, issuers: impl IntoIterator<Item: Into<String>>) -> Self {
        self.issuers = Accept::OneOf(issuers.into_iter().map(Into::into).collect());
        self
    }

    /// Accepts any issuer, and tokens that name none.
    ///
    /// # Security
    ///
    /// Right where the keys belong to one issuer only, or where the application looks at
    /// [`Valid::issuer`] itself.
    pub fn any_issuer(mut self) -> Self {
        self.issuers = Accept::Any;
        self
    }

    /// Accepts tokens for any of these audiences; a token may be for others, too.
    pub fn audiences(mut self, audiences: impl IntoIterator<Item: Into<String>>) -> Self {
        self.audiences = Accept::OneOf(audiences.into_iter().map(Into::into).collect());
        self
    }

    /// Accepts tokens for anybody.
    ///
    /// # Security
    ///
    /// A token made for another service is accepted here, too (RFC 8725 §3.9).
    pub fn any_audience(mut self) -> Self {
        self.audiences = Accept::Any;
        self
    }

    /// Expects this subject (RFC 7519 §4.1.2).
    pub fn subject(mut self, subject: impl Into<String>) -> Self {
        self.subject = Some(subject.into());
        self
    }

    /// Expects the header to state this type, such as `at+jwt` (RFC 8725 §3.11). Case does not matter, nor a
    /// leading `application/`.
    pub fn typ(mut self, typ: impl Into<String>) -> Self {
        self.typ = Some(typ.into());
        self
    }

    /// Forgives clocks that differ by so much. None by default.
    pub const fn leeway(mut self, leeway: Duration) -> Self {
        self.leeway = leeway;
        self
    }

    /// Expects `iat`, not longer ago than this, and not in the future.
    pub const fn max_age(mut self, max_age: Duration) -> Self {
        self.max_age = Some(max_age);
        self
    }

    /// Expects a claim to be there, whatever its value.
    pub fn require(mut self, claim: impl Into<Cow<'static, str>>) -> Self {
        self.demands_mut().required.push(claim.into());
        self
    }

    /// Adds a check of your own on the registered claims. It runs after all others; its error refuses the token
    /// as `jwt.claim-invalid`. For a check on claims of your own type see [`Valid::check`].
    ///
    /// ```
    /// use bulla_core::jwt::Expectations;
    /// let expect = Expectations::new("https://issuer.example", "api").check("tenant", |claims| {
    ///     match claims.subject() {
    ///         Some(subject) if subject.starts_with("tenant-7|") => Ok(()),
    ///         _ => Err("a subject of another tenant"),
    ///     }
    /// });
    /// # let _ = expect;
    /// ```
    pub fn check<E: Into<Cow<'static, str>>>(
        mut self,
        name: impl Into<Cow<'static, str>>,
        check: impl Fn(&RegisteredClaims<'_>) -> Result<(), E> + Send + Sync + 'static,
    ) -> Self {
        self.demands_mut().checks.push(OwnCheck {
            name: name.into(),
            check: Arc::new(move |claims| check(claims).map_err(Into::into)),
        });
        self
    }

    /// Judges as of this time.
    pub fn at(self, now: SystemTime) -> Self {
        self.clock(Arc::new(now))
    }

    /// Asks this clock.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Other limits.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.max_depth = limits.json_depth;
        self.policy = self.policy.limits(limits);
        self
    }

    /// What the layer that is encrypted may be, for [`decrypt`](Self::decrypt) and the like: content encryptions,
    /// limits, critical parameters. The layer that is signed goes by these expectations themselves.
    pub fn encryption(mut self, policy: jwe::Policy) -> Self {
        self.encryption = Some(Arc::new(policy));
        self
    }

    /// Says that the application understands *and processes* a header parameter that `crit` may name.
    pub fn understood(mut self, name: impl Into<String>) -> Self {
        self.policy = self.policy.understood(name);
        self
    }

    /// Verifies a compact token and reads its claims into `T`: signature first, then these expectations.
    ///
    /// `T` may have fields for registered claims, and is `()` where they are all that matters.
    ///
    /// # Errors
    ///
    /// [`VerifyError::Jws`] where the signature did not hold; nothing is said about claims then.
    /// [`VerifyError::Claim`] where it did, and the claims are not as expected.
    ///
    /// ```
    /// # fn f(token: &str, verifier: &bulla_core::key::Verifier) {
    /// use bulla_core::jwt::{ClaimError, Expectations, VerifyError};
    /// let expect = Expectations::new("https://issuer.example", "api");
    /// match expect.verify::<()>(token, verifier) {
    ///     Ok(valid) => println!("hello {}", valid.subject().unwrap_or("stranger")),
    ///     Err(VerifyError::Claim(ClaimError::Expired { .. })) => println!("please log in again"),
    ///     Err(error) => println!("error[{}]: {error}", error.code()),
    /// }
    /// # }
    /// ```
    pub fn verify<T: DeserializeOwned>(
        &self,
        token: &str,
        keys: &(impl Keys + ?Sized),
    ) -> Result<Valid<'static, T>, VerifyError> {
        Jwt::verify_compact(token, keys, &self.policy)?.validate(self)
    }

    /// As [`verify`](Self::verify), but claims may borrow, and nothing is allocated except by `T`.
    ///
    /// # Errors
    ///
    /// As for [`verify`](Self::verify).
    ///
    /// ```
    /// # fn f(token: &str, verifier: &bulla_core::key::Verifier) -> Result<(), bulla_core::jwt::VerifyError> {
    /// use bulla_core::jwt::{Expectations, Scratch};
    /// #[derive(serde::Deserialize)]
    /// struct Me<'a> {
    ///     role: &'a str,
    /// }
    /// let expect = Expectations::new("https://issuer.example", "api");
    /// let mut scratch = Scratch::new(); // for many tokens, one after the other
    /// let valid = expect.verify_in::<Me>(&mut scratch, token, verifier)?;
    /// println!("{}", valid.claims().role);
    /// # Ok(()) }
    /// ```
    pub fn verify_in<'s, T: Deserialize<'s>>(
        &self,
        scratch: &'s mut Scratch,
        token: &str,
        keys: &(impl Keys + ?Sized),
    ) -> Result<Valid<'s, T>, VerifyError> {
        Jwt::verify_compact(token, keys, &self.policy)?.validate_in(scratch, self)
    }

    fn demands_mut(&mut self) -> &mut Demands {
        Arc::make_mut(self.demands.get_or_insert_default())
    }
}

impl Accept {
    pub(super) fn accepts(&self, value: &str) -> bool {
        match self {
            Self::Any => true,
            Self::OneOf(values) => values.iter().any(|accepted| accepted == value),
        }
    }
}

impl fmt::Debug for Expectations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Expectations")
            .field("issuers", &self.issuers)
            .field("audiences", &self.audiences)
            .field("subject", &self.subject)
            .field("typ", &self.typ)
            .field("leeway", &self.leeway)
            .field("max_age", &self.max_age)
            .field("demands", &self.demands)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for OwnCheck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("OwnCheck").field(&self.name).finish()
    }
}
