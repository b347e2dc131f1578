use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};

use super::SigningKeys;

/// How often the store is asked what other nodes did.
const PERIOD: Duration = Duration::from_secs(2);

impl SigningKeys {
    /// Keeps the keys current until the future is dropped: what another node did is seen within five seconds. Where the
    /// store does not answer, the keys stay as they are and it is asked again.
    pub async fn keep_current(&self) {
        let mut ticks = interval(PERIOD);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            if let Err(error) = self.refresh().await {
                tracing::error!(
                    code = error.code(),
                    "the signing keys stay as they are: {error}"
                );
            }
        }
    }
}
