//! Decrypting what was read. Everything but the key operation is the same for local and remote keys.

use std::borrow::Cow;
use std::sync::Arc;

use smallvec::SmallVec;

use super::budget::Budget;
use super::conceal::{conceal, conceals};
use super::parsed::{Decrypted, Encrypted, Jwe, Recipient};
use super::{DecryptError, concat_kdf};
use crate::base64url;
use crate::header::Header;
use crate::jwa::{AlgName, ContentEncryptionAlg, KeyManagementAlg, KeyManagementScheme};
use crate::jwk::PublicKey;
use crate::key::{
    AsyncDecrypter, BoundDecrypter, ContentKey, DecrypterKind, DecryptionKeys, KeyInfo,
    UnwrapError, WrappedKey,
};
use crate::secret::SecretBytes;

impl<'t> Jwe<'t, Encrypted> {
    /// Decrypts the content with the first key and recipient that fit.
    ///
    /// # Errors
    ///
    /// [`DecryptError::DecryptionFailed`] whatever is wrong with the key, the encrypted key, the tag or the
    /// padding; [`DecryptError::AlgorithmNotAllowed`], [`DecryptError::KeyNotFound`]; [`DecryptError::Several`]
    /// of them; [`DecryptError::Malformed`] for parts that are missing, superfluous or not base64url.
    pub fn decrypt<K: DecryptionKeys + ?Sized>(
        self,
        keys: &K,
    ) -> Result<Jwe<'t, Decrypted>, DecryptError> {
        let mut content = self.content()?;
        let mut budget = Budget::new(self.state.policy.bounds());
        let mut failures = Vec::new();
        for (index, recipient) in self.recipients.iter().enumerate() {
            let mut errors = Vec::new();
            let opened =
                self.try_recipient(recipient, keys, &mut content, &mut budget, &mut errors);
            failures.extend(errors.into_iter().map(|error| (index, error)));
            if let Some((plaintext, key)) = opened {
                return Ok(self.into_decrypted(Decrypted {
                    plaintext,
                    recipient: index,
                    key,
                    failures,
                }));
            }
        }
        Err(DecryptError::several(without_index(failures)))
    }

    /// Decrypts the content with a key that may be far away.
    ///
    /// # Errors
    ///
    /// As for [`decrypt`](Self::decrypt), and [`DecryptError::Remote`] where the key does not answer.
    pub async fn decrypt_async(
        self,
        key: &AsyncDecrypter,
    ) -> Result<Jwe<'t, Decrypted>, DecryptError> {
        let mut content = self.content()?;
        let mut budget = Budget::new(self.state.policy.bounds());
        let mut failures = Vec::new();
        for (index, recipient) in self.recipients.iter().enumerate() {
            match self
                .try_recipient_async(recipient, key, &mut content, &mut budget)
                .await
            {
                Ok(plaintext) => {
                    let key = Arc::clone(&key.0.info);
                    return Ok(self.into_decrypted(Decrypted {
                        plaintext,
                        recipient: index,
                        key,
                        failures,
                    }));
                }
                Err(error) => failures.push((index, error)),
            }
        }
        Err(DecryptError::several(without_index(failures)))
    }

    fn try_recipient<K: DecryptionKeys + ?Sized>(
        &self,
        recipient: &Recipient<'_>,
        keys: &K,
        content: &mut Content,
        budget: &mut Budget,
        errors: &mut Vec<DecryptError>,
    ) -> Option<(Vec<u8>, Arc<KeyInfo>)> {
        let header = &recipient.header;
        let begin = || {
            let (enc, hint) = (self.enc(header)?, header.key_hint()?);
            Ok((enc, hint, keys.select(&hint)?))
        };
        let (enc, hint, candidates) = begin().map_err(|error| errors.push(error)).ok()?;
        for candidate in candidates
            .0
            .iter()
            .take(self.state.policy.bounds().keys_tried)
        {
            let key = &candidate.0;
            // Whoever implemented `DecryptionKeys` may have looked at less than the hint.
            if key.info.alg() != hint.alg {
                let alg = hint.alg.clone();
                errors.push(DecryptError::AlgorithmNotAllowed { alg });
                continue;
            }
            let outcome = self.begin(key, recipient, enc, budget).and_then(|step| {
                let secret = match step {
                    Step::Ready(ready) => return self.finish(ready.as_ref(), content, header),
                    Step::Agree(agree, epk) => agree.agree(epk).map(Secret::Agreed),
                    Step::Unwrap(unwrap, wrapped) => {
                        Ok(Secret::Unwrapped(unwrap.unwrap_key(&wrapped)))
                    }
                };
                self.open(key, recipient, enc, secret, content)
            });
            match outcome {
                Ok(plaintext) => return Some((plaintext, Arc::clone(&key.info))),
                Err(error) => errors.push(error),
            }
        }
        None
    }

    async fn try_recipient_async(
        &self,
        recipient: &Recipient<'_>,
        key: &AsyncDecrypter,
        content: &mut Content,
        budget: &mut Budget,
    ) -> Result<Vec<u8>, DecryptError> {
        let header = &recipient.header;
        let enc = self.enc(header)?;
        let alg = header.key_hint()?.alg;
        if alg != key.alg() {
            return Err(DecryptError::AlgorithmNotAllowed { alg: alg.clone() });
        }
        let key = &key.0;
        let secret = match self.begin(key, recipient, enc, budget)? {
            Step::Ready(ready) => return self.finish(ready.as_ref(), content, header),
            Step::Agree(agree, epk) => agree.agree_async(epk).await.map(Secret::Agreed),
            Step::Unwrap(unwrap, wrapped) => {
                Ok(Secret::Unwrapped(unwrap.unwrap_key_async(&wrapped).await))
            }
        };
        self.open(key, recipient, enc, secret, content)
    }

    fn enc(&self, header: &Header) -> Result<ContentEncryptionAlg, DecryptError> {
        let name = header
            .enc()
            .ok_or(DecryptError::malformed("enc", "is missing"))?;
        self.state.policy.admit_enc(name)
    }

    /// Everything up to the key operation.
    fn begin<'k, U: ?Sized, A: ?Sized>(
        &self,
        key: &'k BoundDecrypter<U, A>,
        recipient: &'k Recipient<'_>,
        enc: ContentEncryptionAlg,
        budget: &mut Budget,
    ) -> Result<Step<'k, U, A>, DecryptError> {
        budget.attempt()?;
        let encrypted_key = decode("encrypted key", &recipient.encrypted_key)?;
        let direct = match &key.kind {
            DecrypterKind::Direct(_) => true,
            DecrypterKind::Agreed { wrap_len, .. } => wrap_len.is_none(),
            DecrypterKind::Wrapped(_) => false,
        };
        if direct && self.recipients.len() > 1 {
            return Err(DecryptError::malformed("alg", "admits one recipient only"));
        }
        if direct != encrypted_key.is_empty() {
            let why = if direct {
                "stands where the algorithm has none"
            } else {
                "is missing"
            };
            return Err(DecryptError::malformed("encrypted key", why));
        }
        match &key.kind {
            DecrypterKind::Direct(direct) => {
                let ready = direct.content_key(enc, key.backend.as_ref())?;
                let not_for = || DecryptError::ContentEncryptionNotAllowed {
                    enc: enc.name().clone(),
                };
                Ok(Step::Ready(ready.ok_or_else(not_for)?))
            }
            DecrypterKind::Agreed { agree, .. } => {
                let epk = recipient.parameters().epk.as_ref();
                let epk = epk.ok_or(DecryptError::malformed("epk", "is missing"))?;
                check_len(key.info.alg(), enc, &encrypted_key)?;
                Ok(Step::Agree(agree, epk))
            }
            DecrypterKind::Wrapped(unwrap) => {
                let wrapped = wrapped(key.info.alg(), recipient, encrypted_key, budget)?;
                check_len(key.info.alg(), enc, &wrapped.encrypted_key)?;
                Ok(Step::Unwrap(unwrap, wrapped))
            }
        }
    }

    /// Everything from the key operation on.
    fn open<U: ?Sized, A: ?Sized>(
        &self,
        key: &BoundDecrypter<U, A>,
        recipient: &Recipient<'_>,
        enc: ContentEncryptionAlg,
        secret: Result<Secret, UnwrapError>,
        content: &mut Content,
    ) -> Result<Vec<u8>, DecryptError> {
        let backend = key.backend.as_ref();
        let cek = match secret? {
            Secret::Agreed(z) => {
                let wrap_len = match &key.kind {
                    DecrypterKind::Agreed { wrap_len, .. } => *wrap_len,
                    _ => None,
                };
                let parameters = recipient.parameters();
                let (algorithm, key_len) = concat_kdf::purpose(key.info.alg(), wrap_len, enc);
                let derived = concat_kdf::derive(
                    backend,
                    &z,
                    algorithm,
                    key_len,
                    &parameters.apu,
                    &parameters.apv,
                )?;
                if wrap_len.is_none() {
                    derived
                } else {
                    let encrypted_key = base64url::decode(recipient.encrypted_key.as_ref())
                        .map_err(|_| DecryptError::DecryptionFailed)?;
                    backend.aes_key_wrap(&derived)?.unwrap_key(&encrypted_key)?
                }
            }
            Secret::Unwrapped(outcome) if conceals(key.info.alg()) => {
                conceal(backend, enc, outcome)?
            }
            Secret::Unwrapped(outcome) => outcome?,
        };
        // A key of nothing but zeros is what others were left with when unwrapping had failed unnoticed.
        let nothing = cek.expose().iter().fold(0, |any, octet| any | octet) == 0;
        if nothing || cek.len() != enc.facts().key_len {
            return Err(DecryptError::DecryptionFailed);
        }
        let (mut plaintext, aad) = self.decoded(content)?;
        backend.with_content_key(&cek, enc, &mut |key| {
            key.decrypt(&content.iv, &aad, &mut plaintext, &content.tag)
        })?;
        self.inflated(plaintext, &recipient.header)
    }

    /// Decrypts the content under a key that was ready.
    fn finish(
        &self,
        key: &dyn ContentKey,
        content: &mut Content,
        header: &Header,
    ) -> Result<Vec<u8>, DecryptError> {
        let (mut plaintext, aad) = self.decoded(content)?;
        key.decrypt(&content.iv, &aad, &mut plaintext, &content.tag)?;
        self.inflated(plaintext, header)
    }

    /// The ciphertext, to be decrypted where it stands, and what the tag covers besides.
    fn decoded(&self, content: &mut Content) -> Result<(Vec<u8>, Cow<'_, [u8]>), DecryptError> {
        // An attempt that failed may have decrypted in place: the next one decodes again.
        let ciphertext = match content.ciphertext.take() {
            Some(fresh) => fresh,
            None => decode("ciphertext", &self.ciphertext)?,
        };
        let aad = match &self.aad {
            None => Cow::Borrowed(self.segment.as_bytes()),
            Some(aad) => Cow::Owned([self.segment.as_bytes(), b".", aad.as_bytes()].concat()),
        };
        Ok((ciphertext, aad))
    }

    fn inflated(&self, plaintext: Vec<u8>, header: &Header) -> Result<Vec<u8>, DecryptError> {
        let Some(name) = header.zip() else {
            return Ok(plaintext);
        };
        let policy = &self.state.policy;
        policy
            .find_zip(name)?
            .inflate(&plaintext, policy.bounds().inflated)
    }

    /// The parts that every attempt shares, decoded once and before any key is used, so that what is malformed says
    /// nothing about an encrypted key. The codec is looked for here as well.
    fn content(&self) -> Result<Content, DecryptError> {
        if let Some(name) = self.protected.zip() {
            self.state.policy.find_zip(name)?;
        }
        if let Some(aad) = &self.aad {
            short("aad", aad)?;
        }
        Ok(Content {
            iv: short("iv", &self.iv)?,
            tag: short("tag", &self.tag)?,
            ciphertext: Some(decode("ciphertext", &self.ciphertext)?),
        })
    }

    fn into_decrypted(self, state: Decrypted) -> Jwe<'t, Decrypted> {
        Jwe {
            serialization: self.serialization,
            segment: self.segment,
            protected: self.protected,
            recipients: self.recipients,
            iv: self.iv,
            ciphertext: self.ciphertext,
            tag: self.tag,
            aad: self.aad,
            state,
        }
    }
}

