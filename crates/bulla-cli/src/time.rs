//! Times and durations as arguments: `+5m`, `60s`, RFC 3339, or seconds since 1970.

use std::fmt;
use std::str::FromStr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jiff::Timestamp;

/// A length of time: whole numbers with units, largest first or not: `90s`, `5m`, `1h30m`, `7d`, `2w`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span(pub(crate) Duration);

/// A point in time: RFC 3339 or Unix seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Time(pub(crate) SystemTime);

/// A point in time, or a span from now: `+5m`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum When {
    At(SystemTime),
    In(Duration),
}

impl When {
    /// The point in time.
    pub(crate) fn from(self, now: SystemTime) -> Result<SystemTime, TimeError> {
        match self {
            Self::At(time) => Ok(time),
            Self::In(span) => now
                .checked_add(span)
                .filter(in_range)
                .ok_or(TimeError::Overflow),
        }
    }
}

/// What is wrong with a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TimeError {
    NotADuration,
    NotATime,
    NotATimeOrSpan,
    Negative,
    Overflow,
}

impl FromStr for Span {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        if text.starts_with('-') {
            return Err(TimeError::Negative);
        }
        let mut total = 0u64;
        let mut rest = text;
        while !rest.is_empty() {
            let unit_at = rest
                .find(|character: char| !character.is_ascii_digit())
                .ok_or(TimeError::NotADuration)?;
            let (digits, after) = rest.split_at(unit_at);
            if digits.is_empty() {
                return Err(TimeError::NotADuration);
            }
            let count: u64 = digits.parse().map_err(|_| TimeError::Overflow)?;
            let mut characters = after.chars();
            let unit = match characters.next() {
                Some('s') => 1,
                Some('m') => 60,
                Some('h') => 3_600,
                Some('d') => 86_400,
                Some('w') => 604_800,
                _ => return Err(TimeError::NotADuration),
            };
            rest = characters.as_str();
            total = count
                .checked_mul(unit)
                .and_then(|seconds| total.checked_add(seconds))
                .ok_or(TimeError::Overflow)?;
        }
        if text.is_empty() {
            return Err(TimeError::NotADuration);
        }
        if total > LATEST {
            return Err(TimeError::Overflow);
        }
        Ok(Self(Duration::from_secs(total)))
    }
}

impl FromStr for Time {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        let time = match text.strip_prefix('-').unwrap_or(text) {
            "" => return Err(TimeError::NotATime),
            digits if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
                if text.starts_with('-') {
                    return Err(TimeError::Negative);
                }
                let seconds = digits.parse().map_err(|_| TimeError::Overflow)?;
                UNIX_EPOCH
                    .checked_add(Duration::from_secs(seconds))
                    .ok_or(TimeError::Overflow)?
            }
            _ if !has_rfc3339_form(text) => return Err(TimeError::NotATime),
            _ => text
                .parse::<Timestamp>()
                .map_err(|_| TimeError::NotATime)?
                .into(),
        };
        if time < UNIX_EPOCH {
            return Err(TimeError::Negative);
        }
        if !in_range(&time) {
            return Err(TimeError::Overflow);
        }
        Ok(Self(time))
    }
}

impl FromStr for When {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        if let Some(span) = text.strip_prefix('+') {
            return span.parse().map(|Span(span)| Self::In(span));
        }
        text.parse()
            .map(|Time(time)| Self::At(time))
            .map_err(|error| match error {
                TimeError::NotATime if text.starts_with('-') && text.parse::<Span>().is_err() => {
                    TimeError::Negative
                }
                TimeError::NotATime => TimeError::NotATimeOrSpan,
                other => other,
            })
    }
}

impl fmt::Display for TimeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotADuration => "not a duration: write 90s, 5m, 1h30m or 7d",
            Self::NotATime => "not a time: write 2026-01-31T12:00:00Z or seconds since 1970",
            Self::NotATimeOrSpan => {
                "not a time: write +5m, 2026-01-31T12:00:00Z or seconds since 1970"
            }
            Self::Negative => "negative",
            Self::Overflow => "beyond the year 9999",
        })
    }
}

impl std::error::Error for TimeError {}

/// RFC 3339 of a NumericDate, for people; none where it is out of range.
pub(crate) fn rfc3339(seconds: f64) -> Option<String> {
    if !(0.0..=LATEST as f64).contains(&seconds) {
        return None;
    }
    // Within the range above the cast is exact to the second.
    Timestamp::from_second(seconds as i64)
        .ok()
        .map(|time| time.to_string())
}

