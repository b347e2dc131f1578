use core::fmt;
use std::time::SystemTime;

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, SHA256, digest};
use bulla_core::Untrusted;
use bulla_core::jwk::{KeyError, PublicJwk};
use der::asn1::ObjectIdentifier;
use der::{Decode as _, Reader as _, SliceReader};
use x509_cert::certificate::{CertificateInner, Raw, Version};

use super::extensions::Extensions;
use super::{
    AlternativeName, CertificateError, DistinguishedName, KeyUsage, SignatureMismatch, signature,
};
use crate::Oid;

/// An X.509 certificate ([RFC 5280](https://www.rfc-editor.org/rfc/rfc5280)) to look at.
///
/// Parsing checks the form alone: whoever made the certificate wrote what stands in it. Trust comes from
/// [`PathPolicy::validate`](crate::PathPolicy::validate).
///
/// ```
/// use bulla_x509::Certificate;
/// # let der = include_bytes!("../../tests/fixtures/leaf.der");
/// let certificate = Certificate::from_der(der)?;
/// assert_eq!(certificate.issuer().to_string(), "CN=intermediate,O=Bulla");
/// assert!(!certificate.is_ca());
/// // Nobody has vouched for the key yet.
/// assert_eq!(certificate.key()?.peek().key().describe(), "EC P-256");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Certificate {
    der: Vec<u8>,
    parsed: CertificateInner<Raw>,
    subject: DistinguishedName,
    issuer: DistinguishedName,
    extensions: Extensions,
}

impl Certificate {
    /// Reads one certificate in DER, of at most 64 KiB.
    ///
    /// # Errors
    ///
    /// [`CertificateError::Malformed`] where it is no certificate, something follows it, an extension stands there
    /// twice, or one of those that this type shows is not well-formed; [`CertificateError::LimitExceeded`].
    pub fn from_der(der: &[u8]) -> Result<Self, CertificateError> {
        if der.len() > Self::GREATEST_LEN {
            return Err(CertificateError::LimitExceeded(
                "the length of a certificate",
            ));
        }
        // `Raw` bears what the profile of RFC 5280 forbids but authorities once issued, such as a long serial number.
        let parsed = CertificateInner::<Raw>::from_der(der).map_err(|_| MALFORMED)?;
        let tbs = parsed.tbs_certificate();
        Ok(Self {
            subject: DistinguishedName::new(tbs.subject())?,
            issuer: DistinguishedName::new(tbs.issuer())?,
            extensions: Extensions::read(tbs.extensions().map_or(&[][..], |all| all.as_slice()))?,
            der: der.to_vec(),
            parsed,
        })
    }

    /// The greatest length of a certificate, in octets of DER.
    pub const GREATEST_LEN: usize = 64 * 1024;

    /// The certificate as it was read.
    #[must_use]
    pub fn as_der(&self) -> &[u8] {
        &self.der
    }

    /// Whom it speaks of.
    #[must_use]
    pub const fn subject(&self) -> &DistinguishedName {
        &self.subject
    }

    /// Who claims to have signed it.
    #[must_use]
    pub const fn issuer(&self) -> &DistinguishedName {
        &self.issuer
    }

    /// The serial number: an integer, big-endian, in two's complement.
    #[must_use]
    pub fn serial_number(&self) -> &[u8] {
        self.parsed.tbs_certificate().serial_number().as_bytes()
    }

    /// The first moment of its validity.
    #[must_use]
    pub fn not_before(&self) -> SystemTime {
        self.parsed
            .tbs_certificate()
            .validity()
            .not_before
            .to_system_time()
    }

    /// The last second of its validity.
    #[must_use]
    pub fn not_after(&self) -> SystemTime {
        self.parsed
            .tbs_certificate()
            .validity()
            .not_after
            .to_system_time()
    }

    /// Whether `basicConstraints` says that it is of an authority, which issues certificates.
    #[must_use]
    pub fn is_ca(&self) -> bool {
        let constraints = &self.extensions.basic_constraints;
        constraints
            .as_ref()
            .is_some_and(|constraints| constraints.ca)
    }

    /// How many certificates of other authorities may stand between this authority's and a leaf, if that is limited.
    #[must_use]
    pub fn path_len(&self) -> Option<u8> {
        let constraints = &self.extensions.basic_constraints;
        constraints.as_ref()?.path_len_constraint
    }

    /// What the key may be used for; `None` where the certificate does not say, which allows everything.
    #[must_use]
    pub const fn key_usage(&self) -> Option<KeyUsage> {
        self.extensions.key_usage
    }

