use std::borrow::Cow;
use std::io::Read;

use serde_json::Value;

use super::pending::sign_segments;
use super::{BuildError, Headers, Pending, ReadyHeaders, Serialization};
use crate::base64url;
use crate::jwa::AlgName;
use crate::key::{AsyncSigner, Signer, SigningInput};
use crate::limits::Limits;
use crate::payload::{Encode, PayloadError};

/// Makes a JWS of one signature; [`General`](super::General) makes one of several.
///
/// ```
/// # fn f(signer: &bulla_core::key::Signer) -> Result<(), bulla_core::jws::BuildError> {
/// use bulla_core::jws::Builder;
/// let token = Builder::new("hello").typ("JOSE").cty("text/plain").sign_compact(signer)?;
/// // `alg` is the key's; a header that names another is refused
/// assert!(Builder::new("hello").header("alg", "none").sign_compact(signer).is_err());
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
#[must_use = "nothing is signed until one of the `sign` methods is called"]
pub struct Builder<'a> {
    payload: Cow<'a, [u8]>,
    headers: Headers,
    /// Stands as `cty` in the protected header where no other one does.
    content_type: Option<String>,
    detached: bool,
}

impl<'a> Builder<'a> {
    /// A JWS of these octets, which may be any, and none.
    pub fn new<P: AsRef<[u8]> + ?Sized>(payload: &'a P) -> Self {
        Self {
            payload: Cow::Borrowed(payload.as_ref()),
            headers: Headers::new(),
            content_type: None,
            detached: false,
        }
    }

    /// A JWS of a value, written by a codec whose media type becomes the protected `cty` unless another one is set.
    ///
    /// # Errors
    ///
    /// [`PayloadError::Secret`] for a private or secret key, which a signature does not hide; and those of the codec.
    ///
    /// ```
    /// # fn f(signer: &bulla_core::key::Signer) -> Result<(), Box<dyn std::error::Error>> {
    /// use bulla_core::{jws::Builder, payload::Text};
    /// let token = Builder::typed(&Text, "hello")?.sign_compact(signer)?;
    /// # let _ = token; Ok(()) }
    /// ```
    pub fn typed<V: ?Sized, C: Encode<V>>(codec: &C, value: &'a V) -> Result<Self, PayloadError> {
        Ok(Self {
            payload: codec.encode(value)?.into_signed()?,
            headers: Headers::new(),
            content_type: Some(codec.media_type().to_owned()),
            detached: false,
        })
    }

    /// Uses these headers.
    pub fn headers(mut self, headers: Headers) -> Self {
        self.headers = headers;
        self
    }

    /// Sets the media type of the complete token (RFC 7515 §4.1.9).
    pub fn typ(self, typ: impl Into<String>) -> Self {
        self.map(|headers| headers.typ(typ))
    }

    /// Sets the media type of the payload (RFC 7515 §4.1.10).
    pub fn cty(self, cty: impl Into<String>) -> Self {
        self.map(|headers| headers.cty(cty))
    }

    /// Sets the key ID instead of the key's own (RFC 7515 §4.1.4).
    pub fn kid(self, kid: impl Into<String>) -> Self {
        self.map(|headers| headers.kid(kid))
    }

    /// Sets any protected parameter.
    pub fn header(self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.map(|headers| headers.protected(name, value))
    }

    /// Sets a protected parameter and lists it in `crit`.
    pub fn critical(self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.map(|headers| headers.critical(name, value))
    }

    /// Sets a parameter that the signature does not cover; not for the compact serialization.
    pub fn unprotected(self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.map(|headers| headers.unprotected(name, value))
    }

    /// Leaves the payload as it is in the signing input (RFC 7797).
    pub fn unencoded(self) -> Self {
        self.map(Headers::unencoded)
    }

    /// Leaves the payload out of the token (RFC 7515 appendix F).
    pub const fn detached(mut self) -> Self {
        self.detached = true;
        self
    }

    /// Makes the compact serialization.
    ///
    /// # Errors
    ///
    /// [`BuildError`]; the variants say what cannot be.
    pub fn sign_compact(self, signer: &Signer) -> Result<String, BuildError> {
        self.sign(Serialization::Compact, signer)
    }

