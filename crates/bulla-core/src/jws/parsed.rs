use core::fmt;
use std::borrow::Cow;
use std::sync::Arc;

use smallvec::SmallVec;

use super::compact::Parts;
use super::{Policy, VerifyError, json_form};
use crate::base64url;
use crate::header::{self, Header, Kind, Place};
use crate::key::{KeyInfo, SeenHeader};

/// A JSON Web Signature in one of two states.
///
/// `Jws<Unverified>` has headers; only verification makes the `Jws<Verified>` that has a payload:
///
/// ```compile_fail,E0599
/// # fn f(token: &str) -> Result<(), bulla_core::jws::VerifyError> {
/// use bulla_core::jws::Jws;
/// let jws = Jws::parse_compact(token)?;
/// jws.payload(); // no such method before `verify`
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct Jws<'t, S = Unverified> {
    pub(super) serialization: Serialization,
    pub(super) signatures: SmallVec<[SignatureEntry<'t>; 1]>,
    pub(super) state: S,
    /// As it came: base64url text, or the payload itself where `b64` is false. `None` where it is detached.
    pub(super) payload: Option<Cow<'t, str>>,
}

/// One of the three forms of RFC 7515 §7.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Serialization {
    /// [RFC 7515 §7.1](https://www.rfc-editor.org/rfc/rfc7515#section-7.1)
    Compact,
    /// [RFC 7515 §7.2.2](https://www.rfc-editor.org/rfc/rfc7515#section-7.2.2)
    Flattened,
    /// [RFC 7515 §7.2.1](https://www.rfc-editor.org/rfc/rfc7515#section-7.2.1)
    General,
}

/// The state of a JWS that nobody has verified.
#[derive(Clone, Debug)]
pub struct Unverified {
    pub(super) policy: Policy,
}

/// The state of a JWS of which at least one signature held (all of them, after `verify_all`).
#[derive(Debug)]
pub struct Verified {
    pub(super) payload: Vec<u8>,
    pub(super) verified: Vec<VerifiedSignature>,
    pub(super) failures: Vec<(usize, VerifyError)>,
}

/// The state of a detached JWS whose payload was streamed: it held, and the caller has the payload.
#[derive(Debug)]
pub struct VerifiedStream {
    pub(super) verified: Vec<VerifiedSignature>,
    pub(super) failures: Vec<(usize, VerifyError)>,
}

/// One signature of a JWS with its headers, not verified by itself.
#[derive(Debug)]
pub struct SignatureEntry<'t> {
    /// The protected header as it came; the received text is what gets verified.
    pub(super) segment: Cow<'t, str>,
    pub(super) protected: Header,
    pub(super) unprotected: Option<Header>,
    /// The union, where there is an unprotected header.
    pub(super) union: Option<Header>,
    pub(super) signature: Cow<'t, str>,
}

/// A signature that held: which, with which header, by which key.
#[derive(Clone)]
pub struct VerifiedSignature {
    pub(super) index: usize,
    pub(super) seen: Arc<SeenHeader>,
    /// Of the keys that were tried before.
    pub(super) failures: Option<Arc<[VerifyError]>>,
}

impl<'t> Jws<'t, Unverified> {
    /// Reads the compact serialization under the default [`Policy`].
    ///
    /// # Errors
    ///
    /// [`VerifyError::Malformed`], [`VerifyError::LimitExceeded`] and [`VerifyError::CriticalUnknown`].
    ///
    /// ```
    /// use bulla_core::jws::Jws;
    /// assert_eq!(Jws::parse_compact("not a token").unwrap_err().code(), "jws.malformed");
    /// ```
    pub fn parse_compact(token: &'t str) -> Result<Self, VerifyError> {
        Self::parse_compact_with(token, Policy::new())
    }

    /// Reads the compact serialization.
    ///
    /// # Errors
    ///
    /// As for [`parse_compact`](Self::parse_compact).
    pub fn parse_compact_with(token: &'t str, policy: Policy) -> Result<Self, VerifyError> {
        let parts = Parts::split(token, policy.bounds())?;
        let protected = Header::parse_segment(parts.header, Kind::Jws, policy.bounds())?;
        let entry = SignatureEntry {
            segment: Cow::Borrowed(parts.header),
            protected,
            unprotected: None,
            union: None,
            signature: Cow::Borrowed(parts.signature),
        };
        let payload = (!parts.payload.is_empty()).then_some(Cow::Borrowed(parts.payload));
        Self::checked(
            Serialization::Compact,
            [entry].into_iter().collect(),
            payload,
            policy,
        )
    }

