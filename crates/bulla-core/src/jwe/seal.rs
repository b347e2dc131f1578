//! Encrypting what was built: for one recipient, whose parameters are all protected, and for several.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::protected::is_made;
use super::recipient::{ContentSecret, RecipientHeader, direct, wrap};
use super::{Builder, EncryptError};
use crate::base64url;
use crate::header::{self, Header, Kind, MalformedToken, Place};
use crate::jwa::AlgName;
use crate::key::{BackendError, ContentTag, Encrypter, EncrypterKind};
use crate::limits::Limits;
use crate::secret::SecretBytes;

/// An initialization vector.
pub(super) type Vector = smallvec::SmallVec<[u8; 16]>;

/// Everything but the recipients.
pub(super) struct Sealed {
    pub(super) segment: String,
    pub(super) encrypted_key: Vec<u8>,
    pub(super) iv: Vector,
    pub(super) ciphertext: Vec<u8>,
    pub(super) tag: ContentTag,
}

impl Builder<'_> {
    /// One recipient: everything is protected.
    pub(super) fn seal_for_one(&self, encrypter: &Encrypter) -> Result<Sealed, EncryptError> {
        let bound = &encrypter.0;
        let own_kid =
            self.protected.iter().any(|(name, _)| name == "kid") || self.shared.contains_key("kid");
        let kid = encrypter.kid().filter(|_| !own_kid);
        if let Some((secret, made)) = direct(bound, self.enc, &self.party)? {
            let mut iv = Vector::from_elem(0, self.enc.facts().iv_len);
            bound.backend.random(&mut iv)?;
            let segment = self.segment_to(encrypter, kid, &made, 0)?;
            return self.seal(encrypter, secret, segment, iv, Vec::new());
        }
        let (cek, iv) = self.draw(encrypter)?;
        let (encrypted_key, made) = wrap(bound, &cek, self.enc, &self.party)?;
        let segment = self.segment_to(encrypter, kid, &made, encrypted_key.len())?;
        let secret = ContentSecret::Derived(cek);
        self.seal(encrypter, secret, segment, iv, encrypted_key)
    }

    pub(super) fn seal_for_several(
        &self,
        recipients: &[(&Encrypter, RecipientHeader)],
    ) -> Result<(Sealed, Vec<Value>), EncryptError> {
        let Some((first, _)) = recipients.first() else {
            return Err(EncryptError::NoRecipient);
        };
        let segment = self.segment(None, None, &Vec::new(), 0)?;
        let protected = self.protected_header(None, None, &Vec::new())?;
        // A key far away has wrapped the content encryption key that all are to have.
        let is_ready =
            |encrypter: &Encrypter| matches!(encrypter.0.kind, EncrypterKind::Ready { .. });
        let far = recipients.iter().map(|(encrypter, _)| *encrypter);
        let (cek, iv) = self.draw(
            far.clone()
                .find(|encrypter| is_ready(encrypter))
                .unwrap_or(first),
        )?;
        let mut entries = Vec::with_capacity(recipients.len());
        for (encrypter, own) in recipients {
            let bound = &encrypter.0;
            if own.0.keys().any(|name| is_made(name)) {
                return Err(EncryptError::header(
                    "header",
                    "sets a parameter that the algorithm makes",
                ));
            }
            if let Some(alg) = own.0.get("alg").filter(|alg| **alg != *bound.alg.as_str()) {
                return Err(EncryptError::Algorithm {
                    alg: AlgName::new(alg.as_str().unwrap_or_default()),
                });
            }
            let (encrypted_key, made) = wrap(bound, &cek, self.enc, &self.party)?;
            let mut header = own.0.clone();
            header.insert("alg".into(), bound.alg.as_str().into());
            if let Some(kid) = encrypter.kid().filter(|_| !header.contains_key("kid")) {
                header.insert("kid".into(), kid.into());
            }
            header.extend(
                made.into_iter()
                    .map(|(name, value)| (name.to_owned(), value)),
            );
            self.check_disjoint(&protected, &header)?;
            let mut entry = Map::new();
            entry.insert("header".into(), Value::Object(header));
            entry.insert(
                "encrypted_key".into(),
                base64url::encode(&encrypted_key).into(),
            );
            entries.push(Value::Object(entry));
        }
        let secret = ContentSecret::Derived(cek);
        let sealed = self.seal(first, secret, segment, iv, Vec::new())?;
        Ok((sealed, entries))
    }

    pub(super) fn check_disjoint(
        &self,
        protected: &Header,
        own: &Map<String, Value>,
    ) -> Result<(), EncryptError> {
        let unprotected = |parameters: &Map<String, Value>| {
            if header::written_len(parameters) > Limits::DEFAULT.header {
                return Err(MalformedToken {
                    what: "unprotected header",
                    why: "exceeds the limits",
                });
            }
            Header::from_parameters(parameters.clone(), Kind::Jwe, Place::Unprotected)
        };
        unprotected(&self.shared)
            .and_then(|shared| Header::union(protected.clone(), shared))
            .and_then(|union| Header::union(union, unprotected(own)?))
            .map(drop)
            .map_err(EncryptError::Header)
    }

    /// The content encryption key and the initialization vector, in one draw of randomness.
    fn draw(&self, encrypter: &Encrypter) -> Result<(SecretBytes, Vector), EncryptError> {
        let facts = self.enc.facts();
        if let EncrypterKind::Ready { cek, .. } = &encrypter.0.kind {
            let mut iv = Vector::from_elem(0, facts.iv_len);
            encrypter.0.backend.random(&mut iv)?;
            return Ok((cek.clone(), iv));
        }
        let mut both = zeroize::Zeroizing::new(vec![0; facts.key_len + facts.iv_len]);
        encrypter.0.backend.random(&mut both)?;
        let iv = both.drain(facts.key_len..).collect();
        Ok((SecretBytes::from(core::mem::take(&mut *both)), iv))
    }

    fn seal(
        &self,
        encrypter: &Encrypter,
        secret: ContentSecret<'_>,
        segment: String,
        iv: Vector,
        encrypted_key: Vec<u8>,
    ) -> Result<Sealed, EncryptError> {
        let mut ciphertext = self.content()?;
        let aad = self.authenticated(&segment);
        let tag = match secret {
            ContentSecret::Derived(cek) => {
                self.encrypt_once(encrypter, &cek, &iv, &aad, &mut ciphertext)?
            }
            ContentSecret::Shared(key) => key
                .content_key(self.enc, encrypter.0.backend.as_ref())?
                .ok_or_else(|| EncryptError::ContentKey {
                    enc: self.enc.name().clone(),
                })?
                .encrypt(&iv, &aad, &mut ciphertext)?,
        };
        drop(aad);
        Ok(Sealed {
            segment,
            encrypted_key,
            iv,
            ciphertext,
            tag,
        })
    }

    /// Encrypts under a key that was made for this token.
    fn encrypt_once(
        &self,
        encrypter: &Encrypter,
        cek: &SecretBytes,
        iv: &[u8],
        aad: &[u8],
        content: &mut Vec<u8>,
    ) -> Result<ContentTag, EncryptError> {
        let mut tag = None;
        let backend = encrypter.0.backend.as_ref();
        backend.with_content_key(cek, self.enc, &mut |key| {
            tag = Some(key.encrypt(iv, aad, content)?);
            Ok(())
        })?;
        tag.ok_or(EncryptError::from(BackendError))
    }

    /// What is to be encrypted where it stands: the content, compressed if it is to be.
    fn content(&self) -> Result<Vec<u8>, EncryptError> {
        match &self.zip {
            Some(zip) => zip.deflate(&self.plaintext).ok_or(EncryptError::Zip),
            None => {
                // Room for the padding, so that encrypting in place does not move the content.
                let mut content = Vec::with_capacity(self.plaintext.len() + 16);
                content.extend_from_slice(&self.plaintext);
                Ok(content)
            }
        }
    }

    /// What the tag covers besides.
    fn authenticated<'s>(&self, segment: &'s str) -> Cow<'s, [u8]> {
        match &self.aad {
            None => Cow::Borrowed(segment.as_bytes()),
            Some(aad) => format!("{segment}.{}", base64url::encode(aad))
                .into_bytes()
                .into(),
        }
    }
}
