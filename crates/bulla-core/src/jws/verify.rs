//! Verifying what was read: any signature, all of them, with the payload inside, beside or streamed.

use std::io::Read;
use std::sync::Arc;

use super::compact::{decode_signature, try_candidates};
use super::parsed::{Jws, SignatureEntry, Unverified, Verified, VerifiedSignature, VerifiedStream};
use super::{Policy, VerifyError};
use crate::base64url;
use crate::key::{Keys, SeenHeader, SigningInput};

/// How many of the signatures must hold.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Quorum {
    Any,
    All,
}

struct Outcome {
    verified: Vec<VerifiedSignature>,
    failures: Vec<(usize, VerifyError)>,
}

impl<'t> Jws<'t, Unverified> {
    /// Verifies every signature on its own; at least one must hold. Those that do not are kept with their
    /// errors ([`failures`](Jws::failures)).
    ///
    /// # Errors
    ///
    /// [`VerifyError::SignatureInvalid`], [`VerifyError::AlgorithmNotAllowed`], [`VerifyError::KeyNotFound`],
    /// or [`VerifyError::Several`] of them; [`VerifyError::Malformed`] where a part is not base64url.
    pub fn verify<K: Keys + ?Sized>(self, keys: &K) -> Result<Jws<'t, Verified>, VerifyError> {
        self.verify_payload(None, keys, Quorum::Any)
    }

    /// Verifies every signature; all must hold.
    ///
    /// # Errors
    ///
    /// As for [`verify`](Self::verify).
    pub fn verify_all<K: Keys + ?Sized>(self, keys: &K) -> Result<Jws<'t, Verified>, VerifyError> {
        self.verify_payload(None, keys, Quorum::All)
    }

    /// Verifies a JWS whose payload came beside it (RFC 7515 appendix F); at least one signature must hold.
    ///
    /// # Errors
    ///
    /// As for [`verify`](Self::verify), and [`VerifyError::Payload`] where the token carries a payload itself.
    pub fn verify_detached<K: Keys + ?Sized>(
        self,
        payload: &[u8],
        keys: &K,
    ) -> Result<Jws<'t, Verified>, VerifyError> {
        self.verify_payload(Some(payload), keys, Quorum::Any)
    }

    /// As [`verify_detached`](Self::verify_detached), but all signatures must hold.
    ///
    /// # Errors
    ///
    /// As for [`verify_detached`](Self::verify_detached).
    pub fn verify_detached_all<K: Keys + ?Sized>(
        self,
        payload: &[u8],
        keys: &K,
    ) -> Result<Jws<'t, Verified>, VerifyError> {
        self.verify_payload(Some(payload), keys, Quorum::All)
    }

    /// Verifies a detached JWS of one signature against a payload that is read once, in constant memory.
    ///
    /// HS, RS, PS and ES hash what they read; EdDSA and ML-DSA need the whole and read up to
    /// [`Limits::unstreamed`](crate::Limits::unstreamed). Where several keys fit, those after the first can be
    /// tried only if they need the same digest.
    ///
    /// # Errors
    ///
    /// As for [`verify_detached`](Self::verify_detached), and [`VerifyError::Input`] where reading fails.
    /// A JWS of several signatures is [`VerifyError::Malformed`] here.
    pub fn verify_stream<K: Keys + ?Sized>(
        self,
        payload: &mut (dyn Read + Send),
        keys: &K,
    ) -> Result<Jws<'t, VerifiedStream>, VerifyError> {
        if self.payload.is_some() {
            return Err(VerifyError::Payload { attached: true });
        }
        let [entry] = self.signatures.as_slice() else {
            return Err(VerifyError::malformed(
                "streamed payload",
                "goes with exactly one signature",
            ));
        };
        let policy = &self.state.policy;
        let prefix = [entry.segment.as_bytes(), b"."].concat();
        let input =
            SigningInput::stream(&prefix, payload, self.encoded(), policy.bounds().unstreamed);
        let verified = vec![entry.verify(0, &input, keys, policy)?];
        Ok(self.into_state(VerifiedStream {
            verified,
            failures: Vec::new(),
        }))
    }

    fn verify_payload<K: Keys + ?Sized>(
        self,
        supplied: Option<&[u8]>,
        keys: &K,
        quorum: Quorum,
    ) -> Result<Jws<'t, Verified>, VerifyError> {
        if supplied.is_some() && self.payload.is_some() {
            return Err(VerifyError::Payload { attached: true });
        }
        if supplied.is_none()
            && self.payload.is_none()
            && self.serialization != super::Serialization::Compact
        {
            // In JSON an empty payload is a member; its absence means that it is elsewhere.
            return Err(VerifyError::Payload { attached: false });
        }
        let outcome = match supplied {
            Some(payload) if self.encoded() => {
                self.verify_over(base64url::encode(payload).as_bytes(), keys)
            }
            Some(payload) => self.verify_over(payload, keys),
            None => self.verify_over(self.payload.as_deref().unwrap_or_default().as_bytes(), keys),
        };
        let holds = match quorum {
            Quorum::Any => !outcome.verified.is_empty(),
            Quorum::All => outcome.failures.is_empty(),
        };
        if !holds {
            let errors = outcome
                .failures
                .into_iter()
                .map(|(_, error)| error)
                .collect();
            return Err(VerifyError::several(errors));
        }
        let payload = match supplied {
            Some(payload) => payload.to_vec(),
            None => self.decode_payload()?,
        };
        let Outcome { verified, failures } = outcome;
        Ok(self.into_state(Verified {
            payload,
            verified,
            failures,
        }))
    }

    /// `payload` is what stands after the dot of the signing input.
    fn verify_over<K: Keys + ?Sized>(&self, payload: &[u8], keys: &K) -> Outcome {
        let mut outcome = Outcome {
            verified: Vec::new(),
            failures: Vec::new(),
        };
        for (index, entry) in self.signatures.iter().enumerate() {
            let prefix = [entry.segment.as_bytes(), b"."].concat();
            let input = SigningInput::split(&prefix, payload);
            match entry.verify(index, &input, keys, &self.state.policy) {
                Ok(verified) => outcome.verified.push(verified),
                Err(error) => outcome.failures.push((index, error)),
            }
        }
        outcome
    }

    fn into_state<T>(self, state: T) -> Jws<'t, T> {
        Jws {
            serialization: self.serialization,
            signatures: self.signatures,
            state,
            payload: self.payload,
        }
    }
}

impl SignatureEntry<'_> {
    fn verify<K: Keys + ?Sized>(
        &self,
        index: usize,
        input: &SigningInput<'_>,
        keys: &K,
        policy: &Policy,
    ) -> Result<VerifiedSignature, VerifyError> {
        let signature = decode_signature(&self.signature)?;
        let header = self.header();
        let hint = header.key_hint()?;
        let candidates = keys.select(&hint)?;
        let bounds = policy.bounds();
        let tried = try_candidates(&candidates, hint.alg, input, &signature, bounds, |_| false);
        let (verifier, failures) = tried.map_err(VerifyError::several)?;
        let seen = Arc::new(SeenHeader {
            segment: self.segment.as_ref().into(),
            header: header.clone(),
            key: Arc::clone(&verifier.key),
        });
        Ok(VerifiedSignature {
            index,
            seen,
            failures: (!failures.is_empty()).then(|| failures.into()),
        })
    }
}
