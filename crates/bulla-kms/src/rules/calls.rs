use core::future::Future;
use core::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep, timeout_at};

use super::Rules;
use crate::VaultError;

/// The calls with one key: bounded, timed, tried again, counted.
#[derive(Debug)]
pub(crate) struct Calls {
    provider: &'static str,
    rules: Rules,
    turns: Semaphore,
}

impl Calls {
    pub(crate) fn new(provider: &'static str, rules: Rules) -> Self {
        Self {
            provider,
            turns: Semaphore::new(rules.in_flight.min(Semaphore::MAX_PERMITS)),
            rules,
        }
    }

    pub(crate) const fn rules(&self) -> &Rules {
        &self.rules
    }

    /// Calls until it succeeds, fails for good, or the deadline has come.
    pub(crate) async fn run<T, F: Future<Output = Result<T, VaultError>>>(
        &self,
        operation: &'static str,
        call: impl Fn() -> F,
    ) -> Result<T, VaultError> {
        let start = Instant::now();
        let deadline = start.checked_add(self.rules.deadline);
        let in_flight = metrics::gauge!("bulla_kms_in_flight", "provider" => self.provider);
        in_flight.increment(1.0);
        // The guard also counts a caller that gave up.
        let _guard = OnDrop(move || in_flight.decrement(1.0));
        let result = self.tries(operation, deadline, &call).await;
        let outcome = result.as_ref().err().map_or("ok", VaultError::outcome);
        metrics::counter!("bulla_kms_calls_total", "provider" => self.provider, "operation" => operation, "outcome" => outcome)
            .increment(1);
        metrics::histogram!("bulla_kms_call_seconds", "provider" => self.provider, "operation" => operation)
            .record(start.elapsed().as_secs_f64());
        if let Err(error) = &result {
            tracing::warn!(target: "bulla::kms", provider = self.provider, operation, code = error.code(), %error, "a vault failed");
        }
        result
    }

    async fn tries<T, F: Future<Output = Result<T, VaultError>>>(
        &self,
        operation: &'static str,
        deadline: Option<Instant>,
        call: &impl Fn() -> F,
    ) -> Result<T, VaultError> {
        // A turn is held through the waits between tries: a vault that throttles gets no more callers meanwhile.
        let Some(turn) = within(deadline, self.turns.acquire()).await else {
            return Err(VaultError::unavailable(
                "too many calls are waiting for this key",
            ));
        };
        let _turn = turn.map_err(|_| VaultError::unavailable("shut down"))?;
        let mut tried = 1;
        loop {
            let Some(result) = within(deadline, call()).await else {
                return Err(VaultError::unavailable("no answer before the deadline"));
            };
            let error = match result {
                Err(error) if error.is_passing() && tried < self.rules.tries => error,
                done => return done,
            };
            let wait = self.wait(tried, &error);
            // Waiting longer than there is time would only be late with the same answer.
            // (And not `now + wait`: what a vault asks for may be longer than there are instants.)
            let left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
            if left.is_some_and(|left| wait >= left) {
                return Err(error);
            }
            metrics::counter!("bulla_kms_retries_total", "provider" => self.provider, "operation" => operation)
                .increment(1);
            sleep(wait).await;
            tried += 1;
        }
    }

    /// Full jitter, but never earlier than the vault asks for.
    fn wait(&self, tried: u32, error: &VaultError) -> Duration {
        let (first, longest) = self.rules.backoff;
        let factor = 1_u32
            .checked_shl(tried.saturating_sub(1))
            .unwrap_or(u32::MAX);
        let bound = first.saturating_mul(factor).min(longest);
        let jitter = bound.mul_f64(fastrand::f64());
        match error {
            VaultError::Throttled {
                retry_after: Some(after),
            } => (*after).max(jitter),
            _ => jitter,
        }
    }
}

async fn within<F: Future>(deadline: Option<Instant>, future: F) -> Option<F::Output> {
    match deadline {
        Some(deadline) => timeout_at(deadline, future).await.ok(),
        None => Some(future.await),
    }
}

struct OnDrop<F: Fn()>(F);

impl<F: Fn()> Drop for OnDrop<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}
