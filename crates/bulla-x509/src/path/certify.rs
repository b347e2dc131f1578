use bulla_core::jwk::{Members, PublicJwk, PublicKey};

use super::PathError;
use super::order::{check_names, check_signatures};
use crate::Certificate;

/// Puts a chain beside the key that it certifies, for a signer that sends it along: fills `x5c`, `x5t` and `x5t#S256`.
///
/// The chain is the leaf first, each certificate followed by its issuer's; the root is best left out, since whoever
/// trusts it has it. Whether anybody trusts the chain is not asked, nor its dates.
///
/// ```
/// use bulla_core::jwk::PublicJwk;
/// use bulla_x509::{Certificate, certify};
/// # let der = include_bytes!("../../tests/fixtures/leaf.der");
/// # let issuer = include_bytes!("../../tests/fixtures/intermediate.der");
/// let chain = [Certificate::from_der(der)?, Certificate::from_der(issuer)?];
/// let mut key = PublicJwk::from_certificate(der)?;
/// let public = key.key().clone();
/// certify(key.members_mut(), &public, &chain)?;
/// assert_eq!(key.members().x5t_s256, Some(chain[0].x5t_s256()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// [`PathError::KeyMismatch`] where the leaf is of another key; [`PathError::ChainOrder`]; [`PathError::Empty`];
/// [`PathError::SignatureUnsupported`]; [`PathError::Key`]. The members are then as they were.
pub fn certify(
    members: &mut Members,
    key: &PublicKey,
    chain: &[Certificate],
) -> Result<(), PathError> {
    let leaf = chain.first().ok_or(PathError::Empty)?;
    let certified = PublicJwk::from_certificate(leaf.as_der()).map_err(PathError::Key)?;
    if certified.key() != key {
        return Err(PathError::KeyMismatch);
    }
    check_names(chain)?;
    check_signatures(chain, 0)?;
    fill(members, leaf, chain.iter().map(Certificate::as_der));
    Ok(())
}

pub(super) fn fill<'a>(
    members: &mut Members,
    leaf: &Certificate,
    chain: impl IntoIterator<Item = &'a [u8]>,
) {
    members.x5c = Some(chain.into_iter().map(<[u8]>::to_vec).collect());
    members.x5t = Some(leaf.x5t());
    members.x5t_s256 = Some(leaf.x5t_s256());
}
