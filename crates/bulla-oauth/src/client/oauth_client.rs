use core::time::Duration;
use std::sync::Arc;

use bulla_core::key::{AsyncSigner, Signer};
use bulla_core::{Clock, SystemClock};
use bulla_jwks::http::{FetchError, Unreachable};
use tokio::time::{Instant, sleep, timeout_at};

use super::held_nonces::HeldNonces;
use super::wanted::Wanted;
use super::{
    AuthorizationServer, ClientError, CurrentSigner, TokenAnswer, TokenClient, TokenError,
    TokenSourceBuilder, answer, events,
};
use crate::assertion::ClientAssertion;
use crate::dpop::DpopKey;
use crate::message::{TokenOutcome, TokenRequest};

/// A client at an authorization server: finds the token endpoint, authenticates by `private_key_jwt`, and asks.
///
/// Whatever is sent again is made again: a request that timed out, and one that wanted another DPoP nonce, carry a new
/// assertion and a new proof, since the server may have used the first ones up. Cheap to clone; clones share metadata
/// and nonces.
///
/// [`request`](Self::request) asks once. What needs a token again and again takes a [`TokenSource`](super::TokenSource)
/// from [`tokens`](Self::tokens).
#[derive(Clone, Debug)]
pub struct OAuthClient {
    server: AuthorizationServer,
    assertion: ClientAssertion,
    signer: Arc<dyn CurrentSigner>,
    dpop: Option<DpopKey<AsyncSigner>>,
    nonces: Arc<HeldNonces>,
    clock: Arc<dyn Clock>,
    attempts: u32,
    deadline: Duration,
}

impl OAuthClient {
    /// A client that asks for bearer tokens. The signer is asked for its key each time: it may be a
    /// [`KeyRotation`](bulla_core::key::KeyRotation).
    pub fn new(
        server: AuthorizationServer,
        assertion: ClientAssertion,
        signer: impl CurrentSigner + 'static,
    ) -> Self {
        Self {
            server,
            assertion,
            signer: Arc::new(signer),
            dpop: None,
            nonces: Arc::default(),
            clock: Arc::new(SystemClock),
            attempts: 3,
            deadline: Duration::from_secs(15),
        }
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

    /// Asks this clock when assertions and proofs are made.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.assertion = self.assertion.clock(Arc::clone(&clock));
        self.clock = clock;
        self
    }

    /// Tries so often where the server or the way to it fails: 3 times. Never less than once.
    #[must_use]
    pub const fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts;
        self
    }

    /// Gives up after so long, tries and pauses included: 15 seconds.
    #[must_use]
    pub const fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// The authorization server.
    #[must_use]
    pub const fn server(&self) -> &AuthorizationServer {
        &self.server
    }

    /// The client's identifier.
    #[must_use]
    pub fn client_id(&self) -> &str {
        self.assertion.client_id()
    }

    /// Asks for a token, now. A request with an assertion as its grant is not sent again where it is not known what
    /// became of it: the assertion may be used up.
    ///
    /// # Errors
    ///
    /// [`TokenError`]
    ///
    /// # Panics
    ///
    /// Outside a Tokio runtime that has timers.
    pub async fn request(&self, request: &TokenRequest) -> Result<TokenAnswer, TokenError> {
        self.ask(&Wanted::once(request.clone())).await
    }

    /// Tokens that are asked for by this request, kept while they are good.
    pub const fn tokens(self, request: TokenRequest) -> TokenSourceBuilder {
        TokenSourceBuilder::new(self, Wanted::once(request))
    }

    pub(super) const fn dpop_key(&self) -> Option<&DpopKey<AsyncSigner>> {
        self.dpop.as_ref()
    }

    pub(super) fn nonces(&self) -> &HeldNonces {
        &self.nonces
    }

    pub(super) const fn time(&self) -> &Arc<dyn Clock> {
        &self.clock
    }

    /// Asks until there is an answer that another try would not better.
    pub(super) async fn ask(&self, wanted: &Wanted) -> Result<TokenAnswer, TokenError> {
        let start = Instant::now();
        let deadline = start
            .checked_add(self.deadline.min(LONGEST))
            .unwrap_or(start);
        let mut tried = 0;
        loop {
            let began = Instant::now();
            let result = timeout_at(deadline, self.once(wanted))
                .await
                .unwrap_or(Err(TIMED_OUT));
            events::asked(self, wanted.kind(), &result, began.elapsed());
            let error = match result {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            tried += 1;
            let pause = pause(&error, tried);
            let left = deadline.saturating_duration_since(Instant::now());
            let is_last = tried >= self.attempts || pause >= left;
            if is_last || !error.is_transient() || !wanted.is_repeatable() {
                return Err(error);
            }
            sleep(pause).await;
        }
    }

    /// Asks once, and once more with the nonce that the server wants.
    async fn once(&self, wanted: &Wanted) -> Result<TokenAnswer, TokenError> {
        let metadata = self.server.metadata().await?;
        let endpoint = metadata.token_endpoint.as_deref();
        let endpoint = endpoint.ok_or(TokenError::TokenEndpointMissing)?;
        let mut client =
            TokenClient::new(endpoint, self.assertion.clone(), Arc::clone(&self.signer))?
                .clock(Arc::clone(&self.clock));
        if let Some(key) = &self.dpop {
            client = client.dpop_remote(key.clone());
        }
        let mut nonce = self.nonces.of(endpoint);
        for is_first in [true, false] {
            let request = wanted.request().await?;
            let request = client.prepare(&request, nonce.as_deref()).await?;
            let answer = match self.server.transport().send(request).await {
                Ok(answer) => answer,
                Err(error) => {
                    self.server.doubt().await;
                    return Err(error.into());
                }
            };
            self.nonces.heed(endpoint, answer.headers());
            match client.read(&answer) {
                Ok(TokenOutcome::Granted(token)) => return Ok(TokenAnswer::new(token, answer)),
                Ok(TokenOutcome::NonceNeeded { nonce: wanted }) if is_first => {
                    nonce = Some(wanted);
                }
                Ok(TokenOutcome::NonceNeeded { .. }) => break,
                Ok(TokenOutcome::Refused(error)) => return Err(TokenError::Refused(error)),
                Err(ClientError::Response(error)) => {
                    self.server.doubt().await;
                    return Err(match answer::failure(&answer) {
                        Some(failure) => failure.into(),
                        None => ClientError::Response(error).into(),
                    });
                }
                Err(error) => return Err(error.into()),
            }
        }
        Err(TokenError::NonceRepeated)
    }
}

/// How long to wait before another try: what the server asks for, or a random part of a time that doubles.
fn pause(error: &TokenError, tried: u32) -> Duration {
    let longest = FIRST_PAUSE.saturating_mul(1 << tried.min(5));
    let jittered = longest.mul_f64(fastrand::f64());
    error
        .retry_after()
        .map_or(jittered, |asked| asked.max(jittered))
}

const FIRST_PAUSE: Duration = Duration::from_millis(100);

pub(super) const TIMED_OUT: TokenError = TokenError::Transport {
    error: FetchError::Unavailable {
        why: Unreachable::Timeout,
        retry_after: None,
    },
};

/// No request takes longer, whatever was configured: an instant that far away must exist.
const LONGEST: Duration = Duration::from_secs(24 * 3_600);
