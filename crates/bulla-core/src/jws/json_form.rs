//! The members of a JWS in JSON (RFC 7515 §7.2), before anything is decoded.

use core::fmt;
use std::borrow::Cow;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::{Map, Value};

use super::VerifyError;
use crate::json::{self, JsonError, Text};
use crate::limits::Limits;

/// What stands in the object; which form it is, the caller says.
#[derive(Default)]
pub(super) struct JsonForm<'t> {
    payload: Option<Cow<'t, str>>,
    signatures: Option<Vec<Signature<'t>>>,
    /// The members of the flattened form.
    flat: SignatureMembers<'t>,
    /// A member that only a JWE has.
    jwe: bool,
}

/// One signature as it stands in the JSON.
pub(super) struct Signature<'t> {
    pub(super) has_protected: bool,
    pub(super) protected: Option<Cow<'t, str>>,
    pub(super) header: Option<Map<String, Value>>,
    pub(super) signature: Cow<'t, str>,
}

#[derive(Default)]
struct SignatureMembers<'t> {
    protected: Option<Cow<'t, str>>,
    header: Option<Map<String, Value>>,
    signature: Option<Cow<'t, str>>,
}

pub(super) fn parse<'t>(octets: &'t [u8], limits: &Limits) -> Result<JsonForm<'t>, VerifyError> {
    if octets.len() > limits.token {
        return Err(VerifyError::limit("the token"));
    }
    json::from_slice(octets, limits.json_depth).map_err(|error| match error {
        JsonError::TooDeep { .. } => VerifyError::limit("the nesting of the token"),
        JsonError::DuplicateMember { .. } => {
            VerifyError::malformed("JSON serialization", "has a member twice")
        }
        _ => VerifyError::malformed(
            "JSON serialization",
            "is not the JSON object that RFC 7515 describes",
        ),
    })
}

type Form<'t> = (Option<Cow<'t, str>>, Vec<Signature<'t>>);

impl<'t> JsonForm<'t> {
    pub(super) fn flattened(self) -> Result<Form<'t>, VerifyError> {
        self.refuse_jwe()?;
        if self.signatures.is_some() {
            return Err(malformed(if self.flat.is_empty() {
                "is the general form, not the flattened one"
            } else {
                "mixes the flattened and the general form"
            }));
        }
        Ok((self.payload, vec![self.flat.complete()?]))
    }

    pub(super) fn general(self, limits: &Limits) -> Result<Form<'t>, VerifyError> {
        self.refuse_jwe()?;
        let Some(signatures) = self.signatures else {
            return Err(malformed("is the flattened form, not the general one"));
        };
        if !self.flat.is_empty() {
            return Err(malformed("mixes the flattened and the general form"));
        }
        if signatures.is_empty() {
            return Err(malformed("has no signatures"));
        }
        if signatures.len() > limits.signatures {
            return Err(VerifyError::limit("the number of signatures"));
        }
        Ok((self.payload, signatures))
    }

    const fn refuse_jwe(&self) -> Result<(), VerifyError> {
        if self.jwe {
            return Err(malformed("has members of a JWE"));
        }
        Ok(())
    }
}

const fn malformed(why: &'static str) -> VerifyError {
    VerifyError::malformed("JSON serialization", why)
}

impl<'t> SignatureMembers<'t> {
    const fn is_empty(&self) -> bool {
        self.protected.is_none() && self.header.is_none() && self.signature.is_none()
    }

    fn complete(self) -> Result<Signature<'t>, VerifyError> {
        Ok(Signature {
            has_protected: self.protected.is_some(),
            protected: self.protected,
            header: self.header,
            signature: self
                .signature
                .ok_or_else(|| malformed("has no signature"))?,
        })
    }
}

impl<'de> Deserialize<'de> for JsonForm<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct FormVisitor;
        impl<'de> Visitor<'de> for FormVisitor {
            type Value = JsonForm<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<JsonForm<'de>, A::Error> {
                let mut form = JsonForm::default();
                while let Some(Text(name)) = map.next_key()? {
                    match name.as_ref() {
                        "payload" => form.payload = Some(map.next_value::<Text<'de>>()?.0),
                        "signatures" => form.signatures = Some(map.next_value()?),
                        "ciphertext" | "iv" | "tag" | "aad" | "encrypted_key" | "recipients"
                        | "unprotected" => {
                            map.next_value::<serde::de::IgnoredAny>()?;
                            form.jwe = true;
                        }
                        name => form.flat.take(name, &mut map)?,
                    }
                }
                Ok(form)
            }
        }
        deserializer.deserialize_map(FormVisitor)
    }
}

impl<'de> SignatureMembers<'de> {
    fn take<A: MapAccess<'de>>(&mut self, name: &str, map: &mut A) -> Result<(), A::Error> {
        match name {
            "protected" => self.protected = Some(map.next_value::<Text<'de>>()?.0),
            "header" => self.header = Some(map.next_value::<json::Object>()?.0),
            "signature" => self.signature = Some(map.next_value::<Text<'de>>()?.0),
            _ => {
                map.next_value::<serde::de::IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

impl<'de> Deserialize<'de> for Signature<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct SignatureVisitor;
        impl<'de> Visitor<'de> for SignatureVisitor {
            type Value = Signature<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object with a signature")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Signature<'de>, A::Error> {
                let mut members = SignatureMembers::default();
                while let Some(Text(name)) = map.next_key()? {
                    members.take(&name, &mut map)?;
                }
                members
                    .complete()
                    .map_err(|_| serde::de::Error::missing_field("signature"))
            }
        }
        deserializer.deserialize_map(SignatureVisitor)
    }
}
