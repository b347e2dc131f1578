//! From typed keys to JSON: `kty`, then the members of the key, the common ones, and those nobody registered.

use core::fmt;

use serde::ser::{Serialize, Serializer};
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::{
    Jwk, KeyOperation, PrivateJwk, PrivateKey, PublicJwk, PublicKey, RsaOtherPrime, SecretJwk,
};
use crate::base64url;

impl PublicJwk {
    /// The key as JSON text, without white space.
    ///
    /// ```
    /// use bulla_core::jwk::PublicJwk;
    /// let text = r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","kid":"1"}"#;
    /// assert_eq!(PublicJwk::parse(text)?.to_json(), text);
    /// # Ok::<(), bulla_core::jwk::KeyError>(())
    /// ```
    #[must_use]
    pub fn to_json(&self) -> String {
        self.fields().to_text()
    }

    /// The key as a JSON value, for a header or a claim.
    #[must_use]
    pub fn to_value(&self) -> Value {
        Value::Object(
            self.fields()
                .0
                .into_iter()
                .map(|(name, field)| (name.to_owned(), field.to_value()))
                .collect(),
        )
    }

    pub(super) fn fields(&self) -> Fields<'_> {
        let mut fields = Fields::default();
        match &self.key {
            PublicKey::Akp(key) => key.fields(&mut fields),
            PublicKey::Ec(key) => key.fields(&mut fields),
            PublicKey::Okp(key) => key.fields(&mut fields),
            PublicKey::Rsa(key) => key.fields(&mut fields),
        }
        self.members.fields(&mut fields);
        fields
    }
}

/// The JSON text.
impl fmt::Display for PublicJwk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_json())
    }
}

impl Serialize for PublicJwk {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_value().serialize(serializer)
    }
}

impl PrivateJwk {
    /// The key as JSON text **with its private members**, wiped from memory when dropped.
    ///
    /// # Security
    ///
    /// Whoever reads this text can sign as the key's owner. Write it to a file that only its owner can read.
    /// [`public`](Self::public) makes the key to publish.
    #[must_use]
    pub fn to_json(&self) -> Zeroizing<String> {
        self.fields().to_secret_text()
    }

    pub(super) fn fields(&self) -> Fields<'_> {
        let mut fields = Fields::default();
        match &self.key {
            PrivateKey::Akp(key) => key.fields(&mut fields),
            PrivateKey::Ec(key) => key.fields(&mut fields),
            PrivateKey::Okp(key) => key.fields(&mut fields),
            PrivateKey::Rsa(key) => key.fields(&mut fields),
        }
        self.members.fields(&mut fields);
        fields
    }
}

impl SecretJwk {
    /// The key as JSON text **with the secret itself**, wiped from memory when dropped.
    ///
    /// # Security
    ///
    /// Whoever reads this text can make and check every token of the key.
    #[must_use]
    pub fn to_json(&self) -> Zeroizing<String> {
        self.fields().to_secret_text()
    }

    pub(super) fn fields(&self) -> Fields<'_> {
        let mut fields = Fields::default();
        self.key_fields(&mut fields);
        self.members.fields(&mut fields);
        fields
    }
}

impl Jwk {
    /// The key as JSON text, **private and secret members included**, wiped from memory when dropped.
    ///
    /// # Security
    ///
    /// See [`PrivateJwk::to_json`].
    #[must_use]
    pub fn to_json(&self) -> Zeroizing<String> {
        self.fields().to_secret_text()
    }

    pub(super) fn fields(&self) -> Fields<'_> {
        match self {
            Self::Public(key) => key.fields(),
            Self::Private(key) => key.fields(),
            Self::Secret(key) => key.fields(),
        }
    }
}

/// The members of one JWK in the order they are printed. Borrowed: secrets are not copied before they are written.
#[derive(Default)]
pub(super) struct Fields<'a>(Vec<(&'a str, Field<'a>)>);

