//! From JSON text to typed keys.

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error as _};
use serde_json::Value;

use super::any::{PRIVATE, PUBLIC, SECRET};
use super::raw::{ElementSeed, Name, Raw};
use super::{Jwk, KeyError, Members, PrivateJwk, PrivateKey, PublicJwk, PublicKey, SecretJwk};
use crate::json::{self, JsonError, Parser};
use crate::limits::Limits;
use crate::secret::SecretBytes;

impl Jwk {
    /// Reads a key of any kind, under the default [`Limits`].
    ///
    /// The JSON must be strict (no member twice, at any depth) and every registered member of the right type;
    /// base64url must be canonical; coordinates, seeds and public octets must have exactly the length of their
    /// curve, the numbers of RSA no leading zero octet (RFC 7518 §2, §6.2.1.2, §6.3.1.1). Members that are not
    /// registered are kept and printed again; registered ones of another key type (`crv` in an RSA key) mean
    /// nothing and are dropped.
    ///
    /// ```
    /// use bulla_core::jwk::Jwk;
    ///
    /// let key = Jwk::parse(br#"{"kty":"OKP","crv":"Ed25519",
    ///     "x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#)?;
    /// assert!(matches!(key, Jwk::Public(_)));
    ///
    /// let short = Jwk::parse(br#"{"kty":"OKP","crv":"Ed25519","x":"11qY"}"#).unwrap_err();
    /// assert_eq!(short.code(), "jwk.malformed");
    /// let unknown = Jwk::parse(br#"{"kty":"Telepathy"}"#).unwrap_err();
    /// assert_eq!(unknown.code(), "jwk.unsupported");
    /// # Ok::<(), bulla_core::jwk::KeyError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`KeyError::Malformed`] and [`KeyError::Unsupported`], which name the member;
    /// [`KeyError::UnsupportedValue`] for a `kty`, `crv` or AKP `alg` that we do not know;
    /// [`KeyError::LimitExceeded`].
    pub fn parse(octets: impl AsRef<[u8]>) -> Result<Self, KeyError> {
        Self::parse_with(octets, &Limits::DEFAULT)
    }

    /// [`parse`](Self::parse) under limits of the caller's.
    ///
    /// # Errors
    ///
    /// As [`parse`](Self::parse).
    pub fn parse_with(octets: impl AsRef<[u8]>, limits: &Limits) -> Result<Self, KeyError> {
        from_json(octets.as_ref(), limits, KeySeed(limits))?
    }

    /// Reads a key that is part of JSON parsed before, under the default [`Limits`].
    ///
    /// # Errors
    ///
    /// As [`parse`](Self::parse).
    pub fn from_value(value: &Value) -> Result<Self, KeyError> {
        KeySeed(&Limits::DEFAULT)
            .deserialize(value)
            .map_err(|_| KeyError::malformed("a JWK", "is not a JSON object"))?
    }
}

/// The constructors that every typed JWK has.
macro_rules! typed {
    ($type:ident, $variant:ident, $expected:expr, $what:literal) => {
        impl $type {
            #[doc = concat!("Reads ", $what, " as [`Jwk::parse`] does.")]
            ///
            /// # Errors
            ///
            /// As [`Jwk::parse`]; [`KeyError::WrongKind`] for a key of another kind.
            pub fn parse(octets: impl AsRef<[u8]>) -> Result<Self, KeyError> {
                Jwk::parse(octets)?.try_into()
            }

            #[doc = concat!("Reads ", $what, " under limits of the caller's.")]
            ///
            /// # Errors
            ///
            /// As [`parse`](Self::parse).
            pub fn parse_with(octets: impl AsRef<[u8]>, limits: &Limits) -> Result<Self, KeyError> {
                Jwk::parse_with(octets, limits)?.try_into()
            }

            #[doc = concat!("Reads ", $what, " that is part of JSON parsed before.")]
            ///
            /// # Errors
            ///
            /// As [`parse`](Self::parse).
            pub fn from_value(value: &Value) -> Result<Self, KeyError> {
                Jwk::from_value(value)?.try_into()
            }
        }

        impl From<$type> for Jwk {
            fn from(key: $type) -> Self {
                Self::$variant(key)
            }
        }

        impl TryFrom<Jwk> for $type {
            type Error = KeyError;

            fn try_from(key: Jwk) -> Result<Self, KeyError> {
                match key {
                    Jwk::$variant(key) => Ok(key),
                    other => Err(KeyError::WrongKind {
                        found: other.kind(),
                        expected: $expected,
                    }),
                }
            }
        }
    };
}

typed!(PublicJwk, Public, PUBLIC, "a public key");
typed!(PrivateJwk, Private, PRIVATE, "a private key");
typed!(SecretJwk, Secret, SECRET, "a symmetric key");

/// Reads a public key inside a larger value, such as the claim `cnf` (RFC 7800 §3.2), under the default [`Limits`].
impl<'de> Deserialize<'de> for PublicJwk {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        KeySeed(&Limits::DEFAULT)
            .deserialize(deserializer)?
            .and_then(TryInto::try_into)
            .map_err(D::Error::custom)
    }
}

/// Strict JSON within the limits on size and depth, read by a seed.
pub(super) fn from_json<'de, S: DeserializeSeed<'de>>(
    octets: &'de [u8],
    limits: &Limits,
    seed: S,
) -> Result<S::Value, KeyError> {
    if octets.len() > limits.jwk_set {
        return Err(KeyError::LimitExceeded("the length of a JWK or JWK Set"));
    }
    let read = || {
        let mut parser = Parser::new(json::text_of(octets)?, limits.json_depth);
        let value = seed
            .deserialize(&mut parser)
            .map_err(|error| parser.locate(error))?;
        parser.end()?;
        Ok(value)
    };
    read().map_err(|error| match error {
        JsonError::TooDeep { .. } => KeyError::LimitExceeded("the nesting of the JSON"),
        other => KeyError::Json(other),
    })
}

/// Reads one key from any deserializer; what is wrong with the key is a value, not an error of the deserializer.
struct KeySeed<'l>(&'l Limits);

impl<'de> DeserializeSeed<'de> for KeySeed<'_> {
    type Value = Result<Jwk, KeyError>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        let mut raw = Raw::default();
        let is_object = ElementSeed(&mut raw).deserialize(deserializer)?;
        Ok(read(is_object, &mut raw, self.0))
    }
}

/// Interprets the members found, if an object was found.
pub(super) fn read(is_object: bool, raw: &mut Raw<'_>, limits: &Limits) -> Result<Jwk, KeyError> {
    if !is_object {
        return Err(KeyError::malformed("a JWK", "is not a JSON object"));
    }
    raw.check_types()?;
    let material = match raw.required_text(Name::Kty)? {
        "AKP" => super::akp::read(raw),
        "EC" => super::ec::read(raw),
        "OKP" => super::okp::read(raw),
        "RSA" => super::rsa::read(raw),
        "oct" => super::oct::read(raw),
        unknown => Err(KeyError::unsupported_value("kty", unknown)),
    }?;
    let members = Members::read(raw, limits)?;
    Ok(match material {
        Material::Public(key) => Jwk::Public(PublicJwk { members, key }),
        Material::Private(key) => Jwk::Private(PrivateJwk { members, key }),
        Material::Secret(k) => Jwk::Secret(SecretJwk { members, k }),
    })
}

/// A key without its members, of whatever kind its `kty` and the presence of private members make it.
pub(super) enum Material {
    Public(PublicKey),
    Private(PrivateKey),
    Secret(SecretBytes),
}
