use core::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use der::{Decode as _, Header, Reader as _, SliceReader};
use rustls_pki_types::CertificateRevocationListDer;
use rustls_pki_types::pem::PemObject as _;
use webpki::{
    CertRevocationList, ExpirationPolicy, OwnedCertRevocationList, RevocationCheckDepth,
    UnknownStatusPolicy,
};
use x509_cert::time::Time;

use crate::CertificateError;
use crate::certificate::is_pem;

/// Certificate revocation lists ([RFC 5280 §5](https://www.rfc-editor.org/rfc/rfc5280#section-5)) that the caller got,
/// and what to do where they say nothing.
///
/// Each certificate of a path but the anchor is looked up in the newest list of its issuer, whose signature must hold.
/// By default a certificate that no list speaks of refuses the path, and so does a list whose `nextUpdate` has passed:
/// an attacker who can keep a list from you must not gain by it. The two methods that relax this are named for what
/// they permit.
///
/// ```
/// use bulla_x509::RevocationLists;
/// # let file = include_bytes!("../tests/fixtures/intermediate.crl.der");
/// let lists = RevocationLists::read([file])?.leaf_only();
/// # Ok::<(), bulla_x509::CertificateError>(())
/// ```
#[derive(Clone)]
pub struct RevocationLists {
    lists: Arc<[CertRevocationList<'static>]>,
    depth: RevocationCheckDepth,
    unknown: UnknownStatusPolicy,
    outdated: ExpirationPolicy,
}

impl RevocationLists {
    /// Reads lists, each file in PEM (of one or more) or DER (of one), of at most 16 MiB together.
    ///
    /// # Errors
    ///
    /// [`CertificateError::Malformed`]; [`CertificateError::Unsupported`] for a delta or indirect list;
    /// [`CertificateError::Missing`] for none; [`CertificateError::LimitExceeded`].
    pub fn read(
        files: impl IntoIterator<Item = impl AsRef<[u8]>>,
    ) -> Result<Self, CertificateError> {
        let mut lists = Vec::new();
        let mut len = 0;
        for file in files {
            let file = file.as_ref();
            len += file.len();
            if len > GREATEST_LEN {
                return Err(CertificateError::LimitExceeded(
                    "the length of the revocation lists",
                ));
            }
            if is_pem(file) {
                for list in CertificateRevocationListDer::pem_slice_iter(file) {
                    lists.push(read(&list.map_err(|_| MALFORMED)?)?);
                }
            } else {
                lists.push(read(file)?);
            }
        }
        if lists.is_empty() {
            return Err(CertificateError::Missing("revocation list"));
        }
        // The first list of an issuer is the one that is asked.
        lists.sort_by_key(|(issued, _)| core::cmp::Reverse(*issued));
        Ok(Self {
            lists: lists.into_iter().map(|(_, list)| list).collect(),
            depth: RevocationCheckDepth::Chain,
            unknown: UnknownStatusPolicy::Deny,
            outdated: ExpirationPolicy::Enforce,
        })
    }

    /// Looks up the leaf alone: for lists of the issuer of leaves, where those of authorities are not to be had.
    #[must_use]
    pub const fn leaf_only(mut self) -> Self {
        self.depth = RevocationCheckDepth::EndEntity;
        self
    }

    /// Accepts certificates that no list speaks of.
    #[must_use]
    pub const fn accept_unknown(mut self) -> Self {
        self.unknown = UnknownStatusPolicy::Allow;
        self
    }

    /// Believes lists whose `nextUpdate` has passed.
    #[must_use]
    pub const fn accept_outdated(mut self) -> Self {
        self.outdated = ExpirationPolicy::Ignore;
        self
    }

    pub(crate) fn lists(&self) -> Vec<&CertRevocationList<'static>> {
        self.lists.iter().collect()
    }

    pub(crate) const fn depth(&self) -> RevocationCheckDepth {
        self.depth
    }

    pub(crate) const fn unknown(&self) -> UnknownStatusPolicy {
        self.unknown
    }

    pub(crate) const fn outdated(&self) -> ExpirationPolicy {
        self.outdated
    }
}

impl fmt::Debug for RevocationLists {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RevocationLists")
            .field("lists", &self.lists.len())
            .field("depth", &self.depth)
            .field("unknown", &self.unknown)
            .field("outdated", &self.outdated)
            .finish()
    }
}

/// A list, and when it was issued.
fn read(der: &[u8]) -> Result<(SystemTime, CertRevocationList<'static>), CertificateError> {
    let list = OwnedCertRevocationList::from_der(der).map_err(|error| match error {
        webpki::Error::UnsupportedDeltaCrl => {
            CertificateError::Unsupported("a delta revocation list")
        }
        webpki::Error::UnsupportedIndirectCrl => {
            CertificateError::Unsupported("an indirect revocation list")
        }
        webpki::Error::UnsupportedCriticalExtension => CertificateError::Unsupported(
            "a critical extension of a revocation list, which is not understood,",
        ),
        webpki::Error::UnsupportedRevocationReasonsPartitioning
        | webpki::Error::UnsupportedCrlIssuingDistributionPoint => {
            CertificateError::Unsupported("a revocation list for some reasons or points only")
        }
        _ => MALFORMED,
    })?;
    let issued = this_update(der).map_err(|_| MALFORMED)?;
    Ok((issued.to_system_time(), list.into()))
}

/// The one date that the library keeps to itself: it stands after version, algorithm and issuer.
fn this_update(der: &[u8]) -> der::Result<Time> {
    let mut reader = SliceReader::new(der)?;
    Header::decode(&mut reader)?;
    Header::decode(&mut reader)?;
    for _ in 0..3 {
        reader.tlv_bytes()?;
    }
    Time::decode(&mut reader)
}

const GREATEST_LEN: usize = 16 * 1024 * 1024;

const MALFORMED: CertificateError = CertificateError::malformed(
    "revocation list",
    "is not of version 2, or not what RFC 5280 §5.1 describes",
);
