use super::{Codec, Decode, Encode, Encoded, PayloadError};
use crate::jwk::{Jwk, JwkSet, PrivateJwk, PublicJwk, SecretJwk};
use crate::trust::Untrusted;

/// A JWK of any kind: `application/jwk+json` ([RFC 7517 §8.5.1](https://www.rfc-editor.org/rfc/rfc7517#section-8.5.1)).
///
/// What is read is [`Untrusted`]. That somebody may sign, or knows a public key to encrypt to, is no reason to let
/// them introduce keys: only the application knows whether the token's author may. No operation takes the key before it
/// says so.
///
/// A private or secret key is written with its private members, and so only into a JWE: a JWS refuses it
/// ([`PayloadError::Secret`]).
#[derive(Clone, Copy, Debug, Default)]
pub struct JwkJson;

/// A JWK Set: `application/jwk-set+json` ([RFC 7517 §8.5.2](https://www.rfc-editor.org/rfc/rfc7517#section-8.5.2)).
/// As [`JwkJson`] in all else; one key that cannot be read does not spoil the set.
#[derive(Clone, Copy, Debug, Default)]
pub struct JwkSetJson;

impl Codec for JwkJson {
    fn media_type(&self) -> &str {
        "jwk+json"
    }
}

impl Decode for JwkJson {
    type Value = Untrusted<Jwk>;

    fn decode(&self, octets: &[u8]) -> Result<Self::Value, PayloadError> {
        Ok(Untrusted::new(Jwk::parse(octets)?))
    }
}

impl Encode<Jwk> for JwkJson {
    fn encode<'v>(&self, value: &'v Jwk) -> Result<Encoded<'v>, PayloadError> {
        match value {
            Jwk::Public(key) => self.encode(key),
            Jwk::Private(key) => self.encode(key),
            Jwk::Secret(key) => self.encode(key),
        }
    }
}

impl Encode<PublicJwk> for JwkJson {
    fn encode<'v>(&self, value: &'v PublicJwk) -> Result<Encoded<'v>, PayloadError> {
        Ok(value.to_json().into_bytes().into())
    }
}

impl Encode<PrivateJwk> for JwkJson {
    fn encode<'v>(&self, value: &'v PrivateJwk) -> Result<Encoded<'v>, PayloadError> {
        Ok(Encoded::secret(value.to_json()))
    }
}

impl Encode<SecretJwk> for JwkJson {
    fn encode<'v>(&self, value: &'v SecretJwk) -> Result<Encoded<'v>, PayloadError> {
        Ok(Encoded::secret(value.to_json()))
    }
}

impl Codec for JwkSetJson {
    fn media_type(&self) -> &str {
        "jwk-set+json"
    }
}

impl Decode for JwkSetJson {
    type Value = Untrusted<JwkSet>;

    fn decode(&self, octets: &[u8]) -> Result<Self::Value, PayloadError> {
        Ok(Untrusted::new(JwkSet::parse(octets)?))
    }
}

impl Encode<JwkSet> for JwkSetJson {
    fn encode<'v>(&self, value: &'v JwkSet) -> Result<Encoded<'v>, PayloadError> {
        let text = value.to_json();
        let is_public = |key: &Jwk| matches!(key, Jwk::Public(_));
        if value.keys().iter().all(is_public) {
            return Ok(text.as_bytes().to_vec().into());
        }
        Ok(Encoded::secret(text))
    }
}