fn without_index(failures: Vec<(usize, DecryptError)>) -> Vec<DecryptError> {
    failures.into_iter().map(|(_, error)| error).collect()
}

struct Content {
    iv: Short,
    tag: Short,
    /// Until an attempt takes it.
    ciphertext: Option<Vec<u8>>,
}

fn decode(what: &'static str, text: &str) -> Result<Vec<u8>, DecryptError> {
    base64url::decode(text)
        .map_err(|_| DecryptError::malformed(what, "is not base64url without padding"))
}

/// Octets that stay on the stack where they are as short as they should be.
type Short = SmallVec<[u8; 40]>;

fn short(what: &'static str, text: &str) -> Result<Short, DecryptError> {
    let mut octets = Short::from_elem(0, text.len() / 4 * 3 + 2);
    let length = base64url::decode_to_slice(text, &mut octets)
        .map_err(|_| DecryptError::malformed(what, "is not base64url without padding"))?;
    octets.truncate(length);
    Ok(octets)
}

/// The one key operation that is left to do, or none.
enum Step<'k, U: ?Sized, A: ?Sized> {
    Ready(Arc<dyn ContentKey>),
    Agree(&'k Arc<A>, &'k PublicKey),
    Unwrap(&'k Arc<U>, WrappedKey),
}

