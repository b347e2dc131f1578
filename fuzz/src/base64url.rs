//! Base64url: one text for each octet string, and back.

use bulla_core::base64url::{decode, decode_into, encode};

/// Octets survive; a text that decodes is the only text for its octets.
pub fn base64url(octets: &[u8]) {
    assert_eq!(decode(encode(octets)).as_deref(), Ok(octets));

    let mut appended = b"before".to_vec();
    match decode(octets) {
        Ok(decoded) => {
            assert_eq!(encode(&decoded).as_bytes(), octets);
            assert!(decode_into(octets, &mut appended).is_ok());
            assert_eq!(appended.strip_prefix(b"before"), Some(decoded.as_slice()));
        }
        Err(_) => {
            assert!(decode_into(octets, &mut appended).is_err());
            assert_eq!(appended, b"before");
        }
    }
}
