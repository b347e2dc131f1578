use super::inner_jwe::InnerJwe;
use super::inner_jws::InnerJws;
use super::{Codec, Encode, Encoded, PayloadError};
use crate::jwe::{DecryptError, Jwe};
use crate::jws::{Jws, Serialization, VerifyError};
use crate::key::{DecryptionKeys, Keys};

/// A JWS or JWE in the compact serialization: `application/jose`
/// ([RFC 7515 §9.2.1](https://www.rfc-editor.org/rfc/rfc7515#section-9.2.1)).
///
/// Writes a token that was made already. What reads one is made here too, with the kind of token that is expected and
/// the keys to open it with: the media type says neither, and nothing is sniffed.
///
/// ```
/// # fn f(token: &str, mine: &bulla_core::key::Decrypter, theirs: &bulla_core::key::Verifier) -> Result<(), Box<dyn std::error::Error>> {
/// use bulla_core::{jwe::Jwe, payload::{Jose, Text}};
/// let outer = Jwe::parse_compact(token)?.decrypt(mine)?;
/// let inner = outer.decode(&Jose::jws(theirs))?; // a verified JWS, or an error
/// println!("{}", inner.decode(&Text)?);
/// # Ok(()) }
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Jose;

/// A JWS or JWE in one of the JSON serializations: `application/jose+json`
/// ([RFC 7515 §9.2.1](https://www.rfc-editor.org/rfc/rfc7515#section-9.2.1)). As [`Jose`] in all else.
#[derive(Clone, Copy, Debug, Default)]
pub struct JoseJson;

impl Jose {
    /// Reads a JWS, verified by these keys.
    pub fn jws<K: Keys>(keys: K) -> InnerJws<K> {
        InnerJws::new(Serialization::Compact, keys)
    }

    /// Reads a JWE, decrypted by these keys.
    pub fn jwe<K: DecryptionKeys>(keys: K) -> InnerJwe<K> {
        InnerJwe::new(Serialization::Compact, keys)
    }
}

impl JoseJson {
    /// Reads a flattened JWS, verified by these keys.
    pub fn flattened_jws<K: Keys>(keys: K) -> InnerJws<K> {
        InnerJws::new(Serialization::Flattened, keys)
    }

    /// Reads a general JWS, of whose signatures one at least is verified by these keys; see also
    /// [`InnerJws::all`].
    pub fn general_jws<K: Keys>(keys: K) -> InnerJws<K> {
        InnerJws::new(Serialization::General, keys)
    }

    /// Reads a flattened JWE, decrypted by these keys.
    pub fn flattened_jwe<K: DecryptionKeys>(keys: K) -> InnerJwe<K> {
        InnerJwe::new(Serialization::Flattened, keys)
    }

    /// Reads a general JWE, decrypted for one of its recipients by these keys.
    pub fn general_jwe<K: DecryptionKeys>(keys: K) -> InnerJwe<K> {
        InnerJwe::new(Serialization::General, keys)
    }
}

impl Codec for Jose {
    fn media_type(&self) -> &str {
        COMPACT
    }
}

/// The token, if it is one: what is malformed is not written.
impl<V: AsRef<str> + ?Sized> Encode<V> for Jose {
    fn encode<'v>(&self, value: &'v V) -> Result<Encoded<'v>, PayloadError> {
        compact(value.as_ref())
    }
}

impl Codec for JoseJson {
    fn media_type(&self) -> &str {
        JSON
    }
}

/// The token, if it is one: what is malformed is not written.
impl<V: AsRef<str> + ?Sized> Encode<V> for JoseJson {
    fn encode<'v>(&self, value: &'v V) -> Result<Encoded<'v>, PayloadError> {
        let json = value.as_ref().as_bytes();
        let malformed = [
            is_malformed_jws(Jws::parse_flattened(json)),
            is_malformed_jws(Jws::parse_general(json)),
            matches!(Jwe::parse_flattened(json), Err(DecryptError::Malformed(_))),
        ];
        if let ([true, true, true], Err(error @ DecryptError::Malformed(_))) =
            (malformed, Jwe::parse_general(json))
        {
            return Err(error.into());
        }
        Ok(Encoded::borrowed(json))
    }
}

pub(super) fn compact(token: &str) -> Result<Encoded<'_>, PayloadError> {
    if let (Err(DecryptError::Malformed(_)), Err(error @ VerifyError::Malformed(_))) =
        (Jwe::parse_compact(token), Jws::parse_compact(token))
    {
        return Err(error.into());
    }
    Ok(Encoded::borrowed(token.as_bytes()))
}

fn is_malformed_jws<T>(parsed: Result<T, VerifyError>) -> bool {
    matches!(parsed, Err(VerifyError::Malformed(_)))
}

pub(super) const fn media_type(serialization: Serialization) -> &'static str {
    match serialization {
        Serialization::Compact => COMPACT,
        Serialization::Flattened | Serialization::General => JSON,
    }
}

/// As RFC 7515 §4.1.9 spells them.
const COMPACT: &str = "JOSE";
const JSON: &str = "JOSE+JSON";
