//! Base64url without padding (RFC 7515 §2).

/// Appends the encoding of `octets` to `text`.
pub fn encode_into(octets: &[u8], text: &mut String) {
    base64_simd::URL_SAFE_NO_PAD.encode_append(octets, text);
}
