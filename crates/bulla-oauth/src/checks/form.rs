//! A compact JWS of one signature, small, with an algorithm that the server allows at all, and without what changes
//! how the payload is read. Nothing is verified yet.

use bulla_core::jwa::{AlgName, SignatureAlg};
use bulla_core::jws::{self, Policy};
use bulla_core::jwt::{Jwt, Unverified};
use bulla_core::{Limits, jwt};

/// A token as it came, and the algorithm it names.
#[derive(Debug)]
pub(crate) struct Opened<'t> {
    pub(crate) jwt: Jwt<'t, Unverified<'t>>,
    pub(crate) alg: SignatureAlg,
}

/// `check` in the error is the name that the audit log shows.
pub(crate) struct NotOpened {
    pub(crate) check: &'static str,
    pub(crate) error: jwt::VerifyError,
}

pub(crate) fn open<'t>(
    token: &'t str,
    longest: usize,
    allowed: &[SignatureAlg],
) -> Result<Opened<'t>, NotOpened> {
    let refused = |check, error: jws::VerifyError| NotOpened {
        check,
        error: error.into(),
    };
    let limits = Limits {
        token: longest,
        ..Limits::DEFAULT
    };
    let policy = Policy::new().limits(limits);
    let jwt = Jwt::parse_with(token, policy).map_err(|error| match error {
        error @ jws::VerifyError::LimitExceeded { .. } => refused("size", error),
        error => refused("form", error),
    })?;
    // `zip` has no meaning in a JWS: who writes it expects us to inflate.
    if !jwt.header().b64()
        || ["b64", "zip"]
            .iter()
            .any(|name| jwt.header().get(name).is_some())
    {
        return Err(NotOpened {
            check: "form",
            error: jwt::ClaimError::Unencoded.into(),
        });
    }
    let name = jwt
        .header()
        .alg()
        .cloned()
        .unwrap_or(AlgName::from_static(""));
    match SignatureAlg::from_name(name.as_str()).filter(|alg| allowed.contains(alg)) {
        Some(alg) => Ok(Opened { jwt, alg }),
        None => {
            let error = jws::VerifyError::AlgorithmNotAllowed { alg: name };
            Err(refused("algorithm", error))
        }
    }
}
