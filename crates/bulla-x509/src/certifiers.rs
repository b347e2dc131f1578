use crate::{Certificate, CertificateError};

/// Who signed what: for each certificate the position of the one whose key signed it, itself included.
///
/// For people who look at a file in which the order is lost. The order of an `x5c` is not restored by this: it is
/// checked.
///
/// ```
/// use bulla_x509::{Certificate, certifiers};
/// # let file = include_bytes!("../tests/fixtures/shuffled.pem");
/// let certificates = Certificate::read_all(file, 8)?; // intermediate, root, leaf
/// assert_eq!(certifiers(&certificates)?, [Some(1), Some(1), Some(0)]);
/// # Ok::<(), bulla_x509::CertificateError>(())
/// ```
///
/// # Errors
///
/// [`CertificateError::LimitExceeded`] for more than 32: each may have to be compared with each.
pub fn certifiers(certificates: &[Certificate]) -> Result<Vec<Option<usize>>, CertificateError> {
    if certificates.len() > GREATEST_COUNT {
        return Err(CertificateError::LimitExceeded(
            "the number of certificates to compare",
        ));
    }
    let certifier = |certificate: &Certificate| {
        certificates
            .iter()
            .position(|issuer| certificate.check_signed_by(issuer).is_ok())
    };
    Ok(certificates.iter().map(certifier).collect())
}

const GREATEST_COUNT: usize = 32;