enum Secret {
    Agreed(SecretBytes),
    Unwrapped(Result<SecretBytes, UnwrapError>),
}

/// The encrypted key with the parameters that its algorithm requires.
fn wrapped(
    alg: &AlgName,
    recipient: &Recipient<'_>,
    encrypted_key: Vec<u8>,
    budget: &mut Budget,
) -> Result<WrappedKey, DecryptError> {
    let missing = |what| DecryptError::malformed(what, "is missing");
    let parameters = recipient.parameters();
    let mut wrapped = WrappedKey {
        encrypted_key,
        iv: parameters.iv,
        tag: parameters.tag,
        p2s: parameters.p2s.clone(),
        p2c: None,
    };
    match KeyManagementAlg::from_name(alg.as_str()).map(|alg| alg.facts().scheme) {
        Some(KeyManagementScheme::AesGcmKw { .. }) => {
            wrapped.iv.ok_or_else(|| missing("iv"))?;
            wrapped.tag.ok_or_else(|| missing("tag"))?;
        }
        Some(KeyManagementScheme::Pbes2 { .. }) => {
            wrapped.p2s.as_ref().ok_or_else(|| missing("p2s"))?;
            wrapped.p2c = Some(budget.spend(parameters.p2c.ok_or_else(|| missing("p2c"))?)?);
        }
        _ => {}
    }
    Ok(wrapped)
}

/// Refuses an encrypted key of a length that no key for `enc` wraps to, before anything is computed with it. RSA
/// and custom algorithms are their own judges.
fn check_len(
    alg: &AlgName,
    enc: ContentEncryptionAlg,
    encrypted_key: &[u8],
) -> Result<(), DecryptError> {
    let key_len = enc.facts().key_len;
    let expected = match KeyManagementAlg::from_name(alg.as_str()).map(|alg| alg.facts().scheme) {
        Some(
            KeyManagementScheme::AesKw { .. }
            | KeyManagementScheme::Pbes2 { .. }
            | KeyManagementScheme::EcdhEs { wrap_len: Some(_) },
        ) => key_len + 8,
        Some(KeyManagementScheme::AesGcmKw { .. }) => key_len,
        _ => return Ok(()),
    };
    if encrypted_key.len() == expected {
        Ok(())
    } else {
        Err(DecryptError::DecryptionFailed)
    }
}
