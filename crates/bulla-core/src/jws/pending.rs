use core::fmt;

use serde_json::{Map, Value};

use super::headers::ReadyHeaders;
use super::{BuildError, Serialization};
use crate::base64url;
use crate::jwa::AlgName;
use crate::key::{Signature, Signer, SigningInput, Verifier};

/// A JWS that lacks nothing but its signature.
///
/// `prepare`, one key operation, `finish`: a caller with a queue, an approval step or a key of its own kind in
/// between signs [`input`](Self::input) out of band.
pub struct Pending {
    alg: AlgName,
    /// `header.payload`, the payload encoded as `b64` wants it.
    signing: Vec<u8>,
    header_len: usize,
    detached: bool,
    serialization: Serialization,
    unprotected: Map<String, Value>,
}

impl Pending {
    pub(super) fn new(
        ready: ReadyHeaders,
        payload: &[u8],
        detached: bool,
        serialization: Serialization,
    ) -> Result<Self, BuildError> {
        match serialization {
            Serialization::Compact if !ready.unprotected.is_empty() => {
                return Err(BuildError::HeaderUnprotected);
            }
            Serialization::Compact
                if !ready.encoded && !detached && !payload.iter().all(stands_in_compact) =>
            {
                return Err(BuildError::PayloadUnencodable);
            }
            Serialization::Flattened | Serialization::General
                if !ready.encoded && !detached && core::str::from_utf8(payload).is_err() =>
            {
                return Err(BuildError::PayloadUnencodable);
            }
            _ => {}
        }
        let header_len = ready.segment.len();
        let signing = signing_octets(ready.segment, ready.encoded, payload);
        Ok(Self {
            alg: ready.alg,
            signing,
            header_len,
            detached,
            serialization,
            unprotected: ready.unprotected,
        })
    }

    /// What the key signs.
    #[must_use]
    pub fn input(&self) -> SigningInput<'_> {
        SigningInput::whole(&self.signing)
    }

    /// Completes the token.
    ///
    /// # Security
    ///
    /// The signature is believed. [`finish_checked`](Self::finish_checked) believes nothing.
    #[must_use]
    pub fn finish(self, signature: &Signature) -> String {
        let signature = signature.as_ref();
        match self.serialization {
            Serialization::Compact => self.finish_compact(signature),
            Serialization::Flattened => self.finish_json(signature, false),
            Serialization::General => self.finish_json(signature, true),
        }
    }

    /// Completes the token if the public key verifies the signature.
    ///
    /// # Errors
    ///
    /// [`BuildError::Sign`] of [`SignError::RemoteSignatureInvalid`](crate::key::SignError::RemoteSignatureInvalid);
    /// [`BuildError::Algorithm`] where the verifier is bound to another algorithm than the header names.
    pub fn finish_checked(
        self,
        signature: &Signature,
        verifier: &Verifier,
    ) -> Result<String, BuildError> {
        // A verifier of another algorithm may say yes, and every receiver would say no.
        if *verifier.alg() != self.alg {
            return Err(BuildError::Algorithm {
                alg: verifier.alg().clone(),
            });
        }
        verifier
            .check(&self.input(), signature.as_ref())
            .map_err(|_| BuildError::Sign(crate::key::SignError::RemoteSignatureInvalid))?;
        Ok(self.finish(signature))
    }

    fn finish_compact(mut self, signature: &[u8]) -> String {
        if self.detached {
            self.signing.truncate(self.header_len + 1);
        }
        // What is left is ASCII: base64url, or an unencoded payload that was checked to be.
        let mut token = String::from_utf8(self.signing).unwrap_or_default();
        token.push('.');
        base64url::encode_into(signature, &mut token);
        token
    }

    fn finish_json(self, signature: &[u8], general: bool) -> String {
        let entry = self.signature_members(signature);
        let mut members = Map::new();
        if let Some(payload) = self.payload_member() {
            members.insert("payload".into(), payload.into());
        }
        if general {
            members.insert(
                "signatures".into(),
                Value::Array(vec![Value::Object(entry)]),
            );
        } else {
            members.extend(entry);
        }
        Value::Object(members).to_string()
    }

    /// `protected`, `header`, `signature`
    pub(super) fn signature_members(&self, signature: &[u8]) -> Map<String, Value> {
        let protected = self.signing.get(..self.header_len).unwrap_or_default();
        let mut entry = Map::new();
        entry.insert(
            "protected".into(),
            String::from_utf8_lossy(protected).into(),
        );
        if !self.unprotected.is_empty() {
            entry.insert("header".into(), Value::Object(self.unprotected.clone()));
        }
        entry.insert("signature".into(), base64url::encode(signature).into());
        entry
    }

    pub(super) fn payload_member(&self) -> Option<String> {
        let payload = self.signing.get(self.header_len + 1..).unwrap_or_default();
        (!self.detached).then(|| String::from_utf8_lossy(payload).into_owned())
    }
}

impl fmt::Debug for Pending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pending")
            .field("serialization", &self.serialization)
            .field("detached", &self.detached)
            .finish_non_exhaustive()
    }
}

/// Signs a payload under a protected header that is encoded already, into one allocation.
pub(crate) fn sign_segments(
    signer: &Signer,
    segment: &str,
    payload: &[u8],
) -> Result<String, BuildError> {
    // Room for the signature of any elliptic curve or MAC; RSA and ML-DSA grow once.
    const SIGNATURE: usize = 180;
    let mut token =
        String::with_capacity(segment.len() + 2 + payload.len().div_ceil(3) * 4 + SIGNATURE);
    token.push_str(segment);
    token.push('.');
    base64url::encode_into(payload, &mut token);
    let signature = signer.sign(&SigningInput::whole(token.as_bytes()))?;
    token.push('.');
    base64url::encode_into(signature.as_ref(), &mut token);
    Ok(token)
}

fn signing_octets(segment: String, encoded: bool, payload: &[u8]) -> Vec<u8> {
    let mut text = segment;
    text.push('.');
    if encoded {
        base64url::encode_into(payload, &mut text);
        text.into_bytes()
    } else {
        let mut octets = text.into_bytes();
        octets.extend_from_slice(payload);
        octets
    }
}

/// Printable ASCII but the full stop (RFC 7797 §5.2).
const fn stands_in_compact(octet: &u8) -> bool {
    matches!(octet, b' '..=b'~') && *octet != b'.'
}
