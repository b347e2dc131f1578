use std::borrow::Cow;

use serde_json::{Map, Value};

use super::{BuildError, Headers, Pending, Serialization};
use crate::key::{AsyncSigner, Signer};
use crate::payload::{Encode, PayloadError};

/// Makes a JWS of several signatures over one payload (RFC 7515 §7.2.1), each with headers of its own.
///
/// ```
/// # fn f(one: &bulla_core::key::Signer, other: &bulla_core::key::Signer) -> Result<(), bulla_core::jws::BuildError> {
/// use bulla_core::jws::{General, Headers};
/// let json = General::new("hello")
///     .sign(&Headers::new().typ("JOSE"), one)?
///     .sign(&Headers::new().unprotected("note", "second"), other)?
///     .finish()?;
/// assert!(General::new("hello").finish().is_err()); // a JWS has at least one signature
/// # Ok(()) }
/// ```
#[derive(Debug)]
#[must_use = "nothing is made until `finish` is called"]
pub struct General<'a> {
    payload: Cow<'a, [u8]>,
    /// Stands as `cty` in each protected header where no other one does.
    content_type: Option<String>,
    detached: bool,
    encoded: Option<bool>,
    member: Option<String>,
    signatures: Vec<Value>,
}

impl<'a> General<'a> {
    /// A JWS of these octets, which may be any, and none.
    pub fn new<P: AsRef<[u8]> + ?Sized>(payload: &'a P) -> Self {
        Self::of(Cow::Borrowed(payload.as_ref()), None)
    }

    /// A JWS of a value, as [`Builder::typed`](super::Builder::typed) has it.
    ///
    /// # Errors
    ///
    /// As for [`Builder::typed`](super::Builder::typed).
    pub fn typed<V: ?Sized, C: Encode<V>>(codec: &C, value: &'a V) -> Result<Self, PayloadError> {
        let payload = codec.encode(value)?.into_signed()?;
        Ok(Self::of(payload, Some(codec.media_type().to_owned())))
    }

    const fn of(payload: Cow<'a, [u8]>, content_type: Option<String>) -> Self {
        Self {
            payload,
            content_type,
            detached: false,
            encoded: None,
            member: None,
            signatures: Vec::new(),
        }
    }

    /// Leaves the payload out of the token (RFC 7515 appendix F). Call it before signing.
    pub const fn detached(mut self) -> Self {
        self.detached = true;
        self
    }

    /// Adds a signature.
    ///
    /// # Errors
    ///
    /// [`BuildError::PayloadEncodingMixed`] where `b64` is not what the earlier signatures have, and as for
    /// [`Builder::sign_compact`](super::Builder::sign_compact).
    pub fn sign(self, headers: &Headers, signer: &Signer) -> Result<Self, BuildError> {
        let (general, pending) = self.prepare(headers, signer.alg(), signer.kid())?;
        let signature = signer.sign(&pending.input())?;
        Ok(general.add(&pending, signature.as_ref()))
    }

    /// Adds a signature by a key that may be far away.
    ///
    /// # Errors
    ///
    /// As for [`sign`](Self::sign).
    pub async fn sign_async(
        self,
        headers: &Headers,
        signer: &AsyncSigner,
    ) -> Result<Self, BuildError> {
        let (general, pending) = self.prepare(headers, signer.alg(), signer.kid())?;
        let signature = signer.sign(&pending.input()).await?;
        Ok(general.add(&pending, signature.as_ref()))
    }

    /// The JSON.
    ///
    /// # Errors
    ///
    /// [`BuildError::NoSigner`] where nothing was signed.
    pub fn finish(self) -> Result<String, BuildError> {
        if self.signatures.is_empty() {
            return Err(BuildError::NoSigner);
        }
        let mut members = Map::new();
        if let Some(payload) = self.member {
            members.insert("payload".into(), payload.into());
        }
        members.insert("signatures".into(), Value::Array(self.signatures));
        Ok(Value::Object(members).to_string())
    }

    fn prepare(
        mut self,
        headers: &Headers,
        alg: &crate::jwa::AlgName,
        kid: Option<&str>,
    ) -> Result<(Self, Pending), BuildError> {
        let ready = match &self.content_type {
            Some(cty) => headers.clone().cty_unless_set(cty).ready(alg, kid)?,
            None => headers.ready(alg, kid)?,
        };
        if *self.encoded.get_or_insert(ready.encoded) != ready.encoded {
            return Err(BuildError::PayloadEncodingMixed);
        }
        let pending = Pending::new(ready, &self.payload, self.detached, Serialization::General)?;
        Ok((self, pending))
    }

    fn add(mut self, pending: &Pending, signature: &[u8]) -> Self {
        self.member = pending.payload_member();
        self.signatures
            .push(Value::Object(pending.signature_members(signature)));
        self
    }
}
