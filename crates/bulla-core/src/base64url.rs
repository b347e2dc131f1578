//! Base64url without padding (RFC 7515 §2), strict.
//!
//! Every octet string has exactly one encoding, so that two texts that differ never mean the same token.
//! What other decoders let pass (padding, whitespace, the `+/` alphabet, stray bits in the last character,
//! a length of 4n+1) is refused.

use core::fmt;

use base64_simd::{AsOut as _, URL_SAFE_NO_PAD};

/// Encodes `octets`.
///
/// ```
/// use bulla_core::base64url;
/// assert_eq!(base64url::encode([3, 236, 255, 224, 193]), "A-z_4ME");
/// ```
#[must_use]
pub fn encode(octets: impl AsRef<[u8]>) -> String {
    let mut text = String::new();
    encode_into(octets, &mut text);
    text
}

/// Appends the encoding of `octets` to `text`.
///
/// ```
/// use bulla_core::base64url;
/// let mut token = String::from("e30.");
/// base64url::encode_into("{}", &mut token);
/// assert_eq!(token, "e30.e30");
/// ```
pub fn encode_into(octets: impl AsRef<[u8]>, text: &mut String) {
    let octets = octets.as_ref();
    // The library reserves exactly what it needs, which makes appending piece by piece quadratic.
    text.reserve(encoded_len(octets.len()));
    URL_SAFE_NO_PAD.encode_append(octets, text);
}

/// The number of characters that `octets` octets become.
#[must_use]
pub const fn encoded_len(octets: usize) -> usize {
    octets
        .saturating_div(3)
        .saturating_mul(4)
        .saturating_add(match octets % 3 {
            0 => 0,
            1 => 2,
            _ => 3,
        })
}

/// Decodes `text`.
///
/// # Errors
///
/// [`DecodeError`] where `text` is anything but the one encoding of some octets.
///
/// ```
/// use bulla_core::base64url::{DecodeError, decode};
/// assert_eq!(decode("A-z_4ME"), Ok(vec![3, 236, 255, 224, 193]));
/// assert_eq!(decode("A-z_4ME="), Err(DecodeError)); // padding
/// assert_eq!(decode("A-z_4MF"), Err(DecodeError)); // bits that belong to no octet
/// ```
pub fn decode(text: impl AsRef<[u8]>) -> Result<Vec<u8>, DecodeError> {
    // Exactly as long as it must be, so that boxing it moves nothing.
    URL_SAFE_NO_PAD
        .decode_to_vec(text.as_ref())
        .map_err(|_| DecodeError)
}

/// Appends what `text` encodes to `octets`, which is left as it was where that fails.
///
/// # Errors
///
/// As [`decode`].
///
/// ```
/// use bulla_core::base64url;
/// let mut buffer = Vec::with_capacity(1024); // used again and again
/// for segment in ["e30", "W10"] {
///     buffer.clear();
///     base64url::decode_into(segment, &mut buffer)?;
///     assert_eq!(buffer.len(), 2);
/// }
/// assert!(base64url::decode_into("e30=", &mut buffer).is_err());
/// # Ok::<(), base64url::DecodeError>(())
/// ```
pub fn decode_into(text: impl AsRef<[u8]>, octets: &mut Vec<u8>) -> Result<(), DecodeError> {
    let text = text.as_ref();
    octets.reserve(text.len() / 4 * 3 + 2);
    URL_SAFE_NO_PAD
        .decode_append(text, octets)
        .map_err(|_| DecodeError)
}

/// Decodes `text` into the front of `octets` and says how many octets that were. For buffers on the stack.
///
/// # Errors
///
/// As [`decode`]; also where `octets` is too short.
///
/// ```
/// use bulla_core::base64url::{DecodeError, decode_to_slice};
/// let mut buffer = [0; 8];
/// assert_eq!(decode_to_slice("AQI", &mut buffer), Ok(2));
/// assert_eq!(decode_to_slice("AQI=", &mut buffer), Err(DecodeError));
/// ```
pub fn decode_to_slice(text: impl AsRef<[u8]>, octets: &mut [u8]) -> Result<usize, DecodeError> {
    let text = text.as_ref();
    if octets.len() < text.len() / 4 * 3 + 2 {
        return Err(DecodeError);
    }
    let decoded = URL_SAFE_NO_PAD
        .decode(text, octets.as_out())
        .map_err(|_| DecodeError)?;
    Ok(decoded.len())
}

/// The text is not base64url as RFC 7515 §2 has it.
///
/// Nothing is said about where or why: callers know which segment or member it was, and no more is of use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DecodeError;

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not base64url without padding")
    }
}

impl std::error::Error for DecodeError {}

#[cfg(test)]
mod tests;
