use std::time::SystemTime;

use der::asn1::{AnyRef, ObjectIdentifier, OctetStringRef};
use der::{Tag, Tagged as _};

use super::super::KeyStoreError;
use super::super::entry::java_time;
use super::structure::{Attribute, for_each, oid};

/// What stands beside a key or certificate (RFC 7292 §4.2).
#[derive(Debug, Default)]
pub(super) struct Attributes {
    pub(super) friendly_name: Option<String>,
    /// What a key and its certificate have in common.
    pub(super) local_key_id: Option<Vec<u8>>,
    /// Whether Java marked a certificate as trusted.
    pub(super) is_trusted: bool,
}

impl Attributes {
    pub(super) fn read(set: Option<AnyRef<'_>>) -> Result<Self, KeyStoreError> {
        let mut attributes = Self::default();
        if let Some(set) = set {
            for_each(set, "bagAttributes", |attribute: Attribute<'_>| {
                attributes.add(&attribute)
            })?;
        }
        Ok(attributes)
    }

    /// Java writes `Time ` and the milliseconds as the local key id.
    pub(super) fn created(&self) -> Option<SystemTime> {
        let text = std::str::from_utf8(self.local_key_id.as_deref()?).ok()?;
        java_time(text.strip_prefix("Time ")?.parse().ok()?)
    }

    fn add(&mut self, attribute: &Attribute<'_>) -> Result<(), KeyStoreError> {
        let mut first = None;
        for_each(attribute.values, "a bag attribute", |value: AnyRef<'_>| {
            first.get_or_insert(value);
            Ok(())
        })?;
        let Some(value) = first else { return Ok(()) };
        match attribute.id {
            FRIENDLY_NAME => self.friendly_name = bmp_string(value).filter(|name| !name.is_empty()),
            LOCAL_KEY_ID => {
                self.local_key_id = value
                    .decode_as::<&OctetStringRef>()
                    .ok()
                    .map(|id| id.as_bytes().to_vec());
            }
            // The value says for which uses; Java looks no further, and writes any.
            TRUSTED_KEY_USAGE => self.is_trusted = true,
            _ => {}
        }
        Ok(())
    }
}

fn bmp_string(value: AnyRef<'_>) -> Option<String> {
    if value.tag() != Tag::BmpString {
        return None;
    }
    let (pairs, []) = value.value().as_chunks::<2>() else {
        return None;
    };
    let units: Vec<u16> = pairs.iter().map(|pair| u16::from_be_bytes(*pair)).collect();
    String::from_utf16(&units).ok()
}

const FRIENDLY_NAME: ObjectIdentifier = oid("1.2.840.113549.1.9.20");
const LOCAL_KEY_ID: ObjectIdentifier = oid("1.2.840.113549.1.9.21");
/// Oracle's.
const TRUSTED_KEY_USAGE: ObjectIdentifier = oid("2.16.840.1.113894.746875.1.1");
