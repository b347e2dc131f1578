//! What one recipient needs: an encrypted key and the parameters its algorithm makes.

use serde_json::{Map, Value, json};

use super::{EncryptError, concat_kdf};
use crate::base64url;
use crate::jwa::{AlgName, ContentEncryptionAlg};
use crate::jwk::PublicKey;
use crate::key::{BackendError, BoundEncrypter, EncrypterKind, WrappedKey};
use crate::secret::SecretBytes;

/// Header parameters of one recipient of several: not protected, and for that recipient alone.
///
/// ```
/// use bulla_core::jwe::RecipientHeader;
/// let header = RecipientHeader::new().kid("bob-2026").parameter("note", "for Bob");
/// # let _ = header;
/// ```
#[derive(Clone, Debug, Default)]
pub struct RecipientHeader(pub(super) Map<String, Value>);

impl RecipientHeader {
    /// `alg`, the key's `kid` and what the algorithm makes, nothing else.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the key ID instead of the key's own.
    #[must_use]
    pub fn kid(self, kid: impl Into<String>) -> Self {
        self.parameter("kid", kid.into())
    }

    /// Sets any parameter.
    #[must_use]
    pub fn parameter(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.0.insert(name.into(), value.into());
        self
    }
}

/// What the sender and the recipient of an agreement are called (RFC 7518 §4.6.1.2, §4.6.1.3).
#[derive(Clone, Debug, Default)]
pub(super) struct PartyInfo {
    pub(super) apu: Option<Vec<u8>>,
    pub(super) apv: Option<Vec<u8>>,
}

/// The content encryption key: the recipient's own and prepared, or made for this token.
pub(super) enum ContentSecret<'k> {
    Shared(&'k crate::key::DirectKey),
    Derived(SecretBytes),
}

/// The parameters an algorithm made, in the order in which RFC 7520 writes them.
pub(super) type Made = Vec<(&'static str, Value)>;

/// The direct kinds: a content encryption key without an encrypted key. `None` for the kinds that wrap.
pub(super) fn direct<'k>(
    encrypter: &'k BoundEncrypter,
    enc: ContentEncryptionAlg,
    party: &PartyInfo,
) -> Result<Option<(ContentSecret<'k>, Made)>, EncryptError> {
    match &encrypter.kind {
        EncrypterKind::Direct(key) => Ok(Some((ContentSecret::Shared(key), Vec::new()))),
        EncrypterKind::Agreed {
            peer,
            wrap_len: None,
        } => {
            let (secret, made) = agree(encrypter, peer, None, enc, party)?;
            Ok(Some((ContentSecret::Derived(secret), made)))
        }
        EncrypterKind::Agreed { .. } | EncrypterKind::Wrapped(_) | EncrypterKind::Ready { .. } => {
            Ok(None)
        }
    }
}

/// The kinds that wrap: the encrypted key.
pub(super) fn wrap(
    encrypter: &BoundEncrypter,
    cek: &SecretBytes,
    enc: ContentEncryptionAlg,
    party: &PartyInfo,
) -> Result<(Vec<u8>, Made), EncryptError> {
    match &encrypter.kind {
        EncrypterKind::Agreed {
            peer,
            wrap_len: Some(wrap_len),
        } => {
            let (secret, made) = agree(encrypter, peer, Some(*wrap_len), enc, party)?;
            Ok((encrypter.backend.aes_key_wrap(&secret)?.wrap(cek)?, made))
        }
        EncrypterKind::Wrapped(key) => Ok(parameters(key.wrap(cek)?)),
        EncrypterKind::Ready { wrapped, .. } => Ok(parameters(wrapped.clone())),
        EncrypterKind::Direct(_) | EncrypterKind::Agreed { wrap_len: None, .. } => {
            Err(EncryptError::OneRecipientOnly)
        }
    }
}

fn parameters(wrapped: WrappedKey) -> (Vec<u8>, Made) {
    let mut made = Vec::new();
    if let Some(p2s) = &wrapped.p2s {
        made.push(("p2s", base64url::encode(p2s).into()));
    }
    if let Some(p2c) = wrapped.p2c {
        made.push(("p2c", p2c.into()));
    }
    if let Some(tag) = &wrapped.tag {
        made.push(("tag", base64url::encode(tag).into()));
    }
    if let Some(iv) = &wrapped.iv {
        made.push(("iv", base64url::encode(iv).into()));
    }
    (wrapped.encrypted_key, made)
}

fn agree(
    encrypter: &BoundEncrypter,
    peer: &PublicKey,
    wrap_len: Option<usize>,
    enc: ContentEncryptionAlg,
    party: &PartyInfo,
) -> Result<(SecretBytes, Made), EncryptError> {
    let backend = encrypter.backend.as_ref();
    let (ephemeral, z) = backend.ephemeral(peer)?;
    let (apu, apv) = (party.apu.as_deref(), party.apv.as_deref());
    let (algorithm, key_len): (&AlgName, usize) =
        concat_kdf::purpose(&encrypter.alg, wrap_len, enc);
    let secret = concat_kdf::derive(
        backend,
        &z,
        algorithm,
        key_len,
        apu.unwrap_or_default(),
        apv.unwrap_or_default(),
    )?;
    let mut made = vec![("epk", epk(&ephemeral)?)];
    for (name, value) in [("apu", apu), ("apv", apv)] {
        if let Some(value) = value {
            made.push((name, base64url::encode(value).into()));
        }
    }
    Ok((secret, made))
}

fn epk(key: &PublicKey) -> Result<Value, BackendError> {
    let text = |octets: &[u8]| base64url::encode(octets);
    match key {
        PublicKey::Ec(key) => Ok(
            json!({"kty": "EC", "crv": key.curve().name(), "x": text(key.x()), "y": text(key.y())}),
        ),
        PublicKey::Okp(key) => {
            Ok(json!({"kty": "OKP", "crv": key.curve().name(), "x": text(key.x())}))
        }
        PublicKey::Akp(_) | PublicKey::Rsa(_) => Err(BackendError),
    }
}
