//! What a peer and `bulla` have in common: each makes keys, signs, verifies, and refuses.

use serde_json::{Map, Value, json};

use super::algorithm::Algorithm;
use crate::Failure;

/// One side of a case.
pub(super) trait Party {
    /// Its name in the cases.
    fn name(&self) -> &'static str;

    /// Puts one question, as `interop/README.md` lists them, and gives the answer's members.
    ///
    /// # Errors
    ///
    /// The party's refusal in its own words, or that it cannot be asked at all.
    fn ask(&mut self, question: &str, members: Value) -> Result<Map<String, Value>, Failure>;
}

/// How a signature is serialized.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Compact,
    Flattened,
    /// Flattened, with an unprotected header beside the protected one.
    Unprotected,
    General,
    /// Compact without its payload (RFC 7515 Appendix F).
    Detached,
    /// Compact, `b64` false, detached (RFC 7797).
    Unencoded,
    /// Flattened, `b64` false, the payload inside as it is.
    UnencodedFlattened,
}

impl Form {
    pub(super) const ALL: [Self; 7] = [
        Self::Compact,
        Self::Flattened,
        Self::Unprotected,
        Self::General,
        Self::Detached,
        Self::Unencoded,
        Self::UnencodedFlattened,
    ];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Compact => "compact",
            Self::Flattened => "flattened",
            Self::Unprotected => "flattened-unprotected",
            Self::General => "general",
            Self::Detached => "detached",
            Self::Unencoded => "unencoded",
            Self::UnencodedFlattened => "unencoded-flattened",
        }
    }

    /// Whether the payload travels beside the token.
    pub(super) const fn is_detached(self) -> bool {
        matches!(self, Self::Detached | Self::Unencoded)
    }

    /// A payload the form can carry: any octets, but text where it stands in JSON as it is.
    pub(super) const fn payload(self) -> &'static [u8] {
        match self {
            Self::Unencoded | Self::UnencodedFlattened => b"$.02",
            _ => b"\x00 any octets \xff\n",
        }
    }
}

/// A new private or symmetric key.
pub(super) fn generate(party: &mut dyn Party, row: &Algorithm) -> Result<Value, Failure> {
    let answer = party.ask(
        "generate",
        json!({ "row": row.name, "alg": row.alg, "crv": row.crv }),
    )?;
    member(answer, "key")
}

/// The half of `key` that verifies; of a symmetric key that is the key.
pub(super) fn public(
    party: &mut dyn Party,
    row: &Algorithm,
    key: &Value,
) -> Result<Value, Failure> {
    if row.is_mac() {
        return Ok(key.clone());
    }
    member(party.ask("public", json!({ "key": key }))?, "key")
}

/// A token over `payload`.
pub(super) fn sign(
    party: &mut dyn Party,
    row: &Algorithm,
    form: Form,
    key: &Value,
    payload: &[u8],
) -> Result<Value, Failure> {
    let question = json!({
        "alg": row.alg, "form": form.name(), "key": key, "payload": base64url(payload),
    });
    member(party.ask("sign", question)?, "token")
}

/// Has `token` verified and compares the payload the party saw.
pub(super) fn verify(
    party: &mut dyn Party,
    row: &Algorithm,
    form: Form,
    key: &Value,
    token: &Value,
    payload: &[u8],
) -> Result<(), Failure> {
    let payload = base64url(payload);
    let mut question = json!({ "alg": row.alg, "form": form.name(), "key": key, "token": token });
    if let (true, Some(members)) = (form.is_detached(), question.as_object_mut()) {
        members.insert("payload".to_owned(), json!(payload));
    }
    let seen = member(party.ask("verify", question)?, "payload")?;
    same("payload", &seen, &json!(payload))
}

/// Us or them.
pub(super) fn side<'p>(
    ours: bool,
    us: &'p mut dyn Party,
    them: &'p mut dyn Party,
) -> &'p mut dyn Party {
    if ours { us } else { them }
}

/// One member of an answer.
pub(super) fn member(mut answer: Map<String, Value>, name: &str) -> Result<Value, Failure> {
    answer
        .remove(name)
        .ok_or_else(|| format!("the answer lacks `{name}`").into())
}

/// Fails unless both are equal.
pub(super) fn same(what: &str, seen: &Value, expected: &Value) -> Result<(), Failure> {
    if seen == expected {
        return Ok(());
    }
    Err(format!("{what}: {seen} where {expected} was expected").into())
}

/// Base64url without padding, written here so that the harness does not rest on what it tests.
pub(super) fn base64url(octets: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::new();
    for chunk in octets.chunks(3) {
        let bits = (0..3).fold(0_u32, |bits, i| {
            bits << 8 | chunk.get(i).copied().map_or(0, u32::from)
        });
        for i in 0..=chunk.len() {
            let index = (bits >> (18 - 6 * i)) & 0x3f;
            text.extend(ALPHABET.get(index as usize).copied().map(char::from));
        }
    }
    text
}

/// The octets of base64url.
pub(super) fn from_base64url(text: &str) -> Result<Vec<u8>, Failure> {
    let (mut octets, mut bits, mut count) = (Vec::new(), 0_u32, 0);
    for character in text.bytes() {
        let value = match character {
            b'A'..=b'Z' => character - b'A',
            b'a'..=b'z' => character - b'a' + 26,
            b'0'..=b'9' => character - b'0' + 52,
            b'-' => 62,
            b'_' => 63,
            _ => return Err("not base64url".into()),
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            octets.extend(u8::try_from((bits >> count) & 0xff));
        }
    }
    Ok(octets)
}

#[cfg(test)]
mod tests {
    use super::{base64url, from_base64url};

    #[test]
    fn encodes_rfc_7515_appendix_c() {
        let octets = [3, 236, 255, 224, 193];
        assert_eq!(base64url(&octets), "A-z_4ME");
        assert_eq!(from_base64url("A-z_4ME").unwrap(), octets);
    }
}