    /// Reads the flattened JSON serialization under the default [`Policy`].
    ///
    /// # Errors
    ///
    /// As for [`parse_compact`](Self::parse_compact).
    ///
    /// ```
    /// use bulla_core::jws::Jws;
    /// let both = br#"{"payload":"","signature":"","signatures":[]}"#;
    /// assert_eq!(Jws::parse_flattened(both).unwrap_err().code(), "jws.malformed");
    /// ```
    pub fn parse_flattened(json: &'t [u8]) -> Result<Self, VerifyError> {
        Self::parse_flattened_with(json, Policy::new())
    }

    /// Reads the flattened JSON serialization.
    ///
    /// # Errors
    ///
    /// As for [`parse_compact`](Self::parse_compact).
    pub fn parse_flattened_with(json: &'t [u8], policy: Policy) -> Result<Self, VerifyError> {
        let form = json_form::parse(json, policy.bounds())?;
        let (payload, signatures) = form.flattened()?;
        Self::from_json(Serialization::Flattened, payload, signatures, policy)
    }

    /// Reads the general JSON serialization under the default [`Policy`].
    ///
    /// # Errors
    ///
    /// As for [`parse_compact`](Self::parse_compact).
    ///
    /// ```
    /// use bulla_core::jws::Jws;
    /// let none = br#"{"payload":"","signatures":[]}"#;
    /// assert_eq!(Jws::parse_general(none).unwrap_err().code(), "jws.malformed");
    /// ```
    pub fn parse_general(json: &'t [u8]) -> Result<Self, VerifyError> {
        Self::parse_general_with(json, Policy::new())
    }

    /// Reads the general JSON serialization.
    ///
    /// # Errors
    ///
    /// As for [`parse_compact`](Self::parse_compact).
    pub fn parse_general_with(json: &'t [u8], policy: Policy) -> Result<Self, VerifyError> {
        let form = json_form::parse(json, policy.bounds())?;
        let (payload, signatures) = form.general(policy.bounds())?;
        Self::from_json(Serialization::General, payload, signatures, policy)
    }

    fn from_json(
        serialization: Serialization,
        payload: Option<Cow<'t, str>>,
        signatures: Vec<json_form::Signature<'t>>,
        policy: Policy,
    ) -> Result<Self, VerifyError> {
        let signatures = signatures
            .into_iter()
            .map(|signature| SignatureEntry::from_json(signature, &policy))
            .collect::<Result<_, _>>()?;
        Self::checked(serialization, signatures, payload, policy)
    }

    fn checked(
        serialization: Serialization,
        signatures: SmallVec<[SignatureEntry<'t>; 1]>,
        payload: Option<Cow<'t, str>>,
        policy: Policy,
    ) -> Result<Self, VerifyError> {
        let mut encodings = signatures.iter().map(|entry| entry.header().b64());
        let first = encodings.next();
        if encodings.any(|encoding| Some(encoding) != first) {
            return Err(VerifyError::malformed(
                "b64",
                "differs between the signatures",
            ));
        }
        for entry in &signatures {
            policy.admit(entry.header())?;
        }
        Ok(Self {
            serialization,
            signatures,
            state: Unverified { policy },
            payload,
        })
    }
}

impl<'t, S> Jws<'t, S> {
    /// The serialization it was read from.
    #[must_use]
    pub const fn serialization(&self) -> Serialization {
        self.serialization
    }

    /// The signatures with their headers, in the order of the token; at least one. What their headers say is
    /// not verified by being read here.
    #[must_use]
    pub fn signatures(&self) -> &[SignatureEntry<'t>] {
        &self.signatures
    }

    /// Whether the payload is not in the token (RFC 7515 appendix F). An empty part of a compact token may
    /// also be an empty payload; only the caller knows.
    #[must_use]
    pub const fn is_detached(&self) -> bool {
        self.payload.is_none()
    }

