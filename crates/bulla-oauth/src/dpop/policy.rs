use core::time::Duration;
use std::sync::Arc;

use bulla_core::jwa::SignatureAlg;
use bulla_core::key::{Backend, Verifier};
use bulla_core::{Clock, Header, SystemClock, Untrusted};

use super::checks::{self, Claims, Facts};
use super::make::TYP;
use super::{DpopCheckError, DpopError, DpopRequest, Nonces, ProvedKey, Thumbprint, VerifiedProof};
use crate::checks::{form, structure, typ};
use crate::single_use::SingleUse;

/// What a server accepts as a proof. Made once, used for every request.
///
/// | | default |
/// |---|---|
/// | algorithms | ES256, EdDSA, Ed25519, PS256 and their longer kin |
/// | `iat` in the past | 300 s |
/// | `iat` in the future | 60 s |
/// | size of the proof | 8 KiB |
/// | nonce | not needed |
///
/// The checks are those of [RFC 9449 §4.3](https://www.rfc-editor.org/rfc/rfc9449#section-4.3) in this order, by the names
/// that [`DpopCheckError::check`] has: `header`, `size`, `form`, `algorithm`, `type`, `key`, `signature`, `claims`,
/// `jti`, `method`, `url`, `time`, `nonce`, `token`, `binding`, `replay`.
#[derive(Clone, Debug)]
#[must_use = "nothing is checked until `verify` is called"]
pub struct DpopPolicy {
    pub(super) past: Duration,
    pub(super) future: Duration,
    pub(super) nonces: Option<Nonces>,
    pub(super) clock: Arc<dyn Clock>,
    algorithms: Vec<SignatureAlg>,
    backend: Arc<dyn Backend>,
}

impl DpopPolicy {
    /// The defaults.
    pub fn new(backend: &Arc<dyn Backend>) -> Self {
        use SignatureAlg as A;
        Self {
            past: Duration::from_secs(300),
            future: Duration::from_secs(60),
            nonces: None,
            clock: Arc::new(SystemClock),
            algorithms: vec![
                A::Es256,
                A::EdDsa,
                A::Ed25519,
                A::Ps256,
                A::Es384,
                A::Es512,
                A::Ps384,
                A::Ps512,
            ],
            backend: Arc::clone(backend),
        }
    }

    /// Only these algorithms. There is no name for a MAC or for `none`.
    pub fn algorithms(mut self, algorithms: impl IntoIterator<Item = SignatureAlg>) -> Self {
        self.algorithms = algorithms.into_iter().collect();
        self
    }

    /// Accepts proofs that were made so long ago, and no longer. Used ones are remembered for as long.
    pub const fn lifetime(mut self, past: Duration) -> Self {
        self.past = past;
        self
    }

    /// Wants one of these nonces in each proof.
    pub fn nonces(mut self, nonces: Nonces) -> Self {
        self.nonces = Some(nonces);
        self
    }

    /// Asks this clock.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// The algorithms, for metadata (`dpop_signing_alg_values_supported`) and challenges (`algs`).
    #[must_use]
    pub fn allowed(&self) -> &[SignatureAlg] {
        &self.algorithms
    }

    /// Checks a proof against the request that it came with.
    ///
    /// # Errors
    ///
    /// [`DpopCheckError`], which names the check.
    pub fn verify(
        &self,
        proof: &str,
        request: &DpopRequest<'_>,
    ) -> Result<VerifiedProof, DpopCheckError> {
        let opened = form::open(proof, LONGEST, &self.algorithms).map_err(|refused| {
            DpopCheckError::new(refused.check, DpopError::Token(refused.error))
        })?;
        check_type(opened.jwt.header()).map_err(|error| DpopCheckError::new("type", error))?;
        let (verifier, thumbprint) = self
            .key_of(opened.jwt.header(), opened.alg)
            .map_err(|error| DpopCheckError::new("key", error))?;
        let jwt = opened
            .jwt
            .verify(&verifier)
            .map_err(|error| DpopCheckError::new("signature", DpopError::Token(error)))?;
        let valid = jwt
            .validate::<Claims>(&structure())
            .map_err(|error| DpopCheckError::new("claims", DpopError::Token(error)))?;
        let facts = Facts {
            policy: self,
            request,
            claims: valid.claims(),
            registered: valid.registered(),
            thumbprint,
            now: self.clock.now(),
        };
        checks::run(&facts)?;
        let made = valid.issued_at().unwrap_or(facts.now);
        let nonce = facts.claims.nonce.as_deref().unwrap_or_default();
        Ok(VerifiedProof {
            single_use: SingleUse::new(
                "dpop",
                request.url.as_str(),
                thumbprint.to_string(),
                valid.jwt_id().unwrap_or_default(),
                made.checked_add(self.past).unwrap_or(made),
            ),
            proved: ProvedKey {
                thumbprint,
                next_nonce: self.nonces.as_ref().and_then(|nonces| nonces.next(nonce)),
            },
        })
    }

    /// The key that came with the proof. To trust it is what a proof is for: it proves that its sender holds *this*
    /// key, and the token says whether that is the right one.
    fn key_of(
        &self,
        header: &Header,
        alg: SignatureAlg,
    ) -> Result<(Verifier, Thumbprint), DpopError> {
        let key = header.jwk().ok_or(DpopError::Key(None))?;
        let key = key
            .map(Untrusted::trust)
            .map_err(|error| DpopError::Key(Some(error)))?;
        let thumbprint = Thumbprint::of(&key);
        let verifier = Verifier::bind_to(&self.backend, &key, alg);
        Ok((
            verifier.map_err(|error| DpopError::Key(Some(error)))?,
            thumbprint,
        ))
    }
}

/// Octets of a proof: an RSA key of 8,192 bits and a signature of it leave room.
const LONGEST: usize = 8 * 1024;

/// Here, unlike for assertions, the type is required (RFC 9449 §4.3 item 4).
fn check_type(header: &Header) -> Result<(), DpopError> {
    match header.typ() {
        Some(found) if typ::is(found, TYP) => Ok(()),
        found => Err(typ::mismatch(found).into()),
    }
}
