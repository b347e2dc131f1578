use core::fmt;
use std::io;

use bulla_core::Fault;
use bulla_core::jwk::KeyError;

/// Why a key store, or one entry of it, could not be read or written.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyStoreError {
    /// Another entry has this alias.
    AliasTaken,
    /// An alias that the format has no place for: empty, too long, or beyond the characters of a BMPString.
    AliasUnfit,
    /// A PKCS#12 certificate that nobody marked as trusted, and that is of none of the store's private keys.
    CertificateNotTrusted,
    /// PKCS#12 holds public keys only as certificates, and the key has no `x5c`.
    CertificateMissing,
    /// The file or directory could not be read.
    Io(io::ErrorKind),
    /// A JCEKS store, which only Java reads.
    Jceks,
    /// The key of an entry.
    Key(KeyError),
    /// More, longer or costlier than the limits allow.
    LimitExceeded(&'static str),
    /// Not what the format describes.
    Malformed {
        /// The structure that is wrong.
        what: &'static str,
        /// What is wrong with it.
        why: &'static str,
    },
    /// No entry answers to what was asked for.
    NotFound,
    /// Neither a JWK, a JWK Set, PEM, DER, PKCS#12 nor JKS.
    NotAKeyFile,
    /// No password was given.
    PasswordMissing,
    /// The password does not open it, or it is damaged; nothing tells one from the other.
    PasswordWrong,
    /// A store without a MAC: anybody may have changed its certificates.
    Unauthenticated,
    /// A kind of entry that we do not implement.
    Unsupported(&'static str),
    /// An algorithm that we do not implement.
    UnsupportedAlgorithm {
        /// What it is for.
        what: &'static str,
        /// Its object identifier.
        oid: Box<str>,
    },
}

impl KeyStoreError {
    pub(super) const fn malformed(what: &'static str, why: &'static str) -> Self {
        Self::Malformed { what, why }
    }

    /// The stable code: `keystore.<kebab-case>`, or that of the key's own error, `jwk.<kebab-case>`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::AliasTaken => "keystore.alias-taken",
            Self::AliasUnfit => "keystore.alias-unfit",
            Self::CertificateNotTrusted => "keystore.certificate-not-trusted",
            Self::CertificateMissing => "keystore.certificate-missing",
            Self::Io(io::ErrorKind::NotFound) => "io.not-found",
            Self::Io(io::ErrorKind::PermissionDenied) => "io.permission-denied",
            Self::Io(_) => "io.read",
            Self::Key(error) => error.code(),
            Self::LimitExceeded(_) => "keystore.limit-exceeded",
            Self::Malformed { .. } | Self::NotAKeyFile => "keystore.malformed",
            Self::NotFound => "jwk.not-found",
            Self::PasswordMissing => "jwk.password-missing",
            Self::PasswordWrong => "jwk.password-wrong",
            Self::Unauthenticated => "keystore.unauthenticated",
            Self::Jceks | Self::Unsupported(_) | Self::UnsupportedAlgorithm { .. } => {
                "keystore.unsupported"
            }
        }
    }

    /// Whose doing it is.
    #[must_use]
    pub const fn fault(&self) -> Fault {
        match self {
            Self::AliasTaken | Self::AliasUnfit | Self::PasswordMissing | Self::PasswordWrong => {
                Fault::Caller
            }
            Self::Io(_) => Fault::Remote,
            Self::Key(error) => error.fault(),
            _ => Fault::Key,
        }
    }
}

impl From<KeyError> for KeyStoreError {
    fn from(error: KeyError) -> Self {
        match error {
            KeyError::PasswordMissing => Self::PasswordMissing,
            KeyError::PasswordWrong => Self::PasswordWrong,
            other => Self::Key(other),
        }
    }
}

impl From<io::Error> for KeyStoreError {
    fn from(error: io::Error) -> Self {
        Self::Io(error.kind())
    }
}

impl fmt::Display for KeyStoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AliasTaken => f.write_str("another entry has this alias"),
            Self::AliasUnfit => f.write_str(
                "the alias is empty, longer than 256 octets, or has characters beyond U+FFFF",
            ),
            Self::CertificateNotTrusted => f.write_str(
                "the certificate is of none of the store's private keys and not marked as trusted; \
                 `keytool -importcert` marks it",
            ),
            Self::CertificateMissing => {
                f.write_str("PKCS#12 holds a public key only as a certificate, and it has no `x5c`")
            }
            Self::Io(kind) => kind.fmt(f),
            Self::Jceks => f.write_str(
                "a JCEKS store; `keytool -importkeystore -srcstoretype jceks -srckeystore FILE \
                 -deststoretype pkcs12 -destkeystore FILE` converts it",
            ),
            Self::Key(error) => error.fmt(f),
            Self::LimitExceeded(what) => write!(f, "{what} exceeds the limit"),
            Self::Malformed { what, why } => write!(f, "{what} {why}"),
            Self::NotFound => f.write_str("no entry answers to what was asked for"),
            Self::NotAKeyFile => {
                f.write_str("found neither JWK, JWK Set, PEM, DER, PKCS#12 nor JKS")
            }
            Self::PasswordMissing => {
                f.write_str("the key store is protected by a password, and none was given")
            }
            Self::PasswordWrong => {
                f.write_str("the password does not open the key store, or the file is damaged")
            }
            Self::Unauthenticated => f.write_str(
                "the store has no MAC, so that anybody may have changed its certificates",
            ),
            Self::Unsupported(what) => write!(f, "{what} is not supported"),
            Self::UnsupportedAlgorithm { what, oid } => {
                write!(f, "{oid} as {what} is not supported")
            }
        }
    }
}

impl std::error::Error for KeyStoreError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Key(error) => Some(error),
            _ => None,
        }
    }
}