    /// The payload as it stands in the token, decoded, **not verified**: for tools that show tokens.
    ///
    /// # Errors
    ///
    /// [`VerifyError::Malformed`] where it is not base64url.
    ///
    /// # Security
    ///
    /// Whoever made the token chose these octets. To act on them, verify.
    pub fn dangerous_unverified_payload(&self) -> Result<Option<Vec<u8>>, VerifyError> {
        self.payload
            .is_some()
            .then(|| self.decode_payload())
            .transpose()
    }

    pub(super) fn encoded(&self) -> bool {
        self.signatures
            .first()
            .is_none_or(|entry| entry.header().b64())
    }

    pub(super) fn decode_payload(&self) -> Result<Vec<u8>, VerifyError> {
        let text = self.payload.as_deref().unwrap_or_default();
        if self.encoded() {
            base64url::decode(text)
                .map_err(|_| VerifyError::malformed("payload", "is not base64url without padding"))
        } else {
            Ok(text.as_bytes().to_vec())
        }
    }
}

impl<'t> SignatureEntry<'t> {
    fn from_json(
        signature: json_form::Signature<'t>,
        policy: &Policy,
    ) -> Result<Self, VerifyError> {
        let segment = signature.protected.unwrap_or_default();
        let protected = if signature.has_protected {
            Header::parse_segment(&segment, Kind::Jws, policy.bounds())?
        } else {
            Header::default()
        };
        if let Some(parameters) = &signature.header
            && header::written_len(parameters) > policy.bounds().header
        {
            return Err(VerifyError::limit("the unprotected header"));
        }
        let unprotected = signature
            .header
            .map(|parameters| Header::from_parameters(parameters, Kind::Jws, Place::Unprotected))
            .transpose()
            .map_err(VerifyError::Malformed)?;
        let union = unprotected
            .clone()
            .map(|unprotected| Header::union(protected.clone(), unprotected))
            .transpose()
            .map_err(VerifyError::Malformed)?;
        Ok(Self {
            segment,
            protected,
            unprotected,
            union,
            signature: signature.signature,
        })
    }

    /// The JOSE Header: what the protected and the unprotected header say together.
    #[must_use]
    pub fn header(&self) -> &Header {
        self.union.as_ref().unwrap_or(&self.protected)
    }

    /// The part that the signature covers.
    #[must_use]
    pub const fn protected(&self) -> &Header {
        &self.protected
    }

    /// The part that anybody may change.
    #[must_use]
    pub const fn unprotected(&self) -> Option<&Header> {
        self.unprotected.as_ref()
    }
}

impl Jws<'_, Verified> {
    /// The payload that the signatures cover.
    #[must_use]
    pub fn payload(&self) -> &[u8] {
        &self.state.payload
    }

    /// The payload, without a copy.
    #[must_use]
    pub fn into_payload(self) -> Vec<u8> {
        self.state.payload
    }

    /// The signatures that held; at least one.
    #[must_use]
    pub fn verified(&self) -> &[VerifiedSignature] {
        &self.state.verified
    }

    /// The signatures that did not hold, by their position, each with its error.
    #[must_use]
    pub fn failures(&self) -> &[(usize, VerifyError)] {
        &self.state.failures
    }
}

impl Jws<'_, VerifiedStream> {
    /// The signatures that held; at least one.
    #[must_use]
    pub fn verified(&self) -> &[VerifiedSignature] {
        &self.state.verified
    }

    /// The signatures that did not hold, by their position, each with its error.
    #[must_use]
    pub fn failures(&self) -> &[(usize, VerifyError)] {
        &self.state.failures
    }
}

impl VerifiedSignature {
    /// Its position in the token, from 0.
    #[must_use]
    pub const fn index(&self) -> usize {
        self.index
    }

    /// Its JOSE Header.
    #[must_use]
    pub fn header(&self) -> &Header {
        self.seen.header()
    }

    /// Why the keys that were tried before did not verify it, in order.
    #[must_use]
    pub fn failures(&self) -> &[VerifyError] {
        self.failures.as_deref().unwrap_or_default()
    }

    /// The key that verified it.
    #[must_use]
    pub fn key(&self) -> &KeyInfo {
        self.seen.key()
    }
}

impl fmt::Debug for VerifiedSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifiedSignature")
            .field("index", &self.index)
            .field("key", self.key())
            .finish_non_exhaustive()
    }
}
