//! What structure some DER is, told by its first elements and not by what a label says.

use der::{Decode as _, Reader as _, SliceReader, Tag, Tagged as _, asn1::AnyRef};

use super::super::KeyError;
use super::armor;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Certificate,
    EncryptedPkcs8,
    Pkcs1,
    Pkcs1Public,
    Pkcs8,
    Sec1,
    Spki,
}

impl Kind {
    pub(super) fn of(der: &[u8]) -> Result<Self, KeyError> {
        let mut tags = first_tags(der).ok_or(KeyError::malformed(
            "key file",
            "is neither PEM nor a complete DER sequence",
        ))?;
        // A slot beyond the end of the sequence stays `None`.
        tags.resize(3, None);
        match tags.as_slice() {
            [Some(Tag::Sequence), Some(Tag::BitString), None] => Ok(Self::Spki),
            [Some(Tag::Sequence), Some(Tag::OctetString), None] => Ok(Self::EncryptedPkcs8),
            [
                Some(Tag::Sequence),
                Some(Tag::Sequence),
                Some(Tag::BitString),
            ] => Ok(Self::Certificate),
            [
                Some(Tag::Integer),
                Some(Tag::Sequence),
                Some(Tag::OctetString),
            ] => Ok(Self::Pkcs8),
            [Some(Tag::Integer), Some(Tag::OctetString), _] => Ok(Self::Sec1),
            [Some(Tag::Integer), Some(Tag::Integer), None] => Ok(Self::Pkcs1Public),
            [Some(Tag::Integer), Some(Tag::Integer), Some(Tag::Integer)] => Ok(Self::Pkcs1),
            [Some(Tag::Integer), Some(Tag::Sequence), _] => Err(KeyError::Unsupported(
                "a PKCS#12 key store in place of a key file (`openssl pkcs12 -nodes -in FILE` takes its key out)",
            )),
            _ => Err(KeyError::malformed(
                "DER",
                "is none of PKCS#8, SPKI, PKCS#1, SEC 1 or an X.509 certificate",
            )),
        }
    }
}

/// Whether the octets are a key or certificate in PEM, DER or OpenSSH's format: what must never serve as the octets of
/// a symmetric key, since anyone may have it.
///
/// Looks for the BEGIN line anywhere: white space or text before it once let such a file through elsewhere.
///
/// ```
/// use bulla_core::jwk::pem::is_key_file;
/// assert!(is_key_file(b"\n \n-----BEGIN PUBLIC KEY-----\nMCow"));
/// assert!(is_key_file(b"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI me@example"));
/// assert!(!is_key_file(b"a long and random secret"));
/// ```
#[must_use]
pub fn is_key_file(octets: &[u8]) -> bool {
    let text = octets.trim_ascii();
    contains(octets, armor::BEGIN)
        || contains(octets, b"---- BEGIN ")
        || ["ssh-", "ecdsa-sha2-", "sk-ssh-", "sk-ecdsa-"]
            .iter()
            .any(|prefix| text.starts_with(prefix.as_bytes()))
        || !matches!(Kind::of(octets), Err(KeyError::Malformed(_)))
}

pub(super) fn contains(octets: &[u8], needle: &[u8]) -> bool {
    memchr::memmem::find(octets, needle).is_some()
}

/// The tags of the first three elements of a sequence that is all of `der`.
fn first_tags(der: &[u8]) -> Option<Vec<Option<Tag>>> {
    let outer = AnyRef::from_der(der).ok()?;
    if outer.tag() != Tag::Sequence {
        return None;
    }
    let mut reader = SliceReader::new(outer.value()).ok()?;
    let mut tags = Vec::new();
    while !reader.is_finished() && tags.len() < 3 {
        tags.push(Some(AnyRef::decode(&mut reader).ok()?.tag()));
    }
    Some(tags)
}
