use core::any::Any;
use core::fmt;

use serde_json::Value;

use crate::jwe::{Decrypted, Jwe};
use crate::jwk::{Jwk, JwkSet};
use crate::jws::{Jws, Verified};
use crate::jwt::Valid;
use crate::trust::Untrusted;

/// A payload that was read by its media type, of whichever kind it turned out to be.
#[non_exhaustive]
pub enum Payload {
    /// Octets.
    Bytes(Vec<u8>),
    /// JSON of any form.
    Json(Value),
    /// A JWE, decrypted.
    Jwe(Box<Jwe<'static, Decrypted>>),
    /// A key that nobody has vouched for.
    Jwk(Box<Untrusted<Jwk>>),
    /// Keys that nobody has vouched for.
    JwkSet(Untrusted<JwkSet>),
    /// A JWS, verified.
    Jws(Box<Jws<'static, Verified>>),
    /// A JWT, verified, whose claims are as expected.
    Jwt(Box<Valid<'static, Value>>),
    /// What a decoder of the application's own made, to be downcast.
    Other(Box<dyn Any + Send>),
    /// Text.
    Text(String),
}

impl Payload {
    /// What it is, for people.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Bytes(_) => "octets",
            Self::Json(_) => "JSON",
            Self::Jwe(_) => "a JWE",
            Self::Jwk(_) => "a JWK",
            Self::JwkSet(_) => "a JWK Set",
            Self::Jws(_) => "a JWS",
            Self::Jwt(_) => "a JWT",
            Self::Other(_) => "a value of the application's own",
            Self::Text(_) => "text",
        }
    }
}

impl From<Vec<u8>> for Payload {
    fn from(octets: Vec<u8>) -> Self {
        Self::Bytes(octets)
    }
}

impl From<String> for Payload {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Value> for Payload {
    fn from(value: Value) -> Self {
        Self::Json(value)
    }
}

impl From<Untrusted<Jwk>> for Payload {
    fn from(key: Untrusted<Jwk>) -> Self {
        Self::Jwk(Box::new(key))
    }
}

impl From<Untrusted<JwkSet>> for Payload {
    fn from(set: Untrusted<JwkSet>) -> Self {
        Self::JwkSet(set)
    }
}

impl From<Jws<'static, Verified>> for Payload {
    fn from(jws: Jws<'static, Verified>) -> Self {
        Self::Jws(Box::new(jws))
    }
}

impl From<Jwe<'static, Decrypted>> for Payload {
    fn from(jwe: Jwe<'static, Decrypted>) -> Self {
        Self::Jwe(Box::new(jwe))
    }
}

impl From<Valid<'static, Value>> for Payload {
    fn from(jwt: Valid<'static, Value>) -> Self {
        Self::Jwt(Box::new(jwt))
    }
}

/// What it is, and not what it says: it may have been encrypted.
impl fmt::Debug for Payload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Payload({})", self.kind())
    }
}
