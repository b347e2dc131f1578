//! The members that every JWK may carry (RFC 7517 §4).

use serde_json::{Map, Value};

use super::usage::{self, KeyOperation, PublicKeyUse};
use crate::jwa::AlgName;

/// The members that a JWK of any type may carry (RFC 7517 §4), and those nobody registered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
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
    /// What of a private key's members its public half carries.
    pub(crate) fn public(&self) -> Self {
        Self {
            key_ops: self.key_ops.as_deref().map(usage::of_the_public_half),
            other: Map::new(),
            ..self.clone()
        }
    }
}
