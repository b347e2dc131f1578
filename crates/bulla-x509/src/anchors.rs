use core::fmt;
use std::collections::HashMap;

use rustls_pki_types::{CertificateDer, TrustAnchor};

use crate::{Certificate, CertificateError, DistinguishedName};

/// The certificates that trust begins with.
///
/// An anchor issues certificates where it is of an authority: `basicConstraints` says so and `keyUsage` does not
/// forbid it, or it is of version 1, which knows neither. Any other certificate can be listed as well, and then stands
/// for itself alone, where [`PathPolicy::accept_anchored_leaf`](crate::PathPolicy::accept_anchored_leaf) permits: to
/// trust somebody's key is not to let them vouch for others.
///
/// ```
/// use bulla_x509::TrustAnchors;
/// # let file = include_bytes!("../tests/fixtures/root.pem");
/// let anchors = TrustAnchors::read(file)?;
/// assert_eq!(anchors.certificates().len(), 1);
/// # Ok::<(), bulla_x509::CertificateError>(())
/// ```
#[derive(Clone, Default)]
pub struct TrustAnchors {
    certificates: Vec<Certificate>,
    /// For each of them what it vouches with, where it is of an authority.
    authorities: Vec<Option<TrustAnchor<'static>>>,
    /// Positions in both, by subject.
    by_subject: HashMap<DistinguishedName, Vec<usize>>,
    skipped: usize,
}

impl TrustAnchors {
    /// These very certificates.
    ///
    /// # Errors
    ///
    /// [`CertificateError::Missing`] for none, [`CertificateError::LimitExceeded`] for more than 2,000.
    pub fn new(
        certificates: impl IntoIterator<Item = Certificate>,
    ) -> Result<Self, CertificateError> {
        let mut anchors = Self::default();
        for certificate in certificates {
            anchors.add(certificate)?;
        }
        if anchors.certificates.is_empty() {
            return Err(CertificateError::Missing("trust anchor"));
        }
        Ok(anchors)
    }

    /// Reads a bundle: PEM (whose other blocks and text are skipped), or one certificate in DER.
    ///
    /// # Errors
    ///
    /// [`CertificateError`]; one certificate that cannot be read spoils the bundle, since whoever wrote it meant it to
    /// be trusted.
    pub fn read(octets: &[u8]) -> Result<Self, CertificateError> {
        Self::new(Certificate::read_all(octets, GREATEST_COUNT)?)
    }

    /// The anchors of the operating system, or of the file that `SSL_CERT_FILE` names. What is found there and cannot
    /// be read is [skipped](Self::skipped).
    ///
    /// # Security
    ///
    /// These authorities vouch for web sites, and for anyone who has one. See
    /// [`PathPolicy`](crate::PathPolicy#extended-key-usage) for why their certificates sign no tokens unless you say so.
    ///
    /// # Errors
    ///
    /// [`CertificateError::Missing`] where there are none.
    #[cfg(feature = "platform-roots")]
    pub fn platform() -> Result<Self, CertificateError> {
        let found = rustls_native_certs::load_native_certs();
        let mut skipped = found.errors.len();
        let certificates = found.certs.iter().filter_map(|der| {
            let certificate = Certificate::from_der(der).ok();
            skipped += usize::from(certificate.is_none());
            certificate
        });
        let mut anchors = Self::new(certificates)?;
        anchors.skipped = skipped;
        Ok(anchors)
    }

    /// Every anchor, in the order given.
    #[must_use]
    pub fn certificates(&self) -> &[Certificate] {
        &self.certificates
    }

    /// How many certificates of the operating system could not be read.
    #[must_use]
    pub const fn skipped(&self) -> usize {
        self.skipped
    }

    /// Whether this very certificate is an anchor.
    #[must_use]
    pub fn contains(&self, certificate: &Certificate) -> bool {
        self.positions(certificate.subject())
            .iter()
            .filter_map(|&at| self.certificates.get(at))
            .any(|anchor| anchor == certificate)
    }

    /// The authorities of this name.
    pub(crate) fn authorities(
        &self,
        subject: &DistinguishedName,
    ) -> impl Iterator<Item = (&Certificate, &TrustAnchor<'static>)> {
        self.positions(subject).iter().filter_map(|&at| {
            let authority = self.authorities.get(at)?.as_ref()?;
            Some((self.certificates.get(at)?, authority))
        })
    }

    fn add(&mut self, certificate: Certificate) -> Result<(), CertificateError> {
        if self.certificates.len() >= GREATEST_COUNT {
            return Err(CertificateError::LimitExceeded(
                "the number of trust anchors",
            ));
        }
        let authority = if may_issue(&certificate) {
            Some(authority(&certificate)?)
        } else {
            None
        };
        self.by_subject
            .entry(certificate.subject().clone())
            .or_default()
            .push(self.certificates.len());
        self.authorities.push(authority);
        self.certificates.push(certificate);
        Ok(())
    }

    fn positions(&self, subject: &DistinguishedName) -> &[usize] {
        self.by_subject.get(subject).map_or(&[], Vec::as_slice)
    }
}

impl fmt::Debug for TrustAnchors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TrustAnchors")
            .field("certificates", &self.certificates.len())
            .finish_non_exhaustive()
    }
}

/// Whether certificates that this one's key signed may count.
pub(crate) fn may_issue(certificate: &Certificate) -> bool {
    certificate.is_version_1()
        || (certificate.is_ca()
            && certificate
                .key_usage()
                .is_none_or(|usage| usage.key_cert_sign()))
}

fn authority(certificate: &Certificate) -> Result<TrustAnchor<'static>, CertificateError> {
    let der = CertificateDer::from(certificate.as_der());
    webpki::anchor_from_trusted_cert(&der)
        .map(|anchor| anchor.to_owned())
        .map_err(|_| CertificateError::malformed("trust anchor", "is not what RFC 5280 describes"))
}

const GREATEST_COUNT: usize = 2_000;
