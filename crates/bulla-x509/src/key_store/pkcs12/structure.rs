//! The ASN.1 of RFC 7292 §4 and appendix D, borrowed from the file: nothing is copied and nothing allocated.

use der::asn1::{AnyRef, ObjectIdentifier, OctetStringRef};
use der::{Decode, DecodeValue, FixedTag, Reader as _, Sequence, SliceReader, Tag, Tagged as _};
use spki::AlgorithmIdentifierRef;

use super::super::KeyStoreError;

#[derive(Sequence)]
pub(super) struct Pfx<'a> {
    pub(super) version: u8,
    pub(super) auth_safe: ContentInfo<'a>,
    #[asn1(optional = "true")]
    pub(super) mac_data: Option<MacData<'a>>,
}

#[derive(Sequence)]
pub(super) struct ContentInfo<'a> {
    pub(super) content_type: ObjectIdentifier,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    pub(super) content: Option<AnyRef<'a>>,
}

#[derive(Sequence)]
pub(super) struct MacData<'a> {
    pub(super) mac: DigestInfo<'a>,
    pub(super) salt: &'a OctetStringRef,
    #[asn1(default = "one")]
    pub(super) iterations: u32,
}

fn one() -> u32 {
    1
}

#[derive(Sequence)]
pub(super) struct DigestInfo<'a> {
    pub(super) algorithm: AlgorithmIdentifierRef<'a>,
    pub(super) digest: &'a OctetStringRef,
}

/// RFC 5652 §8.
#[derive(Sequence)]
pub(super) struct EncryptedData<'a> {
    pub(super) version: u8,
    pub(super) content: EncryptedContentInfo<'a>,
}

#[derive(Sequence)]
pub(super) struct EncryptedContentInfo<'a> {
    pub(super) content_type: ObjectIdentifier,
    pub(super) algorithm: AlgorithmIdentifierRef<'a>,
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT", optional = "true")]
    pub(super) data: Option<&'a OctetStringRef>,
}

#[derive(Sequence)]
pub(super) struct SafeBag<'a> {
    pub(super) id: ObjectIdentifier,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    pub(super) value: AnyRef<'a>,
    #[asn1(optional = "true")]
    pub(super) attributes: Option<AnyRef<'a>>,
}

#[derive(Sequence)]
pub(super) struct CertBag<'a> {
    pub(super) id: ObjectIdentifier,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    pub(super) value: &'a OctetStringRef,
}

#[derive(Sequence)]
pub(super) struct SecretBag<'a> {
    pub(super) id: ObjectIdentifier,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    pub(super) value: AnyRef<'a>,
}

#[derive(Sequence)]
pub(super) struct EncryptedPrivateKeyInfo<'a> {
    pub(super) algorithm: AlgorithmIdentifierRef<'a>,
    pub(super) data: &'a OctetStringRef,
}

/// A secret key, in the form of a private one (RFC 5208 §5) and without attributes.
#[derive(Sequence)]
pub(super) struct SecretKeyInfo<'a> {
    pub(super) version: u8,
    pub(super) algorithm: AlgorithmIdentifierRef<'a>,
    pub(super) key: &'a OctetStringRef,
}

#[derive(Sequence)]
pub(super) struct Attribute<'a> {
    pub(super) id: ObjectIdentifier,
    pub(super) values: AnyRef<'a>,
}

/// PBES2-params, RFC 8018 appendix A.4.
#[derive(Sequence)]
pub(super) struct Pbes2Params<'a> {
    pub(super) key_derivation: AlgorithmIdentifierRef<'a>,
    pub(super) encryption_scheme: AlgorithmIdentifierRef<'a>,
}

/// PBKDF2-params, RFC 8018 appendix A.2.
#[derive(Sequence)]
pub(super) struct Pbkdf2Params<'a> {
    pub(super) salt: AnyRef<'a>,
    pub(super) iterations: u32,
    #[asn1(optional = "true")]
    pub(super) key_length: Option<u16>,
    #[asn1(optional = "true")]
    pub(super) prf: Option<AlgorithmIdentifierRef<'a>>,
}

/// RFC 7292 appendix C: the parameters of the encryption before PBES2.
#[derive(Sequence)]
pub(super) struct LegacyParams<'a> {
    pub(super) salt: &'a OctetStringRef,
    pub(super) iterations: u32,
}

/// What is not what a standard describes.
pub(super) fn malformed(what: &'static str) -> KeyStoreError {
    KeyStoreError::malformed(what, "is not what RFC 7292 describes")
}

/// Calls `each` for the elements of a SEQUENCE OF or SET OF, one after another.
pub(super) fn for_each<'a, T: Decode<'a>>(
    collection: AnyRef<'a>,
    what: &'static str,
    mut each: impl FnMut(T) -> Result<(), KeyStoreError>,
) -> Result<(), KeyStoreError> {
    let mut reader = SliceReader::new(collection.value()).map_err(|_| malformed(what))?;
    while !reader.is_finished() {
        each(T::decode(&mut reader).map_err(|_| malformed(what))?)?;
    }
    Ok(())
}

/// The SEQUENCE OF that is all of `der`.
pub(super) fn sequence_of<'a>(
    der: &'a [u8],
    what: &'static str,
) -> Result<AnyRef<'a>, KeyStoreError> {
    AnyRef::from_der(der)
        .ok()
        .filter(|any| any.tag() == Tag::Sequence)
        .ok_or_else(|| malformed(what))
}

/// The parameters of an algorithm.
pub(super) fn parameters<'a, T: DecodeValue<'a> + FixedTag + 'a>(
    identifier: AlgorithmIdentifierRef<'a>,
    what: &'static str,
) -> Result<T, KeyStoreError> {
    identifier
        .parameters
        .and_then(|parameters| parameters.decode_as().ok())
        .ok_or_else(|| malformed(what))
}

pub(super) const fn oid(text: &str) -> ObjectIdentifier {
    ObjectIdentifier::new_unwrap(text)
}
