//! Which octets somebody could take for the signing input of a token.

/// Whether the octets are a JWS Signing Input (RFC 7515 §5.1: a header in base64url, a dot, a payload), to us or to a
/// reader that is less strict.
///
/// Readers there are that pass over whatever is not of the alphabet, stop at padding or skip it, take the other
/// alphabet, ignore bits that are left, and read JSON in UTF-16. But to all of them a token is text, except for the
/// payload that a header declares unencoded (RFC 7797).
pub(super) fn is_token_like(octets: &[u8]) -> bool {
    let Some(dot) = memchr::memchr(b'.', octets) else {
        return false;
    };
    let (segment, rest) = octets.split_at_checked(dot).unwrap_or_default();
    let is_text = core::str::from_utf8(rest).is_ok();
    if segment.is_empty() {
        // No header is protected.
        return is_text;
    }
    if core::str::from_utf8(segment).is_err() {
        return false;
    }
    let to_padding = segment.split(|octet| *octet == b'=').next();
    let mut headers = [Some(segment), to_padding]
        .into_iter()
        .flatten()
        .map(lenient);
    headers.any(|json| is_object(&json) && (is_text || may_say_b64(&json)))
}

/// The text, lossily, of whatever of the characters is base64 of either alphabet.
fn lenient(segment: &[u8]) -> String {
    let mut octets = Vec::new();
    let (mut bits, mut count) = (0_u32, 0);
    for value in segment.iter().filter_map(|octet| value_of(*octet)) {
        bits = (bits << 6 | u32::from(value)) & 0xffff;
        count += 6;
        if count >= 8 {
            count -= 8;
            octets.push((bits >> count) as u8);
        }
    }
    // So that ASCII in UTF-16 or UTF-32 is ASCII.
    octets.retain(|octet| *octet != 0);
    String::from_utf8_lossy(&octets).into_owned()
}

const fn value_of(octet: u8) -> Option<u8> {
    match octet {
        b'A'..=b'Z' => Some(octet - b'A'),
        b'a'..=b'z' => Some(octet - b'a' + 26),
        b'0'..=b'9' => Some(octet - b'0' + 52),
        b'-' | b'+' => Some(62),
        b'_' | b'/' => Some(63),
        _ => None,
    }
}

/// Whether it could be a JSON object; a byte order mark may stand before it.
fn is_object(json: &str) -> bool {
    let is_around =
        |c: char| c.is_whitespace() || c.is_control() || matches!(c, '\u{feff}' | '\u{fffd}');
    let trimmed = json.trim_matches(is_around);
    let members = trimmed
        .strip_prefix('{')
        .and_then(|rest| rest.strip_suffix('}'));
    members
        .is_some_and(|members| members.trim_matches(is_around).is_empty() || members.contains('"'))
}

/// Whether it could have the member `b64`, which may be written with escapes.
fn may_say_b64(json: &str) -> bool {
    json.contains("b64") || json.contains('\\')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base64url::encode;

    #[test]
    fn what_could_be_a_token_is_told() {
        let es256 = encode(br#"{"alg":"ES256"}"#);
        let (start, end) = es256.split_at(5);
        let utf16: Vec<u8> =
            r#"{"alg":"ES256"}"#.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = r#"{"alg":"é"}"#.encode_utf16().flat_map(u16::to_be_bytes).collect();
        for like in [
            format!("{es256}.e30"),
            format!("{es256}."),
            format!("{es256}.a.b"),
            ".e30".to_owned(),
            "e30.e30".to_owned(),
            format!("{es256}=.e30"),
            format!("{es256}==zz.e30"),
            format!(" {start}\r\n{end}.e30"),
            format!("!{start}\u{e9}{end}.e30"),
            format!("{}.e30", encode(b"\xef\xbb\xbf{\"alg\":\"ES256\"}")),
            format!("{}.e30", encode(b" \n{\"alg\":\"ES256\"}\n")),
            format!("{}.e30", encode([b"\xff\xfe", &utf16[..]].concat())),
            format!("{}.e30", encode(utf16)),
            format!("{}.e30", encode(big)),
            format!("{}.{{}}", encode(br#"{"typ":"x"}"#)),
        ] {
            assert!(is_token_like(like.as_bytes()), "{like}");
        }
        for b64 in [r#"{"b64":false}"#, r#"{"\u006264":false}"#] {
            let input = [encode(b64).as_bytes(), b".\xff\x00"].concat();
            assert!(is_token_like(&input), "{b64}");
        }
    }

    #[test]
    fn what_could_not_is_left_alone() {
        for other in [
            &b""[..],
            b"hello",
            b"a message. And another.",
            b"extra room in v1.2",
            b"eyes wide open.",
            b"{\"a\":1.5}",
            b"192.168.1.1",
            b".\xff\xfe",
            b"\x01\x02.\xff",
            b"eyJhbGciOiJFUzI1NiJ9", // no dot
            b"W10.e30",              // an array
        ] {
            assert!(!is_token_like(other), "{}", String::from_utf8_lossy(other));
        }
        // A hash of anything is left alone: it is not text.
        for index in 0..20_000_u32 {
            let digest = crate::jwa::HashAlg::Sha256.digest(&index.to_be_bytes());
            assert!(!is_token_like(digest.as_ref()), "{index}");
        }
    }
}
