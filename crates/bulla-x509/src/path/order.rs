//! Each certificate certifies the one before it (RFC 7515 §4.1.6).

use super::PathError;
use crate::{Certificate, SignatureMismatch};

pub(crate) fn check_names(certificates: &[Certificate]) -> Result<(), PathError> {
    let mut links = certificates.iter().zip(certificates.iter().skip(1));
    match links.position(|(subject, issuer)| subject.issuer() != issuer.subject()) {
        Some(at) => Err(PathError::ChainOrder(at + 1)),
        None => Ok(()),
    }
}

/// Without the first `verified`, of which it is known.
pub(crate) fn check_signatures(
    certificates: &[Certificate],
    verified: usize,
) -> Result<(), PathError> {
    let links = certificates.iter().zip(certificates.iter().skip(1));
    for (at, (subject, issuer)) in links.enumerate().skip(verified) {
        subject
            .check_signed_by(issuer)
            .map_err(|mismatch| match mismatch {
                SignatureMismatch::Unsupported => PathError::SignatureUnsupported,
                _ => PathError::ChainOrder(at + 1),
            })?;
    }
    Ok(())
}
