use core::fmt;
use core::marker::PhantomData;

use serde::Serialize;
use serde::de::{DeserializeOwned, IgnoredAny};

use super::codec::is_utf8;
use super::{Codec, Decode, Encode, Encoded, MediaType, PayloadError};
use crate::json;
use crate::limits::Limits;

/// JSON of any serde type: `application/json`. Read strictly: no member twice at any depth, nothing but UTF-8, and no
/// deeper than the limit.
///
/// ```
/// use bulla_core::payload::{Decode as _, Json};
/// #[derive(serde::Deserialize)]
/// struct Message {
///     author: String,
/// }
/// let message = Json::<Message>::new().decode(br#"{"author":"Bill"}"#)?;
/// assert_eq!(message.author, "Bill");
/// let twice = Json::<Message>::new().decode(br#"{"author":"Bill","author":"Ben"}"#);
/// assert_eq!(twice.err().map(|error| error.code()), Some("payload.malformed"));
/// # Ok::<(), bulla_core::payload::PayloadError>(())
/// ```
pub struct Json<T> {
    max_depth: usize,
    value: PhantomData<fn() -> T>,
}

impl<T> Json<T> {
    /// JSON that nests no deeper than the default [`Limits`] allow.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            max_depth: Limits::DEFAULT.json_depth,
            value: PhantomData,
        }
    }

    /// Other limits.
    #[must_use]
    pub const fn limits(mut self, limits: &Limits) -> Self {
        self.max_depth = limits.json_depth;
        self
    }
}

impl<T> Codec for Json<T> {
    fn media_type(&self) -> &str {
        "json"
    }
}

impl<T: DeserializeOwned> Decode for Json<T> {
    type Value = T;

    fn decode(&self, octets: &[u8]) -> Result<T, PayloadError> {
        Ok(json::from_slice(octets, self.max_depth)?)
    }

    fn reads_parameters(&self, media_type: &MediaType<'_>) -> bool {
        is_utf8(media_type)
    }
}

impl<T: Serialize> Encode<T> for Json<T> {
    fn encode<'v>(&self, value: &'v T) -> Result<Encoded<'v>, PayloadError> {
        let octets =
            serde_json::to_vec(value).map_err(|error| PayloadError::Unwritable(error.into()))?;
        // Nothing is signed that would be refused: a flattened field can write a member again.
        json::from_slice::<IgnoredAny>(&octets, self.max_depth)
            .map_err(|error| PayloadError::Unwritable(error.into()))?;
        Ok(octets.into())
    }
}

impl<T> Default for Json<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> Clone for Json<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Json<T> {}

impl<T> fmt::Debug for Json<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Json")
            .field("max_depth", &self.max_depth)
            .finish()
    }
}
