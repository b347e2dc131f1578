//! From `keyUsage` to `use`.

use bulla_core::jwk::{OkpCurve, PublicKey, PublicKeyUse};

use super::{PathError, Position};
use crate::{Certificate, KeyUsage};

/// The `use` that a certificate leaves to its key: `None` where both are left.
///
/// An Ed25519 key can but sign, whatever its certificate allows; the rest is read off the bits. `contentCommitment`
/// counts as signing: certificates for signatures that bind in law carry it alone.
pub(super) fn key_use(
    leaf: &Certificate,
    key: &PublicKey,
    asked: Option<&PublicKeyUse>,
) -> Result<Option<PublicKeyUse>, PathError> {
    let forbidden = || PathError::KeyUsage {
        position: Position::Chain(0),
        asked: asked.cloned(),
    };
    let (signs, encrypts) = abilities(key);
    let Some(usage) = leaf.key_usage() else {
        // Nothing is said, so nothing is added to the key but what was asked.
        let able = match asked {
            Some(PublicKeyUse::Signature) => signs,
            Some(PublicKeyUse::Encryption) => encrypts != Encrypts::Never,
            Some(_) => false,
            None => true,
        };
        return if able {
            Ok(asked.cloned())
        } else {
            Err(forbidden())
        };
    };
    let signs = signs && (usage.digital_signature() || usage.content_commitment());
    let encrypts = match encrypts {
        Encrypts::Keys => usage.key_encipherment(),
        Encrypts::ByAgreement => may_agree(usage),
        Encrypts::Never => false,
    };
    match (signs, encrypts, asked) {
        (true, true, None) => Ok(None),
        (true, _, None | Some(PublicKeyUse::Signature)) => Ok(Some(PublicKeyUse::Signature)),
        (_, true, None | Some(PublicKeyUse::Encryption)) => Ok(Some(PublicKeyUse::Encryption)),
        _ => Err(forbidden()),
    }
}

/// Whoever encrypts to the key enciphers.
fn may_agree(usage: KeyUsage) -> bool {
    usage.key_agreement() && (!usage.decipher_only() || usage.encipher_only())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Encrypts {
    ByAgreement,
    Keys,
    Never,
}

/// Whether a key can sign, and how it can encrypt, by its type alone.
fn abilities(key: &PublicKey) -> (bool, Encrypts) {
    match key {
        PublicKey::Rsa(_) => (true, Encrypts::Keys),
        PublicKey::Ec(_) => (true, Encrypts::ByAgreement),
        PublicKey::Okp(key) => match key.curve() {
            OkpCurve::X25519 | OkpCurve::X448 => (false, Encrypts::ByAgreement),
            _ => (true, Encrypts::Never),
        },
        _ => (true, Encrypts::Never),
    }
}
