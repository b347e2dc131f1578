use core::any::Any;
use core::fmt;
use std::sync::Arc;

use serde_json::Value;

use super::{
    Bytes, Decode, Json, JwkJson, JwkSetJson, MediaType, Payload, PayloadError, Text, TypeSource,
};

/// Decoders of several media types, for payloads of which the caller cannot say beforehand what they are.
///
/// What the caller did not put here is not read, whatever a token states. Of two decoders that read the same media type
/// the one that was put here later is asked: so one kind of token is behind `application/jose`, and a token never
/// chooses.
///
/// ```
/// use bulla_core::payload::{Decoders, Jose, Payload};
/// # fn f(theirs: bulla_core::key::Verifier, outer: &bulla_core::jwe::Jwe<'_, bulla_core::jwe::Decrypted>) -> Result<(), bulla_core::payload::PayloadError> {
/// let decoders = Decoders::plain().with(Jose::jws(theirs));
/// match outer.decode_by_type(&decoders)? {
///     Payload::Text(text) => println!("{text}"),
///     Payload::Jws(inner) => println!("signed: {} octets", inner.payload().len()),
///     other => println!("{other:?} is of no use here"),
/// }
/// # Ok(()) }
/// ```
#[derive(Clone, Default)]
pub struct Decoders {
    decoders: Vec<Arc<dyn DecodeAny>>,
}

impl Decoders {
    /// None.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Those that need no keys: [`Bytes`], [`Text`], [`Json`], [`JwkJson`] and [`JwkSetJson`].
    #[must_use]
    pub fn plain() -> Self {
        Self::new()
            .with(Bytes)
            .with(Text)
            .with(Json::<Value>::new())
            .with(JwkJson)
            .with(JwkSetJson)
    }

    /// One more, which goes before those that are here.
    #[must_use]
    pub fn with<D>(self, decoder: D) -> Self
    where
        D: Decode<Value: Into<Payload>> + Send + Sync + 'static,
    {
        self.add(Known(decoder))
    }

    /// One more, whose values become [`Payload::Other`].
    #[must_use]
    pub fn with_other<D>(self, decoder: D) -> Self
    where
        D: Decode<Value: Any + Send> + Send + Sync + 'static,
    {
        self.add(Other(decoder))
    }

    /// The media types of all, the one that is asked first before the others.
    pub fn media_types(&self) -> impl Iterator<Item = &str> {
        self.decoders
            .iter()
            .rev()
            .map(|decoder| decoder.media_type())
    }

    pub(super) fn decode(
        &self,
        media_type: &MediaType<'_>,
        source: TypeSource,
        octets: &[u8],
    ) -> Result<Payload, PayloadError> {
        self.decoders
            .iter()
            .rev()
            .find(|decoder| decoder.reads(media_type))
            .ok_or_else(|| PayloadError::type_unsupported(&media_type.to_string(), source))?
            .decode(octets)
    }

    fn add(mut self, decoder: impl DecodeAny + 'static) -> Self {
        self.decoders.push(Arc::new(decoder));
        self
    }
}

impl fmt::Debug for Decoders {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.media_types()).finish()
    }
}

/// A decoder of values that all have one type.
trait DecodeAny: Send + Sync {
    fn media_type(&self) -> &str;
    fn reads(&self, media_type: &MediaType<'_>) -> bool;
    fn decode(&self, octets: &[u8]) -> Result<Payload, PayloadError>;
}

struct Known<D>(D);

struct Other<D>(D);

impl<D: Decode<Value: Into<Payload>> + Send + Sync> DecodeAny for Known<D> {
    fn media_type(&self) -> &str {
        self.0.media_type()
    }

    fn reads(&self, media_type: &MediaType<'_>) -> bool {
        self.0.reads(media_type)
    }

    fn decode(&self, octets: &[u8]) -> Result<Payload, PayloadError> {
        self.0.decode(octets).map(Into::into)
    }
}

impl<D: Decode<Value: Any + Send> + Send + Sync> DecodeAny for Other<D> {
    fn media_type(&self) -> &str {
        self.0.media_type()
    }

    fn reads(&self, media_type: &MediaType<'_>) -> bool {
        self.0.reads(media_type)
    }

    fn decode(&self, octets: &[u8]) -> Result<Payload, PayloadError> {
        let value = self.0.decode(octets)?;
        Ok(Payload::Other(Box::new(value)))
    }
}