/// The value of a member.
pub(super) enum Field<'a> {
    Text(&'a str),
    Octets(&'a [u8]),
    Operations(&'a [KeyOperation]),
    Certificates(&'a [Vec<u8>]),
    Primes(&'a [RsaOtherPrime]),
    Json(&'a Value),
}

impl<'a> Fields<'a> {
    pub(super) fn push(&mut self, name: &'a str, field: Field<'a>) {
        self.0.push((name, field));
    }

    pub(super) fn push_some(&mut self, name: &'a str, field: Option<Field<'a>>) {
        self.0.extend(field.map(|field| (name, field)));
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(present, _)| *present == name)
    }

    fn to_text(&self) -> String {
        let mut text = String::with_capacity(self.text_len());
        self.write(&mut text);
        text
    }

    fn to_secret_text(&self) -> Zeroizing<String> {
        // Room for all of it at once: a string that grows leaves copies behind that nobody wipes.
        let mut text = Zeroizing::new(String::with_capacity(self.text_len()));
        self.write(&mut text);
        text
    }

    /// At least the length of the text.
    pub(super) fn text_len(&self) -> usize {
        let fields: usize = self
            .0
            .iter()
            // A name and a string grow sixfold at worst, when every character becomes an escape.
            .map(|(name, field)| 6 * name.len() + 6 + field.text_len())
            .sum();
        fields + 2
    }

    fn write(&self, text: &mut String) {
        text.push('{');
        separated(text, &self.0, |text, (name, field)| {
            write_string(name, text);
            text.push(':');
            field.write(text);
        });
        text.push('}');
    }
}

impl Field<'_> {
    pub(super) fn text_len(&self) -> usize {
        match self {
            Self::Text(value) => 6 * value.len() + 2,
            Self::Octets(value) => base64url::encoded_len(value.len()) + 2,
            Self::Operations(values) => values
                .iter()
                .map(|value| 6 * value.as_str().len() + 3)
                .sum::<usize>()
                .saturating_add(2),
            Self::Certificates(values) => values
                .iter()
                .map(|value| value.len().div_ceil(3) * 4 + 3)
                .sum::<usize>()
                .saturating_add(2),
            Self::Primes(values) => values
                .iter()
                .flat_map(|prime| [&prime.r, &prime.d, &prime.t])
                .map(|value| base64url::encoded_len(value.len()) + 8)
                .sum::<usize>()
                .saturating_add(2),
            Self::Json(value) => value.to_string().len(),
        }
    }

    fn write(&self, text: &mut String) {
        match self {
            Self::Text(value) => write_string(value, text),
            Self::Octets(value) => write_octets(value, text),
            Self::Operations(values) => write_array(text, values, |text, operation| {
                write_string(operation.as_str(), text);
            }),
            Self::Certificates(values) => write_array(text, values, |text, certificate| {
                text.push('"');
                base64_simd::STANDARD.encode_append(certificate, text);
                text.push('"');
            }),
            Self::Primes(values) => write_array(text, values, |text, prime| {
                text.push_str("{\"r\":");
                write_octets(prime.r.expose(), text);
                text.push_str(",\"d\":");
                write_octets(prime.d.expose(), text);
                text.push_str(",\"t\":");
                write_octets(prime.t.expose(), text);
                text.push('}');
            }),
            Self::Json(value) => text.push_str(&value.to_string()),
        }
    }

    /// For public keys alone: the texts made here are not wiped.
    fn to_value(&self) -> Value {
        match self {
            Self::Text(value) => (*value).into(),
            Self::Octets(value) => base64url::encode(value).into(),
            Self::Operations(values) => values.iter().map(KeyOperation::as_str).collect(),
            Self::Certificates(values) => values.iter().map(certificate_text).collect(),
            Self::Json(value) => (*value).clone(),
            Self::Primes(values) => values
                .iter()
                .map(|prime| {
                    let [r, d, t] =
                        [&prime.r, &prime.d, &prime.t].map(|n| base64url::encode(n.expose()));
                    json!({ "r": r, "d": d, "t": t })
                })
                .collect(),
        }
    }
}

/// The text of a set: its keys, then its other members.
pub(super) fn write_set(keys: &[Fields<'_>], other: &Fields<'_>) -> Zeroizing<String> {
    let len = keys.iter().map(|key| key.text_len() + 1).sum::<usize>() + other.text_len() + 16;
    let mut text = Zeroizing::new(String::with_capacity(len));
    text.push_str("{\"keys\":");
    write_array(&mut text, keys, |text, key| key.write(text));
    for (name, field) in &other.0 {
        text.push(',');
        write_string(name, &mut text);
        text.push(':');
        field.write(&mut text);
    }
    text.push('}');
    text
}

fn certificate_text(certificate: &Vec<u8>) -> String {
    base64_simd::STANDARD.encode_to_string(certificate)
}

fn write_array<T>(text: &mut String, values: &[T], write: impl FnMut(&mut String, &T)) {
    text.push('[');
    separated(text, values, write);
    text.push(']');
}

fn separated<T>(text: &mut String, values: &[T], mut write: impl FnMut(&mut String, &T)) {
    for (index, value) in values.iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        write(text, value);
    }
}

fn write_octets(octets: &[u8], text: &mut String) {
    text.push('"');
    base64url::encode_into(octets, text);
    text.push('"');
}

/// A JSON string (RFC 8259 §7), with the escapes that `serde_json` writes.
fn write_string(value: &str, text: &mut String) {
    text.push('"');
    for character in value.chars() {
        match character {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\u{8}' => text.push_str("\\b"),
            '\u{c}' => text.push_str("\\f"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            control if control < ' ' => {
                const DIGITS: [char; 16] = [
                    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f',
                ];
                let code = control as usize;
                text.push_str("\\u00");
                text.extend(
                    [DIGITS.get(code / 16), DIGITS.get(code % 16)]
                        .into_iter()
                        .flatten(),
                );
            }
            plain => text.push(plain),
        }
    }
    text.push('"');
}
