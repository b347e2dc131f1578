use core::fmt;

use der::Encode as _;
use x509_cert::name::Name;

use super::CertificateError;

/// A subject or issuer (RFC 5280 §4.1.2.4).
///
/// Equal when the DER is, which is how a path compares names. `Display` gives RFC 4514 (`CN=leaf,O=Bulla`, the most
/// specific part first) for people: characters that a terminal would act upon or not show are escaped, and a long
/// name is cut after 1,024 characters, so never decide anything by the text.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct DistinguishedName {
    der: Box<[u8]>,
    text: Box<str>,
}

impl DistinguishedName {
    pub(crate) fn new(name: &Name) -> Result<Self, CertificateError> {
        let der = name.to_der().map_err(|_| MALFORMED)?;
        Ok(Self {
            der: der.into(),
            text: shown(&name.to_string()).into(),
        })
    }

    /// The name as it is encoded.
    #[must_use]
    pub fn as_der(&self) -> &[u8] {
        &self.der
    }

    /// Whether there is nothing in it, as where a certificate names its subject by `subjectAltName` alone.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }
}

impl fmt::Display for DistinguishedName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for DistinguishedName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.text)
    }
}

/// What of a hostile text may be shown: no control characters, nothing invisible, nothing that turns the direction of
/// the line, and not too much of it. The backslashes of RFC 4514 stay as they are.
pub(super) fn shown(text: &str) -> String {
    let mut shown = String::new();
    for (at, character) in text.chars().enumerate() {
        if at >= GREATEST_LEN {
            shown.push('…');
            break;
        }
        if matches!(character, ' '..='~') {
            shown.push(character);
        } else {
            shown.extend(character.escape_debug());
        }
    }
    shown
}

const GREATEST_LEN: usize = 1_024;

const MALFORMED: CertificateError =
    CertificateError::malformed("name", "is not what RFC 5280 §4.1.2.4 describes");
