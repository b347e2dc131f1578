use core::fmt;
use core::time::Duration;
use std::sync::Arc;

use tokio::time::Instant;

use super::timing::{Timing, later};
use crate::message::{TokenResponse, TokenType};
use crate::scope::Scopes;

/// An access token that is good now. Cheap to clone.
#[derive(Clone)]
pub struct AccessToken(Arc<Held>);

struct Held {
    response: TokenResponse,
    refresh_at: Instant,
    usable_until: Instant,
    expires: Instant,
}

impl AccessToken {
    /// `asked` is when it was asked for: its life began later than that.
    pub(super) fn new(response: TokenResponse, asked: Instant, timing: &Timing) -> Self {
        let lifetime = timing.lifetime(response.lifetime());
        let refresh_after = timing.refresh_after(lifetime, fastrand::f64());
        Self(Arc::new(Held {
            refresh_at: later(asked, refresh_after),
            usable_until: later(asked, Timing::usable_for(lifetime)),
            expires: later(asked, lifetime),
            response,
        }))
    }

    /// The token. A secret: not for logs.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.response.access_token()
    }

    /// Whether it is bound to a key.
    #[must_use]
    pub fn token_type(&self) -> TokenType {
        self.0.response.token_type()
    }

    /// The scopes that were granted; none where they are those that were asked for.
    #[must_use]
    pub fn granted(&self) -> Option<&Scopes> {
        self.0.response.granted()
    }

    /// How long it is good for still.
    #[must_use]
    pub fn expires_in(&self) -> Duration {
        self.0.expires.saturating_duration_since(Instant::now())
    }

    pub(super) fn is_usable(&self, now: Instant) -> bool {
        now < self.0.usable_until
    }

    pub(super) fn is_due(&self, now: Instant) -> bool {
        now >= self.0.refresh_at
    }

    pub(super) fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// Without the token.
impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccessToken")
            .field("token_type", &self.token_type())
            .field("granted", &self.granted())
            .field("expires_in", &self.expires_in())
            .finish_non_exhaustive()
    }
}
