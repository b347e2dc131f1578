use tokio::sync::watch;
use tokio::time::Instant;

use super::AccessToken;
use super::timing::{Timing, later};
use crate::client::TokenError;
use crate::client::events::Served;

/// What one request for a token came to; none while it is on its way.
pub(super) type Landing = Option<Result<AccessToken, TokenError>>;

/// The token, the request that is on its way, and what went wrong. Time is an argument.
#[derive(Debug, Default)]
pub(super) struct State {
    token: Option<AccessToken>,
    flight: Option<watch::Receiver<Landing>>,
    failed: Option<Failed>,
    /// When a token was forgotten last.
    forgot: Option<Instant>,
}

#[derive(Debug)]
struct Failed {
    error: TokenError,
    times: u32,
    /// Nothing is asked before.
    again: Instant,
}

/// What a caller is to do.
#[derive(Debug)]
pub(super) enum Look {
    /// Take this token.
    Serve(AccessToken, Served),
    /// Take this token, and have the next one asked for.
    Refresh(AccessToken, Served, watch::Sender<Landing>),
    /// Wait for the request that is on its way.
    Wait(watch::Receiver<Landing>),
    /// Have one asked for, and wait.
    Ask(watch::Sender<Landing>, watch::Receiver<Landing>),
    /// It was asked a moment ago, in vain.
    Fail(TokenError),
}

/// What became of a token that is no good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Forgotten {
    /// It is not the one that is kept.
    Before,
    /// It is still kept: the one before it was no good, either, and that was a moment ago.
    Not,
    /// It is no longer kept.
    Now,
}

impl State {
    pub(super) fn look(&mut self, now: Instant) -> Look {
        // A request whose task ended without a word, with its runtime perhaps, is none.
        self.flight.take_if(|flight| flight.has_changed().is_err());
        let pause = self.failed.as_ref().filter(|failed| now < failed.again);
        let token = self.token.as_ref().filter(|token| token.is_usable(now));
        match (token, &self.flight, pause) {
            (Some(token), None, None) if token.is_due(now) => {
                let token = token.clone();
                let served = self.served();
                let (landing, flight) = watch::channel(None);
                self.flight = Some(flight);
                Look::Refresh(token, served, landing)
            }
            (Some(token), ..) => Look::Serve(token.clone(), self.served()),
            (None, Some(flight), _) => Look::Wait(flight.clone()),
            (None, None, Some(failed)) => Look::Fail(failed.error.clone()),
            (None, None, None) => {
                let (landing, flight) = watch::channel(None);
                self.flight = Some(flight.clone());
                Look::Ask(landing, flight)
            }
        }
    }

    /// Takes what a request came to.
    pub(super) fn land(&mut self, result: &Result<AccessToken, TokenError>, now: Instant) {
        self.flight = None;
        match result {
            Ok(token) => {
                self.token = Some(token.clone());
                self.failed = None;
            }
            Err(error) => {
                let times = self.failed.as_ref().map_or(0, |failed| failed.times);
                let times = times.saturating_add(1);
                let pause = Timing::back_off(times, error.retry_after(), fastrand::f64());
                self.failed = Some(Failed {
                    error: error.clone(),
                    times,
                    again: later(now, pause),
                });
            }
        }
    }

    /// Forgets a token that is no good, unless there is another one already or one was forgotten a moment ago.
    pub(super) fn forget(&mut self, token: &AccessToken, now: Instant) -> Forgotten {
        if !self.token.as_ref().is_some_and(|held| held.is_same(token)) {
            return Forgotten::Before;
        }
        if (self.forgot).is_some_and(|forgot| now < later(forgot, Timing::FORGETS_AGAIN)) {
            return Forgotten::Not;
        }
        self.token = None;
        self.forgot = Some(now);
        Forgotten::Now
    }

    const fn served(&self) -> Served {
        match self.failed {
            Some(_) => Served::Stale,
            None => Served::Kept,
        }
    }
}
