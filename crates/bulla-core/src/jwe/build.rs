use std::borrow::Cow;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::recipient::{DirectSecret, Made, PartyInfo, RecipientHeader, direct, wrap};
use super::{EncryptError, Zip, parameters};
use crate::base64url;
use crate::header::{Header, HeaderError, Kind, Place};
use crate::jwa::{AlgName, ContentEncryptionAlg};
use crate::key::{ContentTag, Encrypter};
use crate::limits::Limits;
use crate::secret::SecretBytes;

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
    plaintext: Cow<'a, [u8]>,
    enc: ContentEncryptionAlg,
    /// In the order in which they were set.
    protected: Vec<(String, Value)>,
    shared: Map<String, Value>,
    raw: Option<Vec<u8>>,
    aad: Option<Vec<u8>>,
    party: PartyInfo,
    zip: Option<Arc<dyn Zip>>,
}

impl<'a> Builder<'a> {
    /// A JWE of these octets, which may be any, and none, encrypted with `enc`.
    pub fn new<P: AsRef<[u8]> + ?Sized>(plaintext: &'a P, enc: ContentEncryptionAlg) -> Self {
        Self {
            plaintext: Cow::Borrowed(plaintext.as_ref()),
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
        self.aad = Some(aad.into());
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
            &sealed.encrypted_key,
            &sealed.iv,
            &sealed.ciphertext,
            sealed.tag.as_slice(),
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
            [(encrypter, own)] if own.0.is_empty() => {
                let sealed = self.seal_for_one(encrypter)?;
                let mut entry = Map::new();
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

    /// One recipient: everything is protected.
    fn seal_for_one(&self, encrypter: &Encrypter) -> Result<Sealed, EncryptError> {
        let bound = &encrypter.0;
        let own_kid =
            self.protected.iter().any(|(name, _)| name == "kid") || self.shared.contains_key("kid");
        let kid = encrypter.kid().filter(|_| !own_kid);
        if let Some((secret, made)) = direct(bound, self.enc, &self.party)? {
            let mut iv = vec![0; self.enc.facts().iv_len];
            bound.backend.random(&mut iv)?;
            let key = match secret {
                DirectSecret::Derived(cek) => bound.backend.content_key(&cek, self.enc)?,
                DirectSecret::Shared(key) => key
                    .content_key(self.enc, bound.backend.as_ref())?
                    .ok_or_else(|| EncryptError::ContentKey {
                        enc: self.enc.name().clone(),
                    })?,
            };
            let segment = self.segment(Some(&bound.alg), kid, &made)?;
            return self.seal(segment, key.as_ref(), iv, Vec::new());
        }
        let (cek, iv) = self.draw(encrypter)?;
        let (encrypted_key, made) = wrap(bound, &cek, self.enc, &self.party)?;
        let segment = self.segment(Some(&bound.alg), kid, &made)?;
        let key = bound.backend.content_key(&cek, self.enc)?;
        self.seal(segment, key.as_ref(), iv, encrypted_key)
    }

    fn seal_for_several(
        &self,
        recipients: &[(&Encrypter, RecipientHeader)],
    ) -> Result<(Sealed, Vec<Value>), EncryptError> {
        let Some((first, _)) = recipients.first() else {
            return Err(EncryptError::NoRecipient);
        };
        let segment = self.segment(None, None, &Vec::new())?;
        let protected = self.protected_header(None, None, &Vec::new())?;
        let (cek, iv) = self.draw(first)?;
        let mut entries = Vec::with_capacity(recipients.len());
        for (encrypter, own) in recipients {
            let bound = &encrypter.0;
            if own.0.keys().any(|name| is_made(name)) {
                return Err(EncryptError::header(
                    "header",
                    "sets a parameter that the algorithm makes",
                ));
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
        let key = first.0.backend.content_key(&cek, self.enc)?;
        Ok((self.seal(segment, key.as_ref(), iv, Vec::new())?, entries))
    }

    fn check_disjoint(
        &self,
        protected: &Header,
        own: &Map<String, Value>,
    ) -> Result<(), EncryptError> {
        let unprotected = |parameters: &Map<String, Value>| {
            Header::from_parameters(parameters.clone(), Kind::Jwe, Place::Unprotected)
        };
        unprotected(&self.shared)
            .and_then(|shared| Header::union(protected.clone(), shared))
            .and_then(|union| Header::union(union, unprotected(own)?))
            .map(drop)
            .map_err(EncryptError::Header)
    }

    /// The content encryption key and the initialization vector, in one draw of randomness.
    fn draw(&self, encrypter: &Encrypter) -> Result<(SecretBytes, Vec<u8>), EncryptError> {
        let facts = self.enc.facts();
        let mut both = zeroize::Zeroizing::new(vec![0; facts.key_len + facts.iv_len]);
        encrypter.0.backend.random(&mut both)?;
        let iv = both.split_off(facts.key_len);
        Ok((SecretBytes::from(core::mem::take(&mut *both)), iv))
    }

    fn seal(
        &self,
        segment: String,
        key: &dyn crate::key::ContentKey,
        iv: Vec<u8>,
        encrypted_key: Vec<u8>,
    ) -> Result<Sealed, EncryptError> {
        let mut ciphertext = match &self.zip {
            Some(zip) => zip.deflate(&self.plaintext).ok_or(EncryptError::Zip)?,
            None => {
                // Room for the padding, so that encrypting in place does not move the content.
                let mut content = Vec::with_capacity(self.plaintext.len() + 16);
                content.extend_from_slice(&self.plaintext);
                content
            }
        };
        let whole;
        let aad = match &self.aad {
            None => segment.as_bytes(),
            Some(aad) => {
                whole = format!("{segment}.{}", base64url::encode(aad));
                whole.as_bytes()
            }
        };
        let tag = key.encrypt(&iv, aad, &mut ciphertext)?;
        Ok(Sealed {
            segment,
            encrypted_key,
            iv,
            ciphertext,
            tag,
        })
    }

    fn segment(
        &self,
        alg: Option<&AlgName>,
        kid: Option<&str>,
        made: &Made,
    ) -> Result<String, EncryptError> {
        let header = self.protected_header(alg, kid, made)?;
        self.check_disjoint(&header, &Map::new())?;
        let written = self.write(alg, kid, made)?;
        let octets = match &self.raw {
            None => &written,
            Some(raw) => {
                let raw_header = parse(raw)?;
                if raw_header.parameters() != header.parameters() {
                    return Err(EncryptError::header(
                        "header",
                        "is not what would have been written",
                    ));
                }
                raw
            }
        };
        Ok(base64url::encode(octets))
    }

    /// The protected header as a stranger would read it: we never encrypt under what we would refuse.
    fn protected_header(
        &self,
        alg: Option<&AlgName>,
        kid: Option<&str>,
        made: &Made,
    ) -> Result<Header, EncryptError> {
        let made_by_hand =
            |name: &str| is_made(name) || made.iter().any(|(known, _)| *known == name);
        if self.protected.iter().any(|(name, _)| made_by_hand(name))
            || self.shared.keys().any(|name| made_by_hand(name))
        {
            return Err(EncryptError::header(
                "header",
                "sets a parameter that the algorithm makes",
            ));
        }
        let wrong_alg = |value: &Value| alg.is_none_or(|alg| *value != *alg.as_str());
        let by_hand = self
            .protected
            .iter()
            .find(|(name, _)| name == "alg")
            .map(|(_, value)| value);
        if let Some(value) = by_hand
            .filter(|value| wrong_alg(value))
            .or_else(|| self.shared.get("alg"))
        {
            return Err(EncryptError::Algorithm {
                alg: AlgName::new(value.as_str().unwrap_or_default()),
            });
        }
        parse(&self.write(alg, kid, made)?)
    }

    /// The order of RFC 7520: `alg`, `kid`, what the algorithm made, what the caller set, `enc`, `zip`.
    fn write(
        &self,
        alg: Option<&AlgName>,
        kid: Option<&str>,
        made: &Made,
    ) -> Result<Vec<u8>, EncryptError> {
        let mut json = vec![b'{'];
        if let Some(alg) = alg {
            append(&mut json, "alg", alg.as_str())?;
        }
        if let Some(kid) = kid {
            append(&mut json, "kid", kid)?;
        }
        // A `kid` that the caller set stands where the key's own would.
        for (name, value) in self.protected.iter().filter(|(name, _)| name == "kid") {
            append(&mut json, name, value)?;
        }
        for (name, value) in made {
            append(&mut json, name, value)?;
        }
        for (name, value) in self
            .protected
            .iter()
            .filter(|(name, _)| name != "alg" && name != "kid")
        {
            append(&mut json, name, value)?;
        }
        append(&mut json, "enc", self.enc.name().as_str())?;
        if let Some(zip) = &self.zip {
            append(&mut json, "zip", zip.name())?;
        }
        json.push(b'}');
        Ok(json)
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

/// Everything but the recipients.
struct Sealed {
    segment: String,
    encrypted_key: Vec<u8>,
    iv: Vec<u8>,
    ciphertext: Vec<u8>,
    tag: ContentTag,
}

fn is_made(name: &str) -> bool {
    parameters::MADE.contains(&name) || name == "apu" || name == "apv"
}

fn parse(json: &[u8]) -> Result<Header, EncryptError> {
    Header::parse(json, Kind::Jwe, &Limits::DEFAULT).map_err(|error| match error {
        HeaderError::Malformed(malformed) => EncryptError::Header(malformed),
        _ => EncryptError::header("header", "exceeds the limits"),
    })
}

fn append<T: serde::Serialize + ?Sized>(
    json: &mut Vec<u8>,
    name: &str,
    value: &T,
) -> Result<(), EncryptError> {
    let failed = |_| EncryptError::header("header", "cannot be written as JSON");
    if json.len() > 1 {
        json.push(b',');
    }
    serde_json::to_writer(&mut *json, name).map_err(failed)?;
    json.push(b':');
    serde_json::to_writer(json, value).map_err(failed)
}
