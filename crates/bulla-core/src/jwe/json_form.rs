//! The members of a JWE in JSON (RFC 7516 §7.2), before anything is decoded.

use std::borrow::Cow;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Map, Value};

use super::DecryptError;
use crate::json::{self, JsonError};
use crate::limits::Limits;

/// What stands in the object; which form it is, the caller says. Unknown members are ignored.
#[derive(Deserialize)]
pub(super) struct JsonForm<'t> {
    #[serde(borrow, default, deserialize_with = "text")]
    pub(super) protected: Option<Cow<'t, str>>,
    #[serde(default, deserialize_with = "object")]
    pub(super) unprotected: Option<Map<String, Value>>,
    #[serde(borrow, default, deserialize_with = "text")]
    pub(super) iv: Option<Cow<'t, str>>,
    #[serde(borrow, default, deserialize_with = "text")]
    pub(super) aad: Option<Cow<'t, str>>,
    #[serde(borrow, default, deserialize_with = "text")]
    pub(super) ciphertext: Option<Cow<'t, str>>,
    #[serde(borrow, default, deserialize_with = "text")]
    pub(super) tag: Option<Cow<'t, str>>,
    #[serde(borrow, default, deserialize_with = "some")]
    recipients: Option<Vec<RecipientForm<'t>>>,
    /// The members of the flattened form.
    #[serde(default, deserialize_with = "object")]
    header: Option<Map<String, Value>>,
    #[serde(borrow, default, deserialize_with = "text")]
    encrypted_key: Option<Cow<'t, str>>,
    /// Members that only a JWS has.
    #[serde(default, deserialize_with = "some")]
    payload: Option<IgnoredAny>,
    #[serde(default, deserialize_with = "some")]
    signature: Option<IgnoredAny>,
    #[serde(default, deserialize_with = "some")]
    signatures: Option<IgnoredAny>,
}

#[derive(Deserialize)]
pub(super) struct RecipientForm<'t> {
    #[serde(default, deserialize_with = "object")]
    pub(super) header: Option<Map<String, Value>>,
    #[serde(borrow, default, deserialize_with = "text")]
    pub(super) encrypted_key: Option<Cow<'t, str>>,
}

pub(super) fn parse<'t>(octets: &'t [u8], limits: &Limits) -> Result<JsonForm<'t>, DecryptError> {
    if octets.len() > limits.token {
        return Err(DecryptError::limit("the token"));
    }
    let form: JsonForm<'t> =
        json::from_slice(octets, limits.json_depth).map_err(|error| match error {
            JsonError::TooDeep { .. } => DecryptError::limit("the nesting of the token"),
            JsonError::DuplicateMember { .. } => malformed("has a member twice"),
            _ => malformed("is not the JSON object that RFC 7516 describes"),
        })?;
    if form.payload.is_some() || form.signature.is_some() || form.signatures.is_some() {
        return Err(malformed("has members of a JWS"));
    }
    Ok(form)
}

impl<'t> JsonForm<'t> {
    pub(super) fn flattened(&mut self) -> Result<Vec<RecipientForm<'t>>, DecryptError> {
        if self.recipients.is_some() {
            return Err(malformed(
                if self.header.is_none() && self.encrypted_key.is_none() {
                    "is the general form, not the flattened one"
                } else {
                    "mixes the flattened and the general form"
                },
            ));
        }
        Ok(vec![RecipientForm {
            header: self.header.take(),
            encrypted_key: self.encrypted_key.take(),
        }])
    }

    pub(super) fn general(
        &mut self,
        limits: &Limits,
    ) -> Result<Vec<RecipientForm<'t>>, DecryptError> {
        let Some(recipients) = self.recipients.take() else {
            return Err(malformed("is the flattened form, not the general one"));
        };
        if self.header.is_some() || self.encrypted_key.is_some() {
            return Err(malformed("mixes the flattened and the general form"));
        }
        if recipients.is_empty() {
            return Err(malformed("has no recipients"));
        }
        if recipients.len() > limits.signatures {
            return Err(DecryptError::limit("the number of recipients"));
        }
        Ok(recipients)
    }
}

const fn malformed(why: &'static str) -> DecryptError {
    DecryptError::malformed("JSON serialization", why)
}

/// A string, never null, borrowed from the input where it has no escapes.
fn text<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Cow<'de, str>>, D::Error> {
    crate::json::text(deserializer).map(Some)
}

/// An object, never null.
fn object<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Map<String, Value>>, D::Error> {
    json::Object::deserialize(deserializer).map(|object| Some(object.0))
}

/// Whatever it is, it is there; null too.
fn some<'de, T: Deserialize<'de>, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}
