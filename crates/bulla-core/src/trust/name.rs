use core::fmt;

use crate::base64url;

/// A name that a key may be asked for by.
///
/// It is the sender's word, so it is compared and never interpreted: it is no path, no query, no URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeyName<'a> {
    /// `kid`, [RFC 7515 §4.1.4](https://www.rfc-editor.org/rfc/rfc7515#section-4.1.4).
    Kid(&'a str),
    /// `x5t`, the SHA-1 of the key's certificate in DER, [RFC 7515 §4.1.7](https://www.rfc-editor.org/rfc/rfc7515#section-4.1.7).
    CertificateSha1(&'a [u8; 20]),
    /// `x5t#S256`, the SHA-256 of the key's certificate in DER, [RFC 7515 §4.1.8](https://www.rfc-editor.org/rfc/rfc7515#section-4.1.8).
    CertificateSha256(&'a [u8; 32]),
    /// The RFC 7638 thumbprint of the key with SHA-256.
    Thumbprint(&'a [u8; 32]),
}

/// Which of its names a key was found by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FoundBy {
    /// `kid`
    Kid,
    /// `x5t`
    CertificateSha1,
    /// `x5t#S256`
    CertificateSha256,
    /// The RFC 7638 thumbprint.
    Thumbprint,
}

impl KeyName<'_> {
    /// Which kind of name it is.
    #[must_use]
    pub const fn kind(&self) -> FoundBy {
        match self {
            Self::Kid(_) => FoundBy::Kid,
            Self::CertificateSha1(_) => FoundBy::CertificateSha1,
            Self::CertificateSha256(_) => FoundBy::CertificateSha256,
            Self::Thumbprint(_) => FoundBy::Thumbprint,
        }
    }
}

/// `kid "2026-11"`, `x5t 0fE…`: quoted or encoded, fit for logs.
impl fmt::Display for KeyName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = self.kind();
        match self {
            Self::Kid(kid) => write!(f, "{kind} {kid:?}"),
            Self::CertificateSha1(digest) => write!(f, "{kind} {}", base64url::encode(digest)),
            Self::CertificateSha256(digest) | Self::Thumbprint(digest) => {
                write!(f, "{kind} {}", base64url::encode(digest))
            }
        }
    }
}

impl fmt::Display for FoundBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Kid => "kid",
            Self::CertificateSha1 => "x5t",
            Self::CertificateSha256 => "x5t#S256",
            Self::Thumbprint => "thumbprint",
        })
    }
}
