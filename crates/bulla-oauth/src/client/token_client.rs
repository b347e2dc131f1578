use std::sync::Arc;

use bulla_core::key::{AsyncSigner, Signer};
use bulla_core::{Clock, SystemClock};
use http::{Method, Request, Response};

use super::{ClientError, CurrentSigner};
use crate::assertion::ClientAssertion;
use crate::dpop::{DpopKey, DpopProof, TargetUri};
use crate::issuer;
use crate::message::{TokenOutcome, TokenRequest, TokenType};
use crate::url_error::UrlError;

/// A client of one token endpoint: its assertion, its key, and the DPoP key its tokens are bound to, if they are.
///
/// Each request that is prepared has an assertion and a proof of its own. Nothing is to be sent twice.
#[derive(Clone, Debug)]
pub struct TokenClient {
    endpoint: String,
    target: TargetUri,
    assertion: ClientAssertion,
    signer: Arc<dyn CurrentSigner>,
    dpop: Option<DpopKey<AsyncSigner>>,
    clock: Arc<dyn Clock>,
}

impl TokenClient {
    /// A client that asks for bearer tokens. The signer is asked for its key each time: it may be a
    /// [`KeyRotation`](bulla_core::key::KeyRotation).
    ///
    /// # Errors
    ///
    /// [`UrlError`] where the endpoint is not a URL that credentials may be sent to.
    pub fn new(
        endpoint: impl Into<String>,
        assertion: ClientAssertion,
        signer: impl CurrentSigner + 'static,
    ) -> Result<Self, UrlError> {
        let endpoint = endpoint.into();
        issuer::http_url(&endpoint)?;
        Ok(Self {
            target: TargetUri::parse(&endpoint)?,
            endpoint,
            assertion,
            signer: Arc::new(signer),
            dpop: None,
            clock: Arc::new(SystemClock),
        })
    }

    /// Has its tokens bound to a local key.
    #[must_use]
    pub fn dpop(self, key: DpopKey<Signer>) -> Self {
        self.dpop_remote(key.into())
    }

    /// Has its tokens bound to a key that may be far away.
    #[must_use]
    pub fn dpop_remote(mut self, key: DpopKey<AsyncSigner>) -> Self {
        self.dpop = Some(key);
        self
    }

    /// Asks this clock when proofs are made.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// The key that tokens are bound to.
    #[must_use]
    pub const fn dpop_key(&self) -> Option<&DpopKey<AsyncSigner>> {
        self.dpop.as_ref()
    }

    /// What to send, once. `nonce` is the one that the server sent last.
    ///
    /// # Errors
    ///
    /// [`ClientError::Make`] where a key fails.
    pub async fn prepare(
        &self,
        request: &TokenRequest,
        nonce: Option<&str>,
    ) -> Result<Request<Vec<u8>>, ClientError> {
        let assertion = self.assertion.sign_async(&self.signer.current()).await?;
        let proof = match &self.dpop {
            None => None,
            Some(key) => {
                let proof = DpopProof::new(Method::POST.as_str(), &self.target)
                    .clock(Arc::clone(&self.clock));
                let proof = match nonce {
                    Some(nonce) => proof.nonce(nonce),
                    None => proof,
                };
                Some(proof.sign_async(key).await?)
            }
        };
        request.to_http(&self.endpoint, &assertion, proof.as_deref())
    }

    /// What the server answered.
    ///
    /// # Errors
    ///
    /// [`ClientError::Response`] where it is not an answer of a token endpoint, [`ClientError::TokenType`] where the
    /// token is not bound although it was to be (RFC 9449 §5), or bound although it was not.
    pub fn read(&self, response: &Response<impl AsRef<[u8]>>) -> Result<TokenOutcome, ClientError> {
        let outcome = TokenOutcome::read(response)?;
        let wanted = match self.dpop {
            Some(_) => TokenType::Dpop,
            None => TokenType::Bearer,
        };
        match &outcome {
            TokenOutcome::Granted(token) if token.token_type() != wanted => {
                Err(ClientError::TokenType {
                    found: token.token_type(),
                })
            }
            _ => Ok(outcome),
        }
    }
}