/// A span in its two largest units, for people: `4 min 59 s`.
pub(crate) fn humane(seconds: u64) -> String {
    let units = [("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1)];
    let mut rest = seconds;
    let mut parts = Vec::new();
    for (unit, size) in units {
        let count = rest / size;
        rest %= size;
        if count > 0 {
            parts.push(format!("{count} {unit}"));
        }
    }
    parts.truncate(2);
    if parts.is_empty() {
        "0 s".to_owned()
    } else {
        parts.join(" ")
    }
}

/// Whether digits and signs stand where RFC 3339 §5.6 has them. What is read by then is more generous.
fn has_rfc3339_form(text: &str) -> bool {
    let form = |text: &str| -> String {
        let digit = |character: char| {
            if character.is_ascii_digit() {
                '0'
            } else {
                character
            }
        };
        text.chars()
            .map(digit)
            .collect::<String>()
            .to_ascii_uppercase()
    };
    let Some((date_time, rest)) = text.split_at_checked("0000-00-00T00:00:00".len()) else {
        return false;
    };
    let offset = match rest.strip_prefix('.') {
        Some(fraction) => fraction.trim_start_matches(|character: char| character.is_ascii_digit()),
        None => rest,
    };
    let fraction = rest.len() - offset.len();
    form(date_time) == "0000-00-00T00:00:00"
        && fraction != ".".len()
        && matches!(form(offset).as_str(), "Z" | "+00:00" | "-00:00")
}

fn in_range(time: &SystemTime) -> bool {
    time.duration_since(UNIX_EPOCH)
        .is_ok_and(|since| since.as_secs() <= LATEST)
}

/// 9999-12-30T22:00:00Z, the last second that every zone's RFC 3339 can write.
const LATEST: u64 = 253_402_207_200;

#[cfg(test)]
mod tests {
    use super::*;

    fn span(text: &str) -> Result<u64, TimeError> {
        text.parse().map(|Span(span)| span.as_secs())
    }

    fn time(text: &str) -> Result<u64, TimeError> {
        text.parse().map(|Time(time)| {
            time.duration_since(UNIX_EPOCH)
                .expect("after 1970")
                .as_secs()
        })
    }

    #[test]
    fn durations() {
        assert_eq!(span("0s"), Ok(0));
        assert_eq!(span("90s"), Ok(90));
        assert_eq!(span("1h30m"), Ok(5_400));
        assert_eq!(span("2w1d"), Ok(15 * 86_400));
        for text in ["", "5", "m", "5x", "5 m", "5m3", "1.5h", "+5m", "５s"] {
            assert_eq!(span(text), Err(TimeError::NotADuration), "{text}");
        }
        assert_eq!(span("-5s"), Err(TimeError::Negative));
        for text in [
            "18446744073709551616s",
            "18446744073709551615w",
            "99999999999999s",
        ] {
            assert_eq!(span(text), Err(TimeError::Overflow), "{text}");
        }
    }

    #[test]
    fn times() {
        assert_eq!(time("0"), Ok(0));
        assert_eq!(time("1700000000"), Ok(1_700_000_000));
        assert_eq!(time("2023-11-14T22:13:20Z"), Ok(1_700_000_000));
        assert_eq!(time("2023-11-14T23:13:20+01:00"), Ok(1_700_000_000));
        assert_eq!(time("2023-11-14t22:13:20.25z"), Ok(1_700_000_000));
        for text in [
            "",
            "-",
            "tomorrow",
            "1e9",
            "1.5",
            "2023-11-14",
            "2023-11-14T22:13:20",
            "2023-02-30T00:00:00Z",
            "2023-11-14T22:13:20Z[UTC]",
            "2023-11-14T22:13Z",
            "2023-11-14 22:13:20Z",
            "20231114T221320Z",
            "2023-11-14T22:13:20+01",
            "2023-11-14T22:13:20.Z",
            "+002023-11-14T22:13:20Z",
            "2023-11-14T22:13:20Z ",
        ] {
            assert_eq!(time(text), Err(TimeError::NotATime), "{text}");
        }
        assert_eq!(time("-1"), Err(TimeError::Negative));
        assert_eq!(time("1969-12-31T23:59:59Z"), Err(TimeError::Negative));
        assert_eq!(time("18446744073709551616"), Err(TimeError::Overflow));
        assert_eq!(time("18446744073709551615"), Err(TimeError::Overflow));
    }

    #[test]
    fn spans_from_now() {
        let now = UNIX_EPOCH + Duration::from_secs(1_000);
        let at = |text: &str| text.parse::<When>().and_then(|when| when.from(now));
        assert_eq!(at("+5m"), Ok(UNIX_EPOCH + Duration::from_secs(1_300)));
        assert_eq!(at("5"), Ok(UNIX_EPOCH + Duration::from_secs(5)));
        assert_eq!(at("-5m"), Err(TimeError::Negative));
        assert_eq!(at("5m"), Err(TimeError::NotATimeOrSpan));
        assert_eq!(at("+253402207200s"), Err(TimeError::Overflow));
        assert_eq!(at("+-5m"), Err(TimeError::Negative));
        assert_eq!(at("+"), Err(TimeError::NotADuration));
    }

    #[test]
    fn people_read_two_units() {
        assert_eq!(humane(0), "0 s");
        assert_eq!(humane(299), "4 min 59 s");
        assert_eq!(humane(90_061), "1 d 1 h");
    }
}
