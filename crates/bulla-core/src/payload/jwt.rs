use core::fmt;

use serde::de::DeserializeOwned;

use super::text::text;
use super::{Codec, Decode, Encode, Encoded, PayloadError, jose};
use crate::jwt::{Expectations, Valid, VerifyError};
use crate::key::{DecryptionKeys, Keys};

/// A JWT: `application/jwt` ([RFC 7519 §10.3.1](https://www.rfc-editor.org/rfc/rfc7519#section-10.3.1)).
///
/// Writes a token that was made already. What reads one is made here too, with what is expected of its claims, the
/// layers it has and the keys to open them with. What comes out is [`Valid`].
///
/// ```
/// # fn f(token: &str, mine: &bulla_core::key::Decrypter, theirs: &bulla_core::key::Verifier) -> Result<(), Box<dyn std::error::Error>> {
/// use bulla_core::{jwe::Jwe, jwt::Expectations, payload::Jwt};
/// let expect = Expectations::new("https://issuer.example", "api");
/// let outer = Jwe::parse_compact(token)?.decrypt(mine)?;
/// let valid = outer.decode(&Jwt::signed::<()>(expect, theirs))?;
/// println!("{}", valid.subject().unwrap_or("nobody"));
/// # Ok(()) }
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Jwt;

/// Reads a JWT that is another token's payload, and its claims into `T`. Made by [`Jwt`].
pub struct InnerJwt<'k, T> {
    open: Box<Open<'k, T>>,
}

type Open<'k, T> = dyn Fn(&str) -> Result<Valid<'static, T>, VerifyError> + Send + Sync + 'k;

impl Jwt {
    /// Reads a signed token, as [`Expectations::verify`] does.
    pub fn signed<'k, T: DeserializeOwned>(
        expect: Expectations,
        keys: impl Keys + Send + Sync + 'k,
    ) -> InnerJwt<'k, T> {
        InnerJwt {
            open: Box::new(move |token| expect.verify(token, &keys)),
        }
    }

    /// Reads a token whose claims are encrypted and not signed, as [`Expectations::decrypt`] does; see there for what it
    /// proves.
    pub fn encrypted<'k, T: DeserializeOwned>(
        expect: Expectations,
        keys: impl DecryptionKeys + Send + Sync + 'k,
    ) -> InnerJwt<'k, T> {
        InnerJwt {
            open: Box::new(move |token| expect.decrypt(token, &keys)),
        }
    }

    /// Reads a token that was signed and then encrypted, as [`Expectations::decrypt_verify`] does.
    pub fn signed_then_encrypted<'k, T: DeserializeOwned>(
        expect: Expectations,
        decryption_keys: impl DecryptionKeys + Send + Sync + 'k,
        keys: impl Keys + Send + Sync + 'k,
    ) -> InnerJwt<'k, T> {
        InnerJwt {
            open: Box::new(move |token| expect.decrypt_verify(token, &decryption_keys, &keys)),
        }
    }
}

impl Codec for Jwt {
    fn media_type(&self) -> &str {
        MEDIA_TYPE
    }
}

/// The token, if it is one: what is malformed is not written.
impl<V: AsRef<str> + ?Sized> Encode<V> for Jwt {
    fn encode<'v>(&self, value: &'v V) -> Result<Encoded<'v>, PayloadError> {
        jose::compact(value.as_ref())
    }
}

impl<T> Codec for InnerJwt<'_, T> {
    fn media_type(&self) -> &str {
        MEDIA_TYPE
    }
}

impl<T> Decode for InnerJwt<'_, T> {
    type Value = Valid<'static, T>;

    fn decode(&self, octets: &[u8]) -> Result<Self::Value, PayloadError> {
        Ok((self.open)(text(octets)?)?)
    }
}

impl<T> fmt::Debug for InnerJwt<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InnerJwt").finish_non_exhaustive()
    }
}

/// In capitals, as RFC 7519 §5.2 recommends.
const MEDIA_TYPE: &str = "JWT";
