use core::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::time::Instant;

use super::AccessToken;
use super::state::{Forgotten, Landing, Look, State};
use super::timing::Timing;
use crate::client::events::{self, Served};
use crate::client::wanted::Wanted;
use crate::client::{OAuthClient, TokenError};

/// Gives access tokens: the one that is kept while it is good, and a new one when it is needed. Cheap to clone; clones
/// share the token.
///
/// * However many wait, one request is on its way, and everybody is told what it came to.
/// * The next token is asked for before the one in use ends, while that one is still handed out. Where the next one
///   cannot be had, the one in use is handed out to its end.
/// * After a failure nothing is asked for a while, for as long as `Retry-After` says or twice as long as the last time;
///   meanwhile, who finds no token is told of the failure at once.
///
/// ```
/// use std::time::Duration;
/// use bulla_oauth::client::{TokenSource, connect};
/// use bulla_oauth::message::TokenRequest;
/// use bulla_oauth::Scopes;
/// # async fn f(signer: bulla_core::key::Signer) -> Result<(), Box<dyn std::error::Error>> {
/// // Once, when the program starts.
/// let request = TokenRequest::client_credentials().scopes(Scopes::parse("invoices:read")?);
/// let tokens: TokenSource = connect("https://auth.example.com", "billing", signer)?.tokens(request).build();
///
/// // For each call of the API.
/// let mut call = http::Request::get("https://api.example.com/invoices").body(())?;
/// tokens.authorize(&mut call).await?;
/// assert!(call.headers().contains_key("authorization"));
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct TokenSource(Arc<Inner>);

struct Inner {
    client: OAuthClient,
    wanted: Wanted,
    timing: Timing,
    state: Mutex<State>,
}

impl TokenSource {
    pub(super) fn new(client: OAuthClient, wanted: Wanted, timing: Timing) -> Self {
        Self(Arc::new(Inner {
            client,
            wanted,
            timing,
            state: Mutex::default(),
        }))
    }

    /// A token that is good now.
    ///
    /// A request that was begun goes on where the future is dropped: others may wait for it.
    ///
    /// # Errors
    ///
    /// [`TokenError`] where there is none and none can be had: [`TokenError::Abandoned`] outside a Tokio runtime.
    pub async fn token(&self) -> Result<AccessToken, TokenError> {
        // Twice where the runtime that the request ran on was shut down, and this one was not.
        for _ in 0..2 {
            let look = self.state().look(Instant::now());
            let mut flight = match look {
                Look::Serve(token, how) => {
                    events::served(self.client(), how);
                    return Ok(token);
                }
                Look::Refresh(token, how, landing) => {
                    events::served(self.client(), how);
                    self.take_off(landing);
                    return Ok(token);
                }
                Look::Fail(error) => {
                    events::served(self.client(), Served::Failed);
                    return Err(error);
                }
                Look::Ask(landing, flight) => {
                    self.take_off(landing);
                    flight
                }
                Look::Wait(flight) => flight,
            };
            let landed = flight.wait_for(Option::is_some).await;
            if let Some(result) = landed.ok().and_then(|landed| landed.clone()) {
                let is_granted = result.is_ok();
                let how = if is_granted {
                    Served::Awaited
                } else {
                    Served::Failed
                };
                events::served(self.client(), how);
                return result;
            }
        }
        Err(TokenError::Abandoned)
    }

    /// Forgets a token that a resource did not accept, so that the next one is asked for. Does nothing where there is
    /// another one already, and nothing within half a minute after another was forgotten: a resource that accepts none
    /// would have the authorization server asked for every call.
    pub fn forget(&self, token: &AccessToken) {
        self.may_replace(token);
    }

    /// Forgets it, and says whether there is another or may be.
    pub(in crate::client) fn may_replace(&self, token: &AccessToken) -> bool {
        let issuer = self.client().server().issuer().as_str();
        let forgotten = self.state().forget(token, Instant::now());
        match forgotten {
            Forgotten::Now => tracing::debug!(issuer, "token forgotten"),
            Forgotten::Before => {}
            Forgotten::Not => {
                tracing::warn!(issuer, "a new token is not accepted, either");
            }
        }
        forgotten != Forgotten::Not
    }

    /// The client that asks.
    #[must_use]
    pub fn client(&self) -> &OAuthClient {
        &self.0.client
    }

    /// Asks, in a task of its own: who waits for it may go away.
    fn take_off(&self, landing: watch::Sender<Landing>) {
        let Ok(runtime) = Handle::try_current() else {
            // Whoever waits for the landing sees that it is gone.
            return;
        };
        let source = self.clone();
        runtime.spawn(async move {
            let Inner {
                client,
                wanted,
                timing,
                ..
            } = source.0.as_ref();
            let asked = Instant::now();
            let result = client.ask(wanted).await;
            let result = result.map(|answer| AccessToken::new(answer.into_token(), asked, timing));
            source.state().land(&result, Instant::now());
            landing.send_replace(Some(result));
        });
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Without the token.
impl fmt::Debug for TokenSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenSource")
            .field("client", &self.0.client)
            .field("wanted", &self.0.wanted)
            .finish_non_exhaustive()
    }
}
