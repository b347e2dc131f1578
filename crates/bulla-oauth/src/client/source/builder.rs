use core::time::Duration;
use std::sync::Arc;

use super::TokenSource;
use super::timing::Timing;
use crate::client::wanted::Wanted;
use crate::client::{CurrentSigner, OAuthClient};
use crate::grant::GrantAssertion;

/// How tokens are kept. Every number has a default that fits; [`build`](Self::build) does the rest.
#[derive(Clone, Debug)]
#[must_use = "there is no source until `build` is called"]
pub struct TokenSourceBuilder {
    client: OAuthClient,
    wanted: Wanted,
    timing: Timing,
}

impl TokenSourceBuilder {
    pub(in crate::client) const fn new(client: OAuthClient, wanted: Wanted) -> Self {
        Self {
            client,
            wanted,
            timing: Timing::DEFAULT,
        }
    }

    /// Asks for tokens for a principal, by an assertion that is made anew for each request: the JWT bearer grant, [RFC
    /// 7523 §2.1](https://www.rfc-editor.org/rfc/rfc7523#section-2.1). The client still authenticates as itself.
    pub fn on_behalf_of(
        mut self,
        principal: GrantAssertion,
        signer: impl CurrentSigner + 'static,
    ) -> Self {
        self.wanted.about(principal, Arc::new(signer));
        self
    }

    /// Asks for the next token after this part of a token's life, of `0.0..=1.0`: 0.8, more or less by a twentieth.
    pub const fn refresh_after(mut self, part: f64) -> Self {
        // Whatever is no part of a life (NaN included) is the whole of it.
        self.timing.ahead = if part >= 0.0 && part <= 1.0 {
            part
        } else {
            1.0
        };
        self
    }

    /// How long a token lives of which the server does not say: 5 minutes.
    pub const fn assumed_lifetime(mut self, lifetime: Duration) -> Self {
        self.timing.assumed = lifetime;
        self
    }

    /// The source. Nothing is asked for until the first token is.
    #[must_use]
    pub fn build(self) -> TokenSource {
        TokenSource::new(self.client, self.wanted, self.timing)
    }
}
