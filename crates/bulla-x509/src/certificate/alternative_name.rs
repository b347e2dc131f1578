use core::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use der::asn1::AnyRef;
use der::{Decode as _, Tag, TagNumber, Tagged as _};
use x509_cert::name::Name;

use super::name::shown;
use super::{CertificateError, DistinguishedName};

/// One name of the extension `subjectAltName`
/// ([RFC 5280 §4.2.1.6](https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.6)).
///
/// `Display` gives `DNS:issuer.example` and the like, escaped and cut as [`DistinguishedName`]'s.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AlternativeName {
    /// `dNSName`, exactly as it stands there; `*` is not resolved.
    Dns(String),
    /// `rfc822Name`
    Email(String),
    /// `uniformResourceIdentifier`
    Uri(String),
    /// `iPAddress`
    Ip(IpAddr),
    /// `directoryName`
    Directory(DistinguishedName),
    /// Any other kind, or text that is not ASCII where it must be: the context tag, and the octets.
    Other(u8, Box<[u8]>),
}

impl AlternativeName {
    pub(super) fn read(element: AnyRef<'_>) -> Result<Self, CertificateError> {
        let Tag::ContextSpecific { number, .. } = element.tag() else {
            return Err(MALFORMED);
        };
        let octets = element.value();
        let text = || {
            core::str::from_utf8(octets)
                .ok()
                .filter(|text| text.is_ascii())
                .map(str::to_owned)
        };
        let known = match number {
            TagNumber(1) => text().map(Self::Email),
            TagNumber(2) => text().map(Self::Dns),
            TagNumber(4) => {
                let name = Name::from_der(octets).map_err(|_| MALFORMED)?;
                Some(Self::Directory(DistinguishedName::new(&name)?))
            }
            TagNumber(6) => text().map(Self::Uri),
            TagNumber(7) => ip_address(octets).map(Self::Ip),
            _ => None,
        };
        let tag = u8::try_from(number.value()).map_err(|_| MALFORMED)?;
        Ok(known.unwrap_or_else(|| Self::Other(tag, octets.into())))
    }
}

impl fmt::Display for AlternativeName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dns(name) => write!(f, "DNS:{}", shown(name)),
            Self::Email(name) => write!(f, "email:{}", shown(name)),
            Self::Uri(name) => write!(f, "URI:{}", shown(name)),
            Self::Ip(address) => write!(f, "IP:{address}"),
            Self::Directory(name) => write!(f, "directory:{name}"),
            Self::Other(tag, octets) => write!(f, "other name [{tag}] of {} octets", octets.len()),
        }
    }
}

fn ip_address(octets: &[u8]) -> Option<IpAddr> {
    if let Ok(octets) = <[u8; 4]>::try_from(octets) {
        return Some(Ipv4Addr::from(octets).into());
    }
    let octets = <[u8; 16]>::try_from(octets).ok()?;
    Some(Ipv6Addr::from(octets).into())
}

const MALFORMED: CertificateError =
    CertificateError::malformed("subjectAltName", "is not what RFC 5280 §4.2.1.6 describes");
