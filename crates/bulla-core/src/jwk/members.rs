//! The members that every JWK may carry (RFC 7517 §4).

use core::fmt;
use std::borrow::Cow;

use serde_json::{Map, Value};

use super::KeyError;
use super::print::{Field, Fields};
use super::raw::{self, Name, Raw};
use super::usage::{self, KeyOperation, PublicKeyUse};
use crate::base64url;
use crate::jwa::{AlgName, SignatureAlg};
use crate::limits::Limits;

/// The members that a JWK of any type may carry (RFC 7517 §4), and those nobody registered.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Members {
    /// Key ID, [RFC 7517 §4.5](https://www.rfc-editor.org/rfc/rfc7517#section-4.5).
    pub kid: Option<String>,
    /// Intended use, [RFC 7517 §4.2](https://www.rfc-editor.org/rfc/rfc7517#section-4.2).
    pub key_use: Option<PublicKeyUse>,
    /// Permitted operations, [RFC 7517 §4.3](https://www.rfc-editor.org/rfc/rfc7517#section-4.3).
    pub key_ops: Option<Vec<KeyOperation>>,
    /// The algorithm the key is for, [RFC 7517 §4.4](https://www.rfc-editor.org/rfc/rfc7517#section-4.4).
    pub alg: Option<AlgName>,
    /// Where a certificate chain is, [RFC 7517 §4.6](https://www.rfc-editor.org/rfc/rfc7517#section-4.6). Never fetched by itself.
    pub x5u: Option<String>,
    /// The certificate chain, DER, the key's own first, [RFC 7517 §4.7](https://www.rfc-editor.org/rfc/rfc7517#section-4.7).
    pub x5c: Option<Vec<Vec<u8>>>,
    /// SHA-1 of the certificate, [RFC 7517 §4.8](https://www.rfc-editor.org/rfc/rfc7517#section-4.8).
    pub x5t: Option<[u8; 20]>,
    /// SHA-256 of the certificate, [RFC 7517 §4.9](https://www.rfc-editor.org/rfc/rfc7517#section-4.9).
    pub x5t_s256: Option<[u8; 32]>,
    /// Members that are not registered, kept as they came.
    pub other: Map<String, Value>,
}

impl Members {
    pub(super) fn read(raw: &mut Raw<'_>, limits: &Limits) -> Result<Self, KeyError> {
        if raw
            .text(Name::Kid)
            .is_some_and(|kid| kid.len() > limits.kid)
        {
            return Err(KeyError::LimitExceeded("the length of `kid`"));
        }
        if raw
            .x5c
            .as_ref()
            .is_some_and(|chain| chain.len() > limits.x5c)
        {
            return Err(KeyError::LimitExceeded(
                "the number of certificates in `x5c`",
            ));
        }
        let key_use = raw.text(Name::Use).map(PublicKeyUse::from);
        let key_ops = raw
            .key_ops
            .as_ref()
            .map(|texts| texts.iter().map(|text| (&**text).into()).collect());
        usage::check_consistency(key_use.as_ref(), key_ops.as_deref())?;
        Ok(Self {
            key_use,
            key_ops,
            alg: raw.text(Name::Alg).map(alg_name),
            x5u: raw.text(Name::X5u).map(str::to_owned),
            x5c: raw.x5c.as_deref().map(read_chain).transpose()?,
            x5t: read_digest(Name::X5t, raw.text(Name::X5t))?,
            x5t_s256: read_digest(Name::X5tS256, raw.text(Name::X5tS256))?,
            kid: raw.text(Name::Kid).map(str::to_owned),
            other: std::mem::take(&mut raw.other),
        })
    }

    /// The members to print. `alg` is left to the key where it is part of it.
    pub(super) fn fields<'a>(&'a self, fields: &mut Fields<'a>) {
        let text = |value: &'a Option<String>| value.as_deref().map(Field::Text);
        let octets = |value: Option<&'a [u8]>| value.map(Field::Octets);
        fields.push_some("kid", text(&self.kid));
        fields.push_some(
            "use",
            self.key_use
                .as_ref()
                .map(|value| Field::Text(value.as_str())),
        );
        fields.push_some("key_ops", self.key_ops.as_deref().map(Field::Operations));
        if !fields.has("alg") {
            fields.push_some(
                "alg",
                self.alg.as_ref().map(|value| Field::Text(value.as_str())),
            );
        }
        fields.push_some("x5u", text(&self.x5u));
        fields.push_some("x5c", self.x5c.as_deref().map(Field::Certificates));
        fields.push_some("x5t", octets(self.x5t.as_ref().map(<[u8; 20]>::as_slice)));
        fields.push_some(
            "x5t#S256",
            octets(self.x5t_s256.as_ref().map(<[u8; 32]>::as_slice)),
        );
        for (name, value) in &self.other {
            // What a caller puts here under a registered name would make a member stand twice.
            if !raw::is_registered(name) {
                fields.push(name, Field::Json(value));
            }
        }
    }

    /// What of a private key's members its public half carries.
    pub(crate) fn public(&self) -> Self {
        Self {
            key_ops: self.key_ops.as_deref().map(usage::of_the_public_half),
            other: Map::new(),
            ..self.clone()
        }
    }
}

/// Says which members there are; what nobody registered may be secret, and a chain is long.
impl fmt::Debug for Members {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Members")
            .field("kid", &self.kid)
            .field("key_use", &self.key_use)
            .field("key_ops", &self.key_ops)
            .field("alg", &self.alg)
            .field("x5u", &self.x5u)
            .field("x5c", &self.x5c.as_ref().map(Vec::len))
            .field("x5t", &self.x5t.map(base64url::encode))
            .field("x5t_s256", &self.x5t_s256.map(base64url::encode))
            .field("other", &self.other.keys().collect::<Vec<_>>())
            .finish()
    }
}

/// Without an allocation for the names that keys mostly have.
fn alg_name(name: &str) -> AlgName {
    SignatureAlg::from_name(name).map_or_else(|| AlgName::new(name), |alg| alg.name().clone())
}

/// `x5c`: standard base64 with padding, unlike everything else in JOSE (RFC 7517 §4.7). What the octets say is
/// looked at when the key is bound.
fn read_chain(texts: &[Cow<'_, str>]) -> Result<Vec<Vec<u8>>, KeyError> {
    if texts.is_empty() {
        return Err(KeyError::malformed("x5c", "has no certificate"));
    }
    texts
        .iter()
        .map(|text| {
            base64_simd::STANDARD
                .decode_to_vec(text.as_bytes())
                .ok()
                .filter(|certificate| !certificate.is_empty())
                .ok_or_else(|| {
                    KeyError::malformed(
                        "x5c",
                        "is not standard base64 with padding (RFC 7517 §4.7)",
                    )
                })
        })
        .collect()
}

fn read_digest<const LEN: usize>(
    member: Name,
    text: Option<&str>,
) -> Result<Option<[u8; LEN]>, KeyError> {
    text.map(|text| {
        let octets = raw::octets(member.as_str(), text)?;
        octets.as_slice().try_into().map_err(|_| {
            KeyError::malformed(
                member.as_str(),
                "is not as long as its digest (20 octets for `x5t`, 32 for `x5t#S256`)",
            )
        })
    })
    .transpose()
}
