use core::time::Duration;

use tokio::time::Instant;

/// When a token is asked for again. The numbers are of a token's life.
#[derive(Clone, Copy, Debug)]
pub(super) struct Timing {
    /// Which part of its life a token is used for before the next one is asked for.
    pub(super) ahead: f64,
    /// How long a token lives of which the server does not say.
    pub(super) assumed: Duration,
}

impl Timing {
    pub(super) const DEFAULT: Self = Self {
        ahead: 0.8,
        assumed: Duration::from_secs(300),
    };

    /// How long after a token was forgotten the next one may be.
    pub(super) const FORGETS_AGAIN: Duration = Duration::from_secs(30);

    pub(super) fn lifetime(&self, said: Option<Duration>) -> Duration {
        said.unwrap_or(self.assumed).min(LONGEST)
    }

    /// When the next one is asked for, `random` being of `0.0..1.0`: up to a twentieth of its life sooner or later than
    /// configured, so that a thousand clients that started together do not come back together.
    pub(super) fn refresh_after(&self, lifetime: Duration, random: f64) -> Duration {
        lifetime.mul_f64((self.ahead + JITTER * (2.0 * random - 1.0)).clamp(0.0, 1.0))
    }

    /// Until when it is handed out: it must still be good when it arrives.
    pub(super) fn usable_for(lifetime: Duration) -> Duration {
        lifetime.saturating_sub((lifetime / 10).min(MARGIN))
    }

    /// How long nothing is asked after so many failures on end: what the server asks for, or a time that doubles, less a
    /// random part of up to half.
    pub(super) fn back_off(failures: u32, asked: Option<Duration>, random: f64) -> Duration {
        let longest = FIRST_PAUSE.saturating_mul(1 << failures.saturating_sub(1).min(6));
        let jittered = longest.min(LONGEST_PAUSE).mul_f64(1.0 - random / 2.0);
        asked.map_or(jittered, |asked| asked.min(LONGEST_ASKED).max(jittered))
    }
}

/// An instant that surely exists.
pub(super) fn later(from: Instant, by: Duration) -> Instant {
    from.checked_add(by).unwrap_or(from)
}

const JITTER: f64 = 0.05;
const MARGIN: Duration = Duration::from_secs(10);
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
const LONGEST_ASKED: Duration = Duration::from_secs(600);
const LONGEST: Duration = Duration::from_secs(30 * 24 * 3_600);

#[cfg(test)]
mod tests {
    use super::*;

    const TEN: Duration = Duration::from_secs(600);

    #[test]
    fn the_next_token_is_asked_for_at_four_fifths_more_or_less() {
        let after = |random| Timing::DEFAULT.refresh_after(TEN, random).as_secs();
        assert_eq!((after(0.0), after(0.5), after(1.0)), (450, 480, 510));
    }

    #[test]
    fn a_token_is_not_handed_out_at_its_very_end() {
        assert_eq!(Timing::usable_for(TEN).as_secs(), 590);
        assert_eq!(Timing::usable_for(Duration::from_secs(20)).as_secs(), 18);
        assert_eq!(Timing::usable_for(Duration::ZERO), Duration::ZERO);
    }

    #[test]
    fn pauses_double_up_to_a_minute() {
        let pauses = [1, 2, 3, 7, 8, u32::MAX].map(|n| Timing::back_off(n, None, 0.0).as_secs());
        assert_eq!(pauses, [1, 2, 4, 60, 60, 60]);
        assert_eq!(Timing::back_off(1, None, 1.0).as_millis(), 500);
    }

    #[test]
    fn what_the_server_asks_for_holds_within_reason() {
        let asked =
            |seconds| Timing::back_off(1, Some(Duration::from_secs(seconds)), 0.0).as_secs();
        assert_eq!((asked(0), asked(30), asked(86_400)), (1, 30, 600));
    }

    #[test]
    fn a_lifetime_that_nobody_says_or_believes_is_bounded() {
        assert_eq!(Timing::DEFAULT.lifetime(None).as_secs(), 300);
        assert_eq!(Timing::DEFAULT.lifetime(Some(Duration::MAX)), LONGEST);
    }
}
