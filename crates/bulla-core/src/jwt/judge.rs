//! Judging claims whose signature held: octets and what the header says in, a verdict out.

use std::time::SystemTime;

use serde::de::{Deserialize, IgnoredAny};
use smallvec::SmallVec;

use super::checked::Checked;
use super::claims::RegisteredClaims;
use super::claims_set::{self, Wanted};
use super::error::ClaimError;
use super::expect::{Accept, Expectations};
use super::numeric_date::NumericDate;
use super::registered::{Claim, Registered};
use crate::json::{self, JsonError};
use crate::payload::media_type;

impl Expectations {
    /// Judges a payload whose header states `typ`; leaves what is registered in `registered`.
    ///
    /// Of several reasons to refuse, the first of these is told: the type, the form, registered claims that are
    /// not what RFC 7519 says, claims that are missing, issuer, subject, audience, times, own checks, and only
    /// then what the caller's type does not like.
    pub(super) fn judge<'p, 'h, T: Deserialize<'p>>(
        &self,
        payload: &'p str,
        typ: impl FnOnce() -> Option<&'h str>,
        registered: &mut Registered,
    ) -> Result<(T, Checked), ClaimError> {
        self.check_type(typ)?;
        match self.read(payload, registered) {
            Ok(claims) => {
                let checked = self.check_all(&RegisteredClaims {
                    payload,
                    registered,
                })?;
                Ok((claims, checked))
            }
            Err(ClaimError::Target(error)) => Err(self.refused_by_target(payload, error)),
            Err(error) => Err(error),
        }
    }

    /// What the caller's type does not like is the last reason to be told, so the others are looked for.
    #[cold]
    fn refused_by_target(&self, payload: &str, error: JsonError) -> ClaimError {
        let mut registered = Registered::default();
        let others = self
            .read::<IgnoredAny>(payload, &mut registered)
            .and_then(|_| {
                self.check_all(&RegisteredClaims {
                    payload,
                    registered: &registered,
                })
            });
        others.err().unwrap_or(ClaimError::Target(error))
    }

    fn check_type<'h>(&self, typ: impl FnOnce() -> Option<&'h str>) -> Result<(), ClaimError> {
        let Some(expected) = &self.typ else {
            return Ok(());
        };
        match typ() {
            Some(typ) if media_type::same(typ, expected) => Ok(()),
            found => Err(ClaimError::TypeMismatch {
                // A header may be long; an error should not.
                found: found.map(|typ| typ.chars().take(64).collect()),
            }),
        }
    }

    fn read<'p, T: Deserialize<'p>>(
        &self,
        payload: &'p str,
        registered: &mut Registered,
    ) -> Result<T, ClaimError> {
        let required = self
            .demands
            .as_ref()
            .map_or(&[][..], |demands| &demands.required);
        let mut there: SmallVec<[bool; 8]> = SmallVec::from_elem(false, required.len());
        let wanted = Wanted {
            names: required,
            there: &mut there,
        };
        let read = claims_set::read(payload, self.max_depth, registered, wanted);
        // Looked at first, and after success too: the caller's type may have swallowed the error.
        if let Some(claim) = registered.invalid {
            return Err(ClaimError::Invalid {
                claim: claim.name(),
            });
        }
        let claims = read.map_err(|error| match error {
            JsonError::TooDeep { .. } => ClaimError::LimitExceeded,
            JsonError::WrongType { .. } => ClaimError::Target(error),
            error => ClaimError::Malformed(error),
        })?;
        match required.iter().zip(&there).find(|(_, there)| !**there) {
            Some((missing, _)) => Err(ClaimError::Missing {
                claim: missing.clone(),
            }),
            None => Ok(claims),
        }
    }

    fn check_all(&self, claims: &RegisteredClaims<'_>) -> Result<Checked, ClaimError> {
        let mut checked = Checked::new(self.typ.is_some(), self.demands.clone());
        self.check_issuer(claims, &mut checked)?;
        self.check_subject(claims, &mut checked)?;
        self.check_audience(claims, &mut checked)?;
        self.check_times(claims.registered, &mut checked)?;
        for own in self
            .demands
            .as_ref()
            .map_or(&[][..], |demands| &demands.checks)
        {
            (own.check)(claims).map_err(|why| ClaimError::Check {
                name: own.name.clone(),
                why,
            })?;
        }
        Ok(checked)
    }

    fn check_issuer(
        &self,
        claims: &RegisteredClaims<'_>,
        checked: &mut Checked,
    ) -> Result<(), ClaimError> {
        if let Accept::Any = self.issuers {
            return Ok(());
        }
        let issuer = claims.issuer().ok_or_else(|| missing(Claim::Iss))?;
        if !self.issuers.accepts(issuer) {
            return Err(ClaimError::IssuerMismatch);
        }
        checked.note(Claim::Iss);
        Ok(())
    }

    fn check_subject(
        &self,
        claims: &RegisteredClaims<'_>,
        checked: &mut Checked,
    ) -> Result<(), ClaimError> {
        let Some(expected) = &self.subject else {
            return Ok(());
        };
        if claims.subject().ok_or_else(|| missing(Claim::Sub))? != expected {
            return Err(ClaimError::SubjectMismatch);
        }
        checked.note(Claim::Sub);
        Ok(())
    }

    fn check_audience(
        &self,
        claims: &RegisteredClaims<'_>,
        checked: &mut Checked,
    ) -> Result<(), ClaimError> {
        if let Accept::Any = self.audiences {
            return Ok(());
        }
        if !claims.has(Claim::Aud) {
            return Err(missing(Claim::Aud));
        }
        if !claims
            .audience()
            .any(|audience| self.audiences.accepts(audience))
        {
            return Err(ClaimError::AudienceMismatch);
        }
        checked.note(Claim::Aud);
        Ok(())
    }

    fn check_times(
        &self,
        registered: &Registered,
        checked: &mut Checked,
    ) -> Result<(), ClaimError> {
        if self.max_age.is_some() && registered.iat.is_none() {
            return Err(missing(Claim::Iat));
        }
        if registered.exp.is_none() && registered.nbf.is_none() && self.max_age.is_none() {
            return Ok(());
        }
        let now: SystemTime = self.clock.now();
        let at = NumericDate::from(now).nanos();
        // The widest date and duration sum to less than 2^95 nanoseconds.
        let leeway = nanos(self.leeway);
        if let Some(exp) = registered.exp {
            if at >= exp.nanos() + leeway {
                return Err(ClaimError::Expired {
                    at: exp.into(),
                    now,
                });
            }
            checked.note(Claim::Exp);
        }
        if let Some(nbf) = registered.nbf {
            if at < nbf.nanos() - leeway {
                return Err(ClaimError::NotYetValid {
                    at: nbf.into(),
                    now,
                });
            }
            checked.note(Claim::Nbf);
        }
        if let (Some(max_age), Some(iat)) = (self.max_age, registered.iat) {
            let age = at - iat.nanos();
            if age > nanos(max_age) + leeway || age < -leeway {
                return Err(ClaimError::TooOld {
                    issued_at: iat.into(),
                    now,
                });
            }
            checked.note(Claim::Iat);
        }
        Ok(())
    }
}

/// The octets as text, for [`Expectations::judge`].
pub(super) fn text_of(payload: &[u8]) -> Result<&str, ClaimError> {
    json::text_of(payload).map_err(ClaimError::Malformed)
}

fn missing(claim: Claim) -> ClaimError {
    ClaimError::Missing {
        claim: claim.name().into(),
    }
}

fn nanos(duration: core::time::Duration) -> i128 {
    i128::try_from(duration.as_nanos()).unwrap_or(i128::MAX / 4)
}
