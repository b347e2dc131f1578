//! Files of certificates.

use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject as _;

use super::{Certificate, CertificateError};

impl Certificate {
    /// Reads a file of certificates, in their order and at most `limit` of them: PEM (whose other blocks and text
    /// are skipped), or one in DER.
    ///
    /// # Errors
    ///
    /// [`CertificateError::Missing`] where there is none; [`CertificateError::LimitExceeded`] where there are more
    /// than `limit`; otherwise as [`from_der`](Self::from_der).
    pub fn read_all(octets: &[u8], limit: usize) -> Result<Vec<Self>, CertificateError> {
        if !is_pem(octets) {
            if octets.first() != Some(&SEQUENCE) {
                return Err(NONE);
            }
            return Ok(vec![Self::from_der(octets)?]);
        }
        let mut certificates = Vec::new();
        for block in CertificateDer::pem_slice_iter(octets) {
            let block = block.map_err(|_| {
                CertificateError::malformed("PEM", "is not what RFC 7468 describes")
            })?;
            if certificates.len() >= limit {
                return Err(CertificateError::LimitExceeded(
                    "the number of certificates",
                ));
            }
            certificates.push(Self::from_der(&block)?);
        }
        if certificates.is_empty() {
            return Err(NONE);
        }
        Ok(certificates)
    }
}

pub(crate) fn is_pem(octets: &[u8]) -> bool {
    const BEGIN: &[u8] = b"-----BEGIN ";
    octets.windows(BEGIN.len()).any(|window| window == BEGIN)
}

const SEQUENCE: u8 = 0x30;

const NONE: CertificateError = CertificateError::Missing("certificate, in PEM or DER");
