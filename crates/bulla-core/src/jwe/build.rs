use std::sync::Arc;

use serde_json::{Map, Value};

use super::recipient::{PartyInfo, RecipientHeader};
use super::seal::Sealed;
use super::{EncryptError, Zip};
use crate::base64url;
use crate::jwa::ContentEncryptionAlg;
use crate::key::Encrypter;
use crate::payload::{Encode, Encoded, PayloadError};

/// Makes a JWE.
///
/// ```
/// # fn f(bob: &bulla_core::key::Encrypter) -> Result<(), bulla_core::jwe::EncryptError> {
/// use bulla_core::{jwa::ContentEncryptionAlg, jwe::Builder};
/// let token = Builder::new("hello", ContentEncryptionAlg::A256Gcm).cty("text/plain").encrypt_compact(bob)?;
/// // what the algorithm makes is not the caller's to set
/// let forged = Builder::new("hello", ContentEncryptionAlg::A256Gcm).header("epk", "mine");
/// assert!(forged.encrypt_compact(bob).is_err());
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
#[must_use = "nothing is encrypted until one of the `encrypt` methods is called"]
pub struct Builder<'a> {
    pub(super) plaintext: Encoded<'a>,
    pub(super) enc: ContentEncryptionAlg,
    /// In the order in which they were set.
    pub(super) protected: Vec<(String, Value)>,
    pub(super) shared: Map<String, Value>,
    pub(super) raw: Option<Vec<u8>>,
    pub(super) aad: Option<Vec<u8>>,
    pub(super) party: PartyInfo,
    pub(super) zip: Option<Arc<dyn Zip>>,
}

impl<'a> Builder<'a> {
    /// A JWE of these octets, which may be any, and none, encrypted with `enc`.
    pub fn new<P: AsRef<[u8]> + ?Sized>(plaintext: &'a P, enc: ContentEncryptionAlg) -> Self {
        Self::of(Encoded::borrowed(plaintext.as_ref()), enc)
    }

    /// A JWE of a value, written by a codec whose media type becomes the protected `cty` unless another one is set.
    /// It may be a private or secret key, which is wiped from memory when the builder is dropped.
    ///
    /// # Errors
    ///
    /// [`PayloadError`], those of the codec.
    ///
    /// ```
    /// # fn f(bob: &bulla_core::key::Encrypter, mine: &bulla_core::jwk::PrivateJwk) -> Result<(), Box<dyn std::error::Error>> {
    /// use bulla_core::{jwa::ContentEncryptionAlg, jwe::Builder, payload::JwkJson};
    /// let token = Builder::typed(&JwkJson, mine, ContentEncryptionAlg::A256Gcm)?.encrypt_compact(bob)?;
    /// # let _ = token; Ok(()) }
    /// ```
    pub fn typed<V: ?Sized, C: Encode<V>>(
        codec: &C,
        value: &'a V,
        enc: ContentEncryptionAlg,
    ) -> Result<Self, PayloadError> {
        Ok(Self::of(codec.encode(value)?, enc).cty(codec.media_type()))
    }

    fn of(plaintext: Encoded<'a>, enc: ContentEncryptionAlg) -> Self {
        Self {
            plaintext,
            enc,
            protected: Vec::new(),
            shared: Map::new(),
            raw: None,
            aad: None,
            party: PartyInfo::default(),
            zip: None,
        }
    }

    /// Sets the media type of the complete token (RFC 7516 §4.1.11).
    pub fn typ(self, typ: impl Into<String>) -> Self {
        self.header("typ", typ.into())
    }

    /// Sets the media type of the content (RFC 7516 §4.1.12).
    pub fn cty(self, cty: impl Into<String>) -> Self {
        self.header("cty", cty.into())
    }

    /// Sets the key ID instead of the key's own (RFC 7516 §4.1.6).
    pub fn kid(self, kid: impl Into<String>) -> Self {
        self.header("kid", kid.into())
    }

