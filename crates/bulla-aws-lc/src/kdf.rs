//! Key derivation.

use core::num::NonZeroU32;

use aws_lc_rs::pbkdf2;
use bulla_core::jwa::HashAlg;
use bulla_core::key::BackendError;

/// PBKDF2 with HMAC (RFC 8018 §5.2).
pub(crate) fn pbkdf2(
    hash: HashAlg,
    password: &[u8],
    salt: &[u8],
    iterations: u32,
    out: &mut [u8],
) -> Result<(), BackendError> {
    let algorithm = match hash {
        HashAlg::Sha256 => pbkdf2::PBKDF2_HMAC_SHA256,
        HashAlg::Sha384 => pbkdf2::PBKDF2_HMAC_SHA384,
        HashAlg::Sha512 => pbkdf2::PBKDF2_HMAC_SHA512,
        _ => return Err(BackendError),
    };
    // aws-lc panics where more than 2³²-1 blocks are asked for.
    if u32::try_from(out.len()).is_err() {
        return Err(BackendError);
    }
    let iterations = NonZeroU32::new(iterations).ok_or(BackendError)?;
    pbkdf2::derive(algorithm, iterations, salt, password, out);
    Ok(())
}
