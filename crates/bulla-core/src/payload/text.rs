use super::codec::is_utf8;
use super::{Codec, Decode, Encode, Encoded, MediaType, PayloadError};

/// Text in UTF-8: `text/plain`. A content type that states another `charset` is not read.
///
/// ```
/// use bulla_core::payload::{Decode as _, Text};
/// assert_eq!(Text.decode("grüezi".as_bytes())?, "grüezi");
/// assert_eq!(Text.decode(b"gr\xfcezi").unwrap_err().code(), "payload.malformed"); // Latin-1
/// # Ok::<(), bulla_core::payload::PayloadError>(())
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Text;

impl Codec for Text {
    fn media_type(&self) -> &str {
        "text/plain"
    }
}

impl Decode for Text {
    type Value = String;

    fn decode(&self, octets: &[u8]) -> Result<String, PayloadError> {
        text(octets).map(str::to_owned)
    }

    fn reads_parameters(&self, media_type: &MediaType<'_>) -> bool {
        is_utf8(media_type)
    }
}

impl<V: AsRef<str> + ?Sized> Encode<V> for Text {
    fn encode<'v>(&self, value: &'v V) -> Result<Encoded<'v>, PayloadError> {
        Ok(Encoded::borrowed(value.as_ref().as_bytes()))
    }
}

pub(super) fn text(octets: &[u8]) -> Result<&str, PayloadError> {
    core::str::from_utf8(octets).map_err(|error| PayloadError::NotText {
        at: error.valid_up_to(),
    })
}
