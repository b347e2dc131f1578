//! X.509 certificates (RFC 5280): the key in one, and whether `x5c`, `x5t` and `x5t#S256` agree with the key they
//! stand beside. Whether a certificate is to be *trusted* is not asked here.

use der::Decode as _;
use der::referenced::OwnedToRef as _;
use x509_cert::certificate::{CertificateInner, Raw};
use x509_cert::ext::pkix::KeyUsage;

use super::{KeyError, Members, PublicJwk, PublicKey, UsageMismatch, spki};
use crate::jwa::{AlgName, HashAlg};
use crate::key::Backend;

impl PublicJwk {
    /// The public key of an X.509 certificate (DER), and the `alg` that its identifier restricts it to, if any. No
    /// other member is filled.
    ///
    /// # Security
    ///
    /// Nothing but the key is looked at: not the signature, not the dates, not the path.
    ///
    /// # Errors
    ///
    /// [`KeyError::Malformed`] where it is no certificate, [`KeyError::Unsupported`] and
    /// [`KeyError::UnsupportedValue`] where its key is of a kind we do not implement.
    pub fn from_certificate(der: &[u8]) -> Result<Self, KeyError> {
        let certificate = read(der)?;
        let info = certificate.tbs_certificate().subject_public_key_info();
        spki::read(info.owned_to_ref())
    }
}

/// `Raw` bears what the profile of RFC 5280 forbids but authorities once issued, such as a long serial number.
fn read(der: &[u8]) -> Result<CertificateInner<Raw>, KeyError> {
    CertificateInner::from_der(der)
        .map_err(|_| KeyError::malformed("certificate", "is not an X.509 certificate in DER"))
}

/// What a key that was found is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Use {
    Signatures,
    Encryption,
}

/// Refuses a key whose own certificate keeps it for something else. Without a certificate, or without `keyUsage` in it,
/// nothing is kept.
///
/// # Errors
///
/// [`UsageMismatch::Certificate`], and [`KeyError::Malformed`] where it cannot be read.
pub(crate) fn check_key_usage(members: &Members, wanted: Use) -> Result<(), KeyError> {
    let Some(first) = members.x5c.as_ref().and_then(|chain| chain.first()) else {
        return Ok(());
    };
    let certificate = read(first)?;
    let usage = certificate.tbs_certificate().get_extension::<KeyUsage>();
    let usage = usage.map_err(|_| {
        KeyError::malformed(
            "x5c",
            "its first certificate has a `keyUsage` that is no bit string",
        )
    })?;
    let Some((_, usage)) = usage else {
        return Ok(());
    };
    let allowed = match wanted {
        // `contentCommitment`, once `nonRepudiation`, is for signatures that bind in law.
        Use::Signatures => usage.digital_signature() || usage.non_repudiation(),
        Use::Encryption => usage.key_encipherment() || usage.key_agreement(),
    };
    if allowed {
        Ok(())
    } else {
        Err(KeyError::UsageMismatch(UsageMismatch::Certificate))
    }
}

/// SHA-256 of a certificate: its `x5t#S256` ([RFC 7517 §4.9](https://www.rfc-editor.org/rfc/rfc7517#section-4.9)), before it is encoded.
#[must_use]
pub fn certificate_sha256(der: &[u8]) -> [u8; 32] {
    super::thumbprint::octets(&HashAlg::Sha256.digest(der))
}

/// Refuses a key whose certificate members speak of another key.
///
/// The key of the first certificate in `x5c` must be the key (RFC 7517 §4.7), and the digests must be of that
/// certificate (§4.8, §4.9). Without `x5c` there is nothing to compare them with. Where the certificate restricts its key
/// to one algorithm (RFC 4055 §1.2), `alg` must be that.
///
/// # Errors
///
/// [`KeyError::Malformed`] naming the member; [`KeyError::UsageMismatch`].
pub(crate) fn check_certificates(
    members: &Members,
    key: &PublicKey,
    alg: Option<&AlgName>,
    backend: &dyn Backend,
) -> Result<(), KeyError> {
    let Some(chain) = &members.x5c else {
        return Ok(());
    };
    let first = chain
        .first()
        .ok_or(KeyError::malformed("x5c", "has no certificate"))?;
    let certified = PublicJwk::from_certificate(first)?;
    if certified.key() != key {
        return Err(KeyError::malformed(
            "x5c",
            "its first certificate is of another key (RFC 7517 §4.7)",
        ));
    }
    if let (Some(only), Some(asked)) = (&certified.members().alg, alg)
        && only != asked
    {
        return Err(KeyError::UsageMismatch(UsageMismatch::Alg {
            key: only.clone(),
            asked: asked.clone(),
        }));
    }
    const OF_ANOTHER: &str = "is not the digest of the first certificate in `x5c`";
    if members
        .x5t
        .is_some_and(|digest| digest != backend.certificate_sha1(first))
    {
        return Err(KeyError::malformed("x5t", OF_ANOTHER));
    }
    if members
        .x5t_s256
        .is_some_and(|digest| digest != certificate_sha256(first))
    {
        return Err(KeyError::malformed("x5t#S256", OF_ANOTHER));
    }
    Ok(())
}