    /// The purposes that the certificate is restricted to; `None` where it is not.
    #[must_use]
    pub fn extended_key_usage(&self) -> Option<&[Oid]> {
        self.extensions.extended_key_usage.as_deref()
    }

    /// The other names of its subject.
    #[must_use]
    pub fn subject_alt_names(&self) -> &[AlternativeName] {
        &self.extensions.subject_alt_names
    }

    /// The first critical extension that we do not understand. Such a certificate is in no valid path.
    #[must_use]
    pub const fn unknown_critical_extension(&self) -> Option<&Oid> {
        self.extensions.unknown_critical.as_ref()
    }

    /// The certified key, which nobody has vouched for yet.
    ///
    /// Its one member beside the key is the `alg` that the certificate restricts it to, if any.
    ///
    /// # Errors
    ///
    /// [`KeyError`] where the key is malformed, or of a kind that has no place in JOSE.
    pub fn key(&self) -> Result<Untrusted<PublicJwk>, KeyError> {
        PublicJwk::from_certificate(&self.der).map(Untrusted::new)
    }

    /// SHA-1 of the DER: `x5t`, [RFC 7515 §4.1.7](https://www.rfc-editor.org/rfc/rfc7515#section-4.1.7).
    #[must_use]
    pub fn x5t(&self) -> [u8; 20] {
        let digest = digest(&SHA1_FOR_LEGACY_USE_ONLY, &self.der);
        core::array::from_fn(|at| digest.as_ref().get(at).copied().unwrap_or_default())
    }

    /// SHA-256 of the DER: `x5t#S256`, [RFC 7515 §4.1.8](https://www.rfc-editor.org/rfc/rfc7515#section-4.1.8).
    #[must_use]
    pub fn x5t_s256(&self) -> [u8; 32] {
        let digest = digest(&SHA256, &self.der);
        core::array::from_fn(|at| digest.as_ref().get(at).copied().unwrap_or_default())
    }

    /// Whether `issuer` signed this certificate: the names fit, and the signature was made with its key.
    ///
    /// Nothing else is asked of `issuer`: not its dates, not whether it may issue certificates.
    ///
    /// # Errors
    ///
    /// [`SignatureMismatch`] says why not.
    pub fn check_signed_by(&self, issuer: &Self) -> Result<(), SignatureMismatch> {
        if self.issuer != issuer.subject {
            return Err(SignatureMismatch::Name);
        }
        // One algorithm stands there twice; a signature counts only where both agree (RFC 5280 §4.1.1.2).
        let algorithm = self.parsed.signature_algorithm();
        if algorithm != self.parsed.tbs_certificate().signature() {
            return Err(SignatureMismatch::Unsupported);
        }
        let signature = self.parsed.signature().as_bytes();
        signature::verify(
            issuer.parsed.tbs_certificate().subject_public_key_info(),
            algorithm,
            self.signed_octets().ok_or(SignatureMismatch::Signature)?,
            signature.ok_or(SignatureMismatch::Signature)?,
        )
    }

    /// Whether the certified key itself signed it, as that of a root did.
    #[must_use]
    pub fn is_self_signed(&self) -> bool {
        self.check_signed_by(self).is_ok()
    }

    /// Version 1 has no extensions to say who is an authority. Old roots are such.
    pub(crate) fn is_version_1(&self) -> bool {
        self.parsed.tbs_certificate().version() == Version::V1
    }

    /// Whether it may vouch for some mail addresses only.
    pub(crate) const fn constrains_email(&self) -> bool {
        self.extensions.constrains_email
    }

    /// Whether its subject has the attribute `emailAddress`, the old place of mail addresses.
    pub(crate) fn has_email_in_subject(&self) -> bool {
        let subject = self.parsed.tbs_certificate().subject();
        subject
            .iter()
            .any(|attribute| attribute.oid == EMAIL_ADDRESS)
    }

    /// Exactly the octets that arrived, not the certificate encoded anew.
    fn signed_octets(&self) -> Option<&[u8]> {
        let mut outer = SliceReader::new(&self.der).ok()?;
        der::Header::decode(&mut outer).ok()?;
        outer.tlv_bytes().ok()
    }
}

/// For logs: who, by whom, and the thumbprint; not the octets.
impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Certificate")
            .field("subject", &self.subject)
            .field("issuer", &self.issuer)
            .field("x5t#S256", &bulla_core::base64url::encode(self.x5t_s256()))
            .finish_non_exhaustive()
    }
}

/// RFC 5280 appendix A.1.
const EMAIL_ADDRESS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.1");

const MALFORMED: CertificateError =
    CertificateError::malformed("certificate", "is not an X.509 certificate in DER");
