use core::fmt;
use core::iter;
use core::time::Duration;
use std::time::{SystemTime, UNIX_EPOCH};

use serde::de::{self, Deserialize, Deserializer, Unexpected, Visitor};
use serde::ser::{Serialize, Serializer};

use crate::json::Number;

/// A NumericDate: seconds since 1970-01-01T00:00:00Z, leap seconds not counted
/// ([RFC 7519 §2](https://www.rfc-editor.org/rfc/rfc7519#section-2)).
///
/// A JSON number, whole or with a fraction, that fits a signed 64-bit count of seconds. Anything else is
/// refused: a string of digits, `null`, `1e300`, 2^64. A date before 1970 is just long past.
///
/// For dates in claims of your own, such as OpenID Connect's `auth_time`:
///
/// ```
/// use bulla_core::jwt::NumericDate;
/// #[derive(serde::Deserialize)]
/// struct Login {
///     auth_time: NumericDate,
/// }
///
/// let login: Login = serde_json::from_str(r#"{"auth_time": 1300819380}"#)?;
/// assert_eq!(login.auth_time.seconds(), 1_300_819_380);
/// assert!(serde_json::from_str::<Login>(r#"{"auth_time": "1300819380"}"#).is_err());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NumericDate {
    /// Rounded down, so that the order of the fields is the order of the dates.
    seconds: i64,
    nanos: u32,
}

impl NumericDate {
    /// The date so many seconds after the epoch, or before it.
    #[must_use]
    pub const fn from_seconds(seconds: i64) -> Self {
        Self { seconds, nanos: 0 }
    }

    /// Seconds since the epoch, a fraction rounded down.
    #[must_use]
    pub const fn seconds(self) -> i64 {
        self.seconds
    }

    /// The date as the operating system counts; where it cannot reach that far, the furthest date on the way.
    #[must_use]
    pub fn to_system_time(self) -> SystemTime {
        let reach = |seconds: u64, nanos| {
            iter::successors(Some(seconds), |seconds| Some(seconds / 2)).find_map(|seconds| {
                let distance = Duration::new(seconds, nanos);
                if self.seconds < 0 {
                    UNIX_EPOCH.checked_sub(distance)
                } else {
                    UNIX_EPOCH.checked_add(distance)
                }
            })
        };
        let seconds = self.seconds.unsigned_abs();
        let time = match (self.seconds < 0, self.nanos) {
            (true, 1..) => reach(seconds - 1, NANOS - self.nanos),
            (_, nanos) => reach(seconds, nanos),
        };
        time.unwrap_or(UNIX_EPOCH)
    }

    /// Nanoseconds since the epoch. Sums of these with any `Duration` cannot overflow.
    pub(crate) const fn nanos(self) -> i128 {
        self.seconds as i128 * NANOS as i128 + self.nanos as i128
    }

    /// The same date without its fraction, so much later; none where it cannot be counted.
    pub(crate) fn later(self, by: Duration) -> Option<Self> {
        let nanos = self
            .nanos()
            .checked_add(i128::try_from(by.as_nanos()).ok()?)?;
        let seconds = nanos.div_euclid(NANOS.into());
        i64::try_from(seconds).ok().map(Self::from_seconds)
    }

    pub(crate) fn from_number(number: Number) -> Option<Self> {
        /// 2^63, exactly.
        const LIMIT: f64 = 9_223_372_036_854_775_808.0;
        match number {
            Number::Unsigned(seconds) => i64::try_from(seconds).ok().map(Self::from_seconds),
            Number::Negative(seconds) => Some(Self::from_seconds(seconds)),
            Number::Float(seconds) => {
                let whole = seconds.floor();
                // Not a number is in no range.
                (-LIMIT..LIMIT).contains(&whole).then(|| Self {
                    seconds: whole as i64,
                    nanos: (((seconds - whole) * f64::from(NANOS)) as u32).min(NANOS - 1),
                })
            }
        }
    }
}

const NANOS: u32 = 1_000_000_000;

impl From<SystemTime> for NumericDate {
    fn from(time: SystemTime) -> Self {
        let (seconds, nanos) = match time.duration_since(UNIX_EPOCH) {
            Ok(after) => (
                i64::try_from(after.as_secs()).unwrap_or(i64::MAX),
                after.subsec_nanos(),
            ),
            Err(before) => {
                let before = before.duration();
                let seconds = 0_i64.saturating_sub_unsigned(before.as_secs());
                match before.subsec_nanos() {
                    0 => (seconds, 0),
                    nanos => (seconds.saturating_sub(1), NANOS - nanos),
                }
            }
        };
        Self { seconds, nanos }
    }
}

impl From<NumericDate> for SystemTime {
    fn from(date: NumericDate) -> Self {
        date.to_system_time()
    }
}

impl Serialize for NumericDate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.nanos == 0 {
            serializer.serialize_i64(self.seconds)
        } else {
            serializer.serialize_f64(self.seconds as f64 + f64::from(self.nanos) / f64::from(NANOS))
        }
    }
}

impl<'de> Deserialize<'de> for NumericDate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_f64(DateVisitor)
    }
}

struct DateVisitor;

impl Visitor<'_> for DateVisitor {
    type Value = NumericDate;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number of seconds that fits 64 bits")
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<NumericDate, E> {
        NumericDate::from_number(Number::Unsigned(number))
            .ok_or_else(|| E::invalid_value(Unexpected::Unsigned(number), &self))
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<NumericDate, E> {
        Ok(NumericDate::from_seconds(number))
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<NumericDate, E> {
        NumericDate::from_number(Number::Float(number))
            .ok_or_else(|| E::invalid_value(Unexpected::Float(number), &self))
    }
}
