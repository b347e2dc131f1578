//! The extensions that say what a certificate is for.

use std::collections::HashSet;

use der::asn1::{AnyRef, BitStringRef};
use der::{Decode as _, Reader as _, SliceReader, Tag, Tagged as _};
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::ext::pkix::{BasicConstraints, NameConstraints};

use super::{AlternativeName, CertificateError, KeyUsage};
use crate::Oid;

/// What was read of a certificate's extensions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Extensions {
    pub(super) basic_constraints: Option<BasicConstraints>,
    pub(super) key_usage: Option<KeyUsage>,
    pub(super) extended_key_usage: Option<Vec<Oid>>,
    pub(super) subject_alt_names: Vec<AlternativeName>,
    /// Whether an authority may vouch for some mail addresses only.
    pub(super) constrains_email: bool,
    /// The first critical one that is not understood.
    pub(super) unknown_critical: Option<Oid>,
}

impl Extensions {
    pub(super) fn read(extensions: &[Extension]) -> Result<Self, CertificateError> {
        let mut read = Self::default();
        let mut seen = HashSet::new();
        for extension in extensions {
            let oid = extension.extn_id.as_bytes();
            if !seen.insert(oid) {
                return Err(CertificateError::malformed(
                    "certificate",
                    "has one extension twice (RFC 5280 §4.2)",
                ));
            }
            let value = extension.extn_value.as_bytes();
            match oid {
                BASIC_CONSTRAINTS => read.basic_constraints = Some(basic_constraints(value)?),
                EXTENDED_KEY_USAGE => read.extended_key_usage = Some(extended_key_usage(value)?),
                KEY_USAGE => read.key_usage = Some(key_usage(value)?),
                SUBJECT_ALT_NAME => read.subject_alt_names = subject_alt_names(value)?,
                NAME_CONSTRAINTS => read.constrains_email = constrains_email(value)?,
                // Read by the library that validates paths, as are all other constraints on names.
                CRL_DISTRIBUTION_POINTS => {}
                _ if extension.critical && read.unknown_critical.is_none() => {
                    read.unknown_critical = Some(Oid::from_der_value(oid)?);
                }
                _ => {}
            }
        }
        Ok(read)
    }
}

fn basic_constraints(der: &[u8]) -> Result<BasicConstraints, CertificateError> {
    BasicConstraints::from_der(der).map_err(|_| {
        CertificateError::malformed(
            "basicConstraints",
            "is not what RFC 5280 §4.2.1.9 describes",
        )
    })
}

fn key_usage(der: &[u8]) -> Result<KeyUsage, CertificateError> {
    BitStringRef::from_der(der)
        .map(|bits| KeyUsage::from_octets(bits.raw_bytes()))
        .map_err(|_| {
            CertificateError::malformed("keyUsage", "is not what RFC 5280 §4.2.1.3 describes")
        })
}

fn extended_key_usage(der: &[u8]) -> Result<Vec<Oid>, CertificateError> {
    const MALFORMED: CertificateError =
        CertificateError::malformed("extKeyUsage", "is not what RFC 5280 §4.2.1.12 describes");
    let purposes = elements(der)
        .map_err(|_| MALFORMED)?
        .into_iter()
        .map(|element| match element.tag() {
            Tag::ObjectIdentifier => Oid::from_der_value(element.value()),
            _ => Err(MALFORMED),
        })
        .collect::<Result<Vec<_>, _>>()?;
    if purposes.is_empty() {
        return Err(MALFORMED);
    }
    Ok(purposes)
}

fn subject_alt_names(der: &[u8]) -> Result<Vec<AlternativeName>, CertificateError> {
    elements(der)
        .map_err(|_| {
            CertificateError::malformed("subjectAltName", "is not what RFC 5280 §4.2.1.6 describes")
        })?
        .into_iter()
        .map(AlternativeName::read)
        .collect()
}

fn constrains_email(der: &[u8]) -> Result<bool, CertificateError> {
    let constraints = NameConstraints::from_der(der).map_err(|_| {
        CertificateError::malformed(
            "nameConstraints",
            "is not what RFC 5280 §4.2.1.10 describes",
        )
    })?;
    let permitted = constraints.permitted_subtrees.iter().flatten();
    let excluded = constraints.excluded_subtrees.iter().flatten();
    Ok(permitted
        .chain(excluded)
        .any(|subtree| matches!(subtree.base, GeneralName::Rfc822Name(_))))
}

/// The elements of a sequence that is all of `der`.
fn elements(der: &[u8]) -> der::Result<Vec<AnyRef<'_>>> {
    let outer = AnyRef::from_der(der)?;
    outer.tag().assert_eq(Tag::Sequence)?;
    let mut reader = SliceReader::new(outer.value())?;
    let mut elements = Vec::new();
    while !reader.is_finished() {
        elements.push(AnyRef::decode(&mut reader)?);
    }
    Ok(elements)
}

// The values of the identifiers 2.5.29.n of RFC 5280 §4.2.1.
const KEY_USAGE: &[u8] = &[0x55, 0x1d, 15];
const SUBJECT_ALT_NAME: &[u8] = &[0x55, 0x1d, 17];
const BASIC_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 19];
const NAME_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 30];
const CRL_DISTRIBUTION_POINTS: &[u8] = &[0x55, 0x1d, 31];
const EXTENDED_KEY_USAGE: &[u8] = &[0x55, 0x1d, 37];