    /// Sets any protected parameter but those that the algorithms make; one set again is replaced.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        let (name, value) = (name.into(), value.into());
        match self.protected.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) => *known = value,
            None => self.protected.push((name, value)),
        }
        self
    }

    /// Sets a protected parameter and lists it in `crit`.
    pub fn critical(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        let name = name.into();
        match self.protected.iter_mut().find(|(known, _)| known == "crit") {
            Some((_, Value::Array(names))) => names.push(name.clone().into()),
            _ => self
                .protected
                .push(("crit".to_owned(), Value::Array(vec![name.clone().into()]))),
        }
        self.header(name, value)
    }

    /// Sets a parameter that all recipients share and that nothing protects; not for the compact serialization.
    pub fn unprotected(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.shared.insert(name.into(), value.into());
        self
    }

    /// Takes the protected header octet for octet, to reproduce a token made elsewhere: its members must be
    /// exactly those that would have been written.
    pub fn protected_octets(mut self, json: impl Into<Vec<u8>>) -> Self {
        self.raw = Some(json.into());
        self
    }

    /// Authenticates these octets as well (RFC 7516 §7.2.1); not for the compact serialization.
    pub fn aad(mut self, aad: impl Into<Vec<u8>>) -> Self {
        // None at all is how RFC 7516 §7.2.1 writes an empty one.
        self.aad = Some(aad.into()).filter(|aad| !aad.is_empty());
        self
    }

    /// Says who sends, for ECDH-ES (RFC 7518 §4.6.1.2).
    pub fn apu(mut self, apu: impl Into<Vec<u8>>) -> Self {
        self.party.apu = Some(apu.into());
        self
    }

    /// Says who receives, for ECDH-ES (RFC 7518 §4.6.1.3).
    pub fn apv(mut self, apv: impl Into<Vec<u8>>) -> Self {
        self.party.apv = Some(apv.into());
        self
    }

    /// Compresses the content.
    ///
    /// # Security
    ///
    /// The length of the token then tells something about the content: never compress secrets together with
    /// what an attacker may choose (RFC 8725 §3.6).
    pub fn zip(mut self, zip: impl Zip + 'static) -> Self {
        self.zip = Some(Arc::new(zip));
        self
    }

    /// Makes the compact serialization.
    ///
    /// # Errors
    ///
    /// [`EncryptError`]; the variants say what cannot be.
    pub fn encrypt_compact(self, encrypter: &Encrypter) -> Result<String, EncryptError> {
        if self.aad.is_some() || !self.shared.is_empty() {
            return Err(EncryptError::NotCompact);
        }
        let sealed = self.seal_for_one(encrypter)?;
        let parts = [
            sealed.encrypted_key.as_slice(),
            &sealed.iv,
            &sealed.ciphertext,
            sealed.tag.as_ref(),
        ];
        let octets: usize = parts
            .iter()
            .map(|part| base64url::encoded_len(part.len()) + 1)
            .sum();
        let mut token = sealed.segment;
        token.reserve_exact(octets);
        for part in parts {
            token.push('.');
            base64url::encode_into(part, &mut token);
        }
        Ok(token)
    }

    /// Makes the flattened JSON serialization.
    ///
    /// # Errors
    ///
    /// As for [`encrypt_compact`](Self::encrypt_compact).
    pub fn encrypt_flattened(self, encrypter: &Encrypter) -> Result<String, EncryptError> {
        let sealed = self.seal_for_one(encrypter)?;
        let mut members = self.members(&sealed);
        if !sealed.encrypted_key.is_empty() {
            members.insert(
                "encrypted_key".into(),
                base64url::encode(&sealed.encrypted_key).into(),
            );
        }
        Ok(Value::Object(members).to_string())
    }

    /// Makes the general JSON serialization. What concerns one of several recipients stands in its own header;
    /// a single one's is protected.
    ///
    /// # Errors
    ///
    /// As for [`encrypt_compact`](Self::encrypt_compact); [`EncryptError::OneRecipientOnly`] where a key for `dir`
    /// or `ECDH-ES` has company, [`EncryptError::NoRecipient`].
    pub fn encrypt_general(
        self,
        recipients: &[(&Encrypter, RecipientHeader)],
    ) -> Result<String, EncryptError> {
        let (sealed, entries) = match recipients {
            [] => return Err(EncryptError::NoRecipient),
            [(encrypter, own)] => {
                // To what is protected, its own header is one more that is not.
                let mut whole = self.clone();
                for (name, value) in &own.0 {
                    if whole.shared.insert(name.clone(), value.clone()).is_some() {
                        return Err(EncryptError::header("header", "has a parameter twice"));
                    }
                }
                let sealed = whole.seal_for_one(encrypter)?;
                let mut entry = Map::new();
                if !own.0.is_empty() {
                    entry.insert("header".into(), Value::Object(own.0.clone()));
                }
                if !sealed.encrypted_key.is_empty() {
                    entry.insert(
                        "encrypted_key".into(),
                        base64url::encode(&sealed.encrypted_key).into(),
                    );
                }
                (sealed, vec![Value::Object(entry)])
            }
            several => self.seal_for_several(several)?,
        };
        let mut members = self.members(&sealed);
        members.insert("recipients".into(), Value::Array(entries));
        Ok(Value::Object(members).to_string())
    }

    /// The members of both JSON forms.
    fn members(&self, sealed: &Sealed) -> Map<String, Value> {
        let mut members = Map::new();
        members.insert("protected".into(), sealed.segment.as_str().into());
        if !self.shared.is_empty() {
            members.insert("unprotected".into(), Value::Object(self.shared.clone()));
        }
        if let Some(aad) = &self.aad {
            members.insert("aad".into(), base64url::encode(aad).into());
        }
        members.insert("iv".into(), base64url::encode(&sealed.iv).into());
        members.insert(
            "ciphertext".into(),
            base64url::encode(&sealed.ciphertext).into(),
        );
        members.insert("tag".into(), base64url::encode(&sealed.tag).into());
        members
    }
}