    /// Makes the flattened JSON serialization.
    ///
    /// # Errors
    ///
    /// As for [`sign_compact`](Self::sign_compact).
    pub fn sign_flattened(self, signer: &Signer) -> Result<String, BuildError> {
        self.sign(Serialization::Flattened, signer)
    }

    /// Makes the compact serialization with a key that may be far away.
    ///
    /// # Errors
    ///
    /// As for [`sign_compact`](Self::sign_compact).
    pub async fn sign_compact_async(self, signer: &AsyncSigner) -> Result<String, BuildError> {
        self.sign_async(Serialization::Compact, signer).await
    }

    /// Makes the flattened JSON serialization with a key that may be far away.
    ///
    /// # Errors
    ///
    /// As for [`sign_compact`](Self::sign_compact).
    pub async fn sign_flattened_async(self, signer: &AsyncSigner) -> Result<String, BuildError> {
        self.sign_async(Serialization::Flattened, signer).await
    }

    /// Everything but the key operation.
    ///
    /// # Errors
    ///
    /// As for [`sign_compact`](Self::sign_compact).
    pub fn prepare(
        self,
        serialization: Serialization,
        alg: &AlgName,
        kid: Option<&str>,
    ) -> Result<Pending, BuildError> {
        let ready = self.ready(alg, kid)?;
        Pending::new(ready, &self.payload, self.detached, serialization)
    }

    /// Makes a detached compact token over a payload that is read once, in constant memory, instead of the
    /// builder's own. HS, RS, PS and ES hash what they read; EdDSA and ML-DSA need the whole and read up to
    /// [`Limits::unstreamed`].
    ///
    /// # Errors
    ///
    /// As for [`sign_compact`](Self::sign_compact); [`SignError::Input`](crate::key::SignError::Input) where reading
    /// fails or the payload is too long for an algorithm that needs it whole.
    pub fn sign_compact_stream(
        self,
        payload: &mut (dyn Read + Send),
        signer: &Signer,
    ) -> Result<String, BuildError> {
        let ready = self.ready(signer.alg(), signer.kid())?;
        if !ready.unprotected.is_empty() {
            return Err(BuildError::HeaderUnprotected);
        }
        let mut token = ready.segment;
        token.push('.');
        let input = SigningInput::stream(
            token.as_bytes(),
            payload,
            ready.encoded,
            Limits::DEFAULT.unstreamed,
        );
        let signature = signer.sign(&input)?;
        token.push('.');
        base64url::encode_into(signature.as_ref(), &mut token);
        Ok(token)
    }

    fn sign(self, serialization: Serialization, signer: &Signer) -> Result<String, BuildError> {
        let ready = self.ready(signer.alg(), signer.kid())?;
        let plain = ready.encoded && ready.unprotected.is_empty() && !self.detached;
        if plain && matches!(serialization, Serialization::Compact) {
            // What nearly everybody signs: a large payload wants to be written once.
            return sign_segments(signer, &ready.segment, &self.payload);
        }
        let pending = Pending::new(ready, &self.payload, self.detached, serialization)?;
        let signature = signer.sign(&pending.input())?;
        Ok(pending.finish(&signature))
    }

    async fn sign_async(
        self,
        serialization: Serialization,
        signer: &AsyncSigner,
    ) -> Result<String, BuildError> {
        let pending = self.prepare(serialization, signer.alg(), signer.kid())?;
        let signature = signer.sign(&pending.input()).await?;
        Ok(pending.finish(&signature))
    }

    fn ready(&self, alg: &AlgName, kid: Option<&str>) -> Result<ReadyHeaders, BuildError> {
        match &self.content_type {
            Some(cty) => self.headers.clone().cty_unless_set(cty).ready(alg, kid),
            None => self.headers.ready(alg, kid),
        }
    }

    fn map(mut self, change: impl FnOnce(Headers) -> Headers) -> Self {
        self.headers = change(self.headers);
        self
    }
}
