use super::super::KeyError;
use super::armor;
use super::kind::{Kind, contains};
use crate::limits::Limits;

/// The certificates of a file, DER, in their order: PEM blocks, or one certificate in DER. Nothing else may be in it
/// but text between the blocks.
///
/// It is what stands at an `x5u` ([RFC 7515 §4.1.5](https://www.rfc-editor.org/rfc/rfc7515#section-4.1.5)) and in a file of trust anchors. Nothing of the certificates is checked.
///
/// # Errors
///
/// [`KeyError::Malformed`] where there is none, or something else; [`KeyError::LimitExceeded`] for more than 2 MiB.
///
/// ```
/// use bulla_core::jwk::pem;
/// let error = pem::certificates(b"-----BEGIN PUBLIC KEY-----\nMAA=\n-----END PUBLIC KEY-----\n").unwrap_err();
/// assert_eq!(error.code(), "jwk.malformed");
/// ```
pub fn certificates(octets: &[u8]) -> Result<Vec<Vec<u8>>, KeyError> {
    if octets.len() > Limits::DEFAULT.jwk_set {
        return Err(KeyError::LimitExceeded("the length of a certificate file"));
    }
    if Kind::of(octets) == Ok(Kind::Certificate) {
        return Ok(vec![octets.to_vec()]);
    }
    if !contains(octets, armor::BEGIN) {
        return Err(KeyError::malformed(
            "certificates",
            "are neither PEM nor one certificate in DER",
        ));
    }
    let blocks = armor::blocks(octets)?.into_iter();
    blocks
        .map(|block| match Kind::of(&block.der) {
            Ok(Kind::Certificate) => Ok(block.der.to_vec()),
            _ => Err(KeyError::malformed(
                "certificates",
                "have something among them that is none",
            )),
        })
        .collect()
}
