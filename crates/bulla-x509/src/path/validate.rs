//! The rules of [`PathPolicy`], in the order in which they cost.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bulla_core::jwk::PublicJwk;

use super::search::{Found, search};
use super::usage::key_use;
use super::{PathError, PathPolicy, Position, ValidatedPath};
use crate::{Certificate, SignatureMismatch};

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
    let jwk = check_leaf(policy, leaf, now)?;
    let found = if is_enough {
        Found {
            authorities: Vec::new(),
            anchor: leaf.clone(),
        }
    } else {
        search(policy, &certificates, now).map_err(|error| match error {
            PathError::UntrustedIssuer if is_anchor => PathError::AnchoredLeaf,
            other => other,
        })?
    };
    check_remaining_signatures(&certificates, &found)?;
    Ok(ValidatedPath {
        jwk: with_members(jwk, leaf, chain),
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

fn check_names(certificates: &[Certificate]) -> Result<(), PathError> {
    let mut links = certificates.iter().zip(certificates.iter().skip(1));
    match links.position(|(subject, issuer)| subject.issuer() != issuer.subject()) {
        Some(at) => Err(PathError::ChainOrder(at + 1)),
        None => Ok(()),
    }
}

/// What the leaf says of itself, whoever vouches for it. Gives its key with the `use` that is left to it.
fn check_leaf(
    policy: &PathPolicy,
    leaf: &Certificate,
    now: SystemTime,
) -> Result<PublicJwk, PathError> {
    const LEAF: Position = Position::Chain(0);
    check_dates(leaf, LEAF, now)?;
    if let Some(extension) = leaf.unknown_critical_extension() {
        return Err(PathError::UnknownCriticalExtension {
            position: LEAF,
            extension: extension.clone(),
        });
    }
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

/// The search verified every signature up to the anchor. What stands in the chain beyond that, or beside it, must
/// belong there as well.
fn check_remaining_signatures(
    certificates: &[Certificate],
    found: &Found,
) -> Result<(), PathError> {
    let above = certificates.get(1..).unwrap_or_default();
    let verified = if above.starts_with(&found.authorities) {
        found.authorities.len()
    } else {
        0
    };
    for (at, (subject, issuer)) in certificates.iter().zip(above).enumerate().skip(verified) {
        subject
            .check_signed_by(issuer)
            .map_err(|mismatch| match mismatch {
                SignatureMismatch::Unsupported => PathError::SignatureUnsupported,
                _ => PathError::ChainOrder(at + 1),
            })?;
    }
    Ok(())
}

fn with_members(mut jwk: PublicJwk, leaf: &Certificate, chain: &[impl AsRef<[u8]>]) -> PublicJwk {
    let members = jwk.members_mut();
    members.x5c = Some(chain.iter().map(|der| der.as_ref().to_vec()).collect());
    members.x5t = Some(leaf.x5t());
    members.x5t_s256 = Some(leaf.x5t_s256());
    jwk
}

/// Dates in certificates are whole seconds, the last one included. A time before 1970 is 1970.
fn whole_seconds(time: SystemTime) -> SystemTime {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    UNIX_EPOCH + Duration::from_secs(since.as_secs())
}
