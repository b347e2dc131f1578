use super::{Encoded, MediaType, PayloadError};

/// Something that reads or writes payloads of one media type: a [`Decode`], an [`Encode`], or both.
pub trait Codec {
    /// The media type as it stands in `cty`: `application/` is left out where no other slash is (RFC 7515 §4.1.10).
    fn media_type(&self) -> &str;
}

/// Reads payloads whose signature or tag held.
///
/// A decoder of your own:
///
/// ```
/// use bulla_core::payload::{Codec, Decode, PayloadError, Text};
/// struct Lines;
///
/// impl Codec for Lines {
///     fn media_type(&self) -> &str {
///         "text/vnd.example.lines"
///     }
/// }
///
/// impl Decode for Lines {
///     type Value = Vec<String>;
///
///     fn decode(&self, octets: &[u8]) -> Result<Self::Value, PayloadError> {
///         Ok(Text.decode(octets)?.lines().map(str::to_owned).collect())
///     }
/// }
/// assert_eq!(Lines.decode(b"one\ntwo")?, ["one", "two"]);
/// # Ok::<(), PayloadError>(())
/// ```
pub trait Decode: Codec {
    /// What a payload becomes.
    type Value;

    /// Reads a payload. Its octets were signed or encrypted by somebody whose key the caller accepts; that they are
    /// what the media type promises is still to be found out.
    ///
    /// # Errors
    ///
    /// [`PayloadError`]; [`PayloadError::own`] for a reason of your own.
    fn decode(&self, octets: &[u8]) -> Result<Self::Value, PayloadError>;

    /// Whether payloads with these parameters of the media type are read. All are, unless said otherwise: a parameter
    /// that nobody knows is ignored (RFC 2045 §5).
    fn reads_parameters(&self, media_type: &MediaType<'_>) -> bool {
        let _ = media_type;
        true
    }

    /// Whether payloads of this media type are read.
    fn reads(&self, media_type: &MediaType<'_>) -> bool {
        media_type.is(self.media_type()) && self.reads_parameters(media_type)
    }
}

/// Writes payloads, from a value of type `V`.
pub trait Encode<V: ?Sized>: Codec {
    /// Writes a payload.
    ///
    /// # Errors
    ///
    /// [`PayloadError`]; [`PayloadError::own`] for a reason of your own.
    fn encode<'v>(&self, value: &'v V) -> Result<Encoded<'v>, PayloadError>;
}

impl<C: Codec + ?Sized> Codec for &C {
    fn media_type(&self) -> &str {
        (**self).media_type()
    }
}

impl<C: Decode + ?Sized> Decode for &C {
    type Value = C::Value;

    fn decode(&self, octets: &[u8]) -> Result<Self::Value, PayloadError> {
        (**self).decode(octets)
    }

    fn reads_parameters(&self, media_type: &MediaType<'_>) -> bool {
        (**self).reads_parameters(media_type)
    }

    fn reads(&self, media_type: &MediaType<'_>) -> bool {
        (**self).reads(media_type)
    }
}

/// The character encoding of what is UTF-8 or nothing: another one that is stated would be read wrongly.
pub(super) fn is_utf8(media_type: &MediaType<'_>) -> bool {
    media_type.parameter("charset").is_none_or(|charset| {
        ["utf-8", "us-ascii"]
            .iter()
            .any(|known| charset.eq_ignore_ascii_case(known))
    })
}
