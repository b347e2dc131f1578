use super::{Codec, Decode, Encode, Encoded, PayloadError};

/// Octets as they are: `application/octet-stream`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Bytes;

impl Codec for Bytes {
    fn media_type(&self) -> &str {
        "octet-stream"
    }
}

impl Decode for Bytes {
    type Value = Vec<u8>;

    fn decode(&self, octets: &[u8]) -> Result<Vec<u8>, PayloadError> {
        Ok(octets.to_vec())
    }
}

impl<V: AsRef<[u8]> + ?Sized> Encode<V> for Bytes {
    fn encode<'v>(&self, value: &'v V) -> Result<Encoded<'v>, PayloadError> {
        Ok(Encoded::borrowed(value.as_ref()))
    }
}
