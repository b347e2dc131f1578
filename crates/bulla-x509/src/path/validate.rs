//! The rules of [`PathPolicy`], in the order in which they cost.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bulla_core::jwk::PublicJwk;

use super::certify::fill;
use super::order::{check_names, check_signatures};
use super::search::{Found, search};
use super::usage::key_use;
use super::{PathError, PathPolicy, Position, ValidatedPath};
use crate::Certificate;

pub(super) fn validate(
    policy: &PathPolicy,
    chain: &[impl AsRef<[u8]>],
) -> Result<ValidatedPath, PathError> {
    let certificates = read(policy, chain)?;
    let Some(leaf) = certificates.first() else {
        return Err(PathError::Empty);
    };
    check_names(&certificates)?;
    let now = whole_seconds(policy.clock.now());
    let is_anchor = policy.anchors.contains(leaf);
    let is_enough = is_anchor && policy.accepts_anchored_leaf;

    if leaf.is_ca() && !is_enough {
        return Err(if is_anchor {
            PathError::AnchoredLeaf
        } else {
            PathError::AuthorityAsLeaf
        });
    }
    let mut jwk = check_leaf(policy, leaf, now)?;
    let found = if is_enough {
        Found {
            authorities: Vec::new(),
            anchor: leaf.clone(),
            verified: 0,
        }
    } else {
        search(policy, &certificates, now).map_err(|error| match error {
            PathError::UntrustedIssuer if is_anchor => PathError::AnchoredLeaf,
            other => other,
        })?
    };
    // The search looked up to the anchor. What stands beyond must belong there as well.
    check_signatures(&certificates, found.verified)?;
    fill(jwk.members_mut(), leaf, chain.iter().map(AsRef::as_ref));
    Ok(ValidatedPath {
        jwk,
        leaf: leaf.clone(),
        authorities: found.authorities,
        anchor: found.anchor,
    })
}

/// Counts and measures before it parses.
fn read(policy: &PathPolicy, chain: &[impl AsRef<[u8]>]) -> Result<Vec<Certificate>, PathError> {
    if chain.len() > policy.max_chain {
        return Err(PathError::LimitExceeded("the number of certificates"));
    }
    let is_too_long = |der: &[u8]| der.len() > Certificate::GREATEST_LEN;
    if chain.iter().any(|der| is_too_long(der.as_ref())) {
        return Err(PathError::LimitExceeded("the length of a certificate"));
    }
    chain
        .iter()
        .enumerate()
        .map(|(certificate, der)| {
            Certificate::from_der(der.as_ref())
                .map_err(|error| PathError::Malformed { certificate, error })
        })
        .collect()
}

/// What the leaf says of itself, whoever vouches for it. Gives its key with the `use` that is left to it.
fn check_leaf(
    policy: &PathPolicy,
    leaf: &Certificate,
    now: SystemTime,
) -> Result<PublicJwk, PathError> {
    const LEAF: Position = Position::Chain(0);
    check_dates(leaf, LEAF, now)?;
    check_extensions(leaf, LEAF)?;
    policy.purpose.check_leaf(leaf)?;
    let mut jwk = PublicJwk::from_certificate(leaf.as_der()).map_err(PathError::Key)?;
    jwk.members_mut().key_use = key_use(leaf, jwk.key(), policy.key_use.as_ref())?;
    Ok(jwk)
}

pub(super) fn check_dates(
    certificate: &Certificate,
    position: Position,
    now: SystemTime,
) -> Result<(), PathError> {
    let (not_before, not_after) = (certificate.not_before(), certificate.not_after());
    if now < not_before {
        return Err(PathError::NotYetValid {
            position,
            not_before,
        });
    }
    if now > not_after {
        return Err(PathError::Expired {
            position,
            not_after,
        });
    }
    Ok(())
}

pub(super) fn check_extensions(
    certificate: &Certificate,
    position: Position,
) -> Result<(), PathError> {
    match certificate.unknown_critical_extension() {
        None => Ok(()),
        Some(extension) => Err(PathError::UnknownCriticalExtension {
            position,
            extension: extension.clone(),
        }),
    }
}

/// Dates in certificates are whole seconds, the last one included. A time before 1970 is 1970.
fn whole_seconds(time: SystemTime) -> SystemTime {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    UNIX_EPOCH + Duration::from_secs(since.as_secs())
}
