use super::{Codec, Decode, Encode, Encoded, MediaType, PayloadError};

/// A codec under another media type: an image is octets, an order is JSON.
///
/// ```
/// use bulla_core::payload::{Bytes, Codec as _, Json, Renamed};
/// let png = Renamed::new("image/png", Bytes)?;
/// let order = Renamed::new("vnd.example.order+json", Json::<serde_json::Value>::new())?;
/// assert_eq!(png.media_type(), "image/png");
/// assert!(Renamed::new("no type at all", Bytes).is_err());
/// # let _ = order; Ok::<(), bulla_core::payload::PayloadError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Renamed<C> {
    media_type: String,
    codec: C,
}

impl<C> Renamed<C> {
    /// Reads and writes `media_type` as `codec` does its own.
    ///
    /// # Errors
    ///
    /// [`PayloadError::TypeMalformed`].
    pub fn new(media_type: impl Into<String>, codec: C) -> Result<Self, PayloadError> {
        let media_type = media_type.into();
        MediaType::parse(&media_type)?;
        Ok(Self { media_type, codec })
    }
}

impl<C> Codec for Renamed<C> {
    fn media_type(&self) -> &str {
        &self.media_type
    }
}

impl<C: Decode> Decode for Renamed<C> {
    type Value = C::Value;

    fn decode(&self, octets: &[u8]) -> Result<Self::Value, PayloadError> {
        self.codec.decode(octets)
    }

    fn reads_parameters(&self, media_type: &MediaType<'_>) -> bool {
        self.codec.reads_parameters(media_type)
    }
}

impl<V: ?Sized, C: Encode<V>> Encode<V> for Renamed<C> {
    fn encode<'v>(&self, value: &'v V) -> Result<Encoded<'v>, PayloadError> {
        self.codec.encode(value)
    }
}
