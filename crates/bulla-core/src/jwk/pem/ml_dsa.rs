//! ML-DSA private keys inside PKCS#8 (RFC 9881 §6).

use der::asn1::{AnyRef, OctetStringRef};
use der::{Decode as _, Encode as _, Sequence, Tag, TagNumber, Tagged as _};

use super::super::KeyError;
use super::spki::too_long;
use crate::secret::SecretBytes;

/// ```text
/// PrivateKey ::= CHOICE {
///   seed [0] OCTET STRING (SIZE (32)),
///   expandedKey OCTET STRING,
///   both SEQUENCE { seed OCTET STRING (SIZE (32)), expandedKey OCTET STRING } }
/// ```
///
/// Of `both` the seed is taken, which the other follows from; that they begin alike in the public part is the caller's
/// to check with [`PrivateChoice::expanded`].
pub(super) struct PrivateChoice<'a> {
    pub(super) seed: SecretBytes,
    pub(super) expanded: Option<&'a [u8]>,
}

impl<'a> PrivateChoice<'a> {
    pub(super) fn read(der: &'a [u8]) -> Result<Self, KeyError> {
        const WRONG: KeyError =
            KeyError::malformed("ML-DSA private key", "is not what RFC 9881 §6 describes");
        let choice = AnyRef::from_der(der).map_err(|_| WRONG)?;
        match choice.tag() {
            SEED => Ok(Self {
                seed: choice.value().into(),
                expanded: None,
            }),
            Tag::Sequence => {
                let both: Both<'a> = choice.decode_as().map_err(|_| WRONG)?;
                Ok(Self {
                    seed: both.seed.as_bytes().into(),
                    expanded: Some(both.expanded.as_bytes()),
                })
            }
            Tag::OctetString => Err(KeyError::Unsupported(
                "an ML-DSA private key in its expanded form alone, from which the seed cannot be found",
            )),
            _ => Err(WRONG),
        }
    }
}

/// The seed alone, which is what RFC 9964 keeps and RFC 9881 recommends.
pub(super) fn seed_der(seed: &[u8]) -> Result<Vec<u8>, KeyError> {
    AnyRef::new(SEED, seed)
        .and_then(|choice| choice.to_der())
        .map_err(too_long)
}

const SEED: Tag = Tag::ContextSpecific {
    constructed: false,
    number: TagNumber(0),
};

#[derive(Sequence)]
struct Both<'a> {
    seed: &'a OctetStringRef,
    expanded: &'a OctetStringRef,
}
