//! What an answer says about how long it is good for (RFC 9111).

use std::time::{Duration, SystemTime};

/// How long an answer is good for, as it says itself. [`CachePolicy::ttl`](crate::machine::CachePolicy::ttl) bounds it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Freshness {
    /// It does not say.
    #[default]
    Unstated,
    /// It says for so long; zero where it says that it must not be kept.
    MaxAge(Duration),
    /// The source is near and cheap and is to be read this often: files. Not bounded.
    Every(Duration),
}

/// What decides about freshness in the header of an answer.
#[derive(Clone, Copy, Debug, Default)]
pub struct FreshnessFields<'a> {
    /// `Cache-Control`, several fields joined by commas.
    pub cache_control: Option<&'a str>,
    /// `Expires`.
    pub expires: Option<&'a str>,
    /// `Date`, which `Expires` is compared with; the time now where it is missing.
    pub date: Option<&'a str>,
    /// `Age`: how long a cache on the way has kept the answer.
    pub age: Option<&'a str>,
}

impl FreshnessFields<'_> {
    /// Reads the fields. What cannot be read says nothing; nothing here is an error, because whatever comes out is
    /// bounded afterwards.
    #[must_use]
    pub fn freshness(&self, now: SystemTime) -> Freshness {
        let lifetime = match self.cache_control.map(max_age) {
            Some(Directive::NotKept) => return Freshness::MaxAge(Duration::ZERO),
            Some(Directive::MaxAge(seconds)) => Duration::from_secs(seconds),
            Some(Directive::Nothing) | None => match self.until_expiry(now) {
                Some(lifetime) => lifetime,
                None => return Freshness::Unstated,
            },
        };
        let age = self
            .age
            .and_then(seconds)
            .map_or(Duration::ZERO, Duration::from_secs);
        Freshness::MaxAge(lifetime.saturating_sub(age))
    }

    fn until_expiry(&self, now: SystemTime) -> Option<Duration> {
        // A date that cannot be read, `0` above all, is in the past (RFC 9111 §5.3).
        let Ok(expires) = httpdate::parse_http_date(self.expires?.trim()) else {
            return Some(Duration::ZERO);
        };
        let date = self
            .date
            .and_then(|date| httpdate::parse_http_date(date.trim()).ok());
        Some(
            expires
                .duration_since(date.unwrap_or(now))
                .unwrap_or_default(),
        )
    }
}

enum Directive {
    MaxAge(u64),
    NotKept,
    Nothing,
}

/// Of several `max-age` the smallest counts; `no-store` and `no-cache` win over all.
fn max_age(cache_control: &str) -> Directive {
    let mut found = Directive::Nothing;
    for directive in cache_control.split(',') {
        let (name, value) = match directive.split_once('=') {
            Some((name, value)) => (name.trim(), Some(value.trim().trim_matches('"'))),
            None => (directive.trim(), None),
        };
        if name.eq_ignore_ascii_case("no-store") || name.eq_ignore_ascii_case("no-cache") {
            return Directive::NotKept;
        }
        if name.eq_ignore_ascii_case("max-age")
            && let Some(age) = value.and_then(seconds)
        {
            found = match found {
                Directive::MaxAge(smaller) => Directive::MaxAge(smaller.min(age)),
                _ => Directive::MaxAge(age),
            };
        }
    }
    found
}

/// Seconds as RFC 9111 §1.2.2 has them: digits alone; a number that is too large is very large.
fn seconds(text: &str) -> Option<u64> {
    let text = text.trim();
    let digits = !text.is_empty() && text.bytes().all(|octet| octet.is_ascii_digit());
    let longest = u64::from(u32::MAX);
    digits.then(|| {
        text.parse()
            .map_or(longest, |seconds: u64| seconds.min(longest))
    })
}

/// `Retry-After` (RFC 9110 §10.2.3): seconds or a date.
#[must_use]
pub fn retry_after(value: &str, now: SystemTime) -> Option<Duration> {
    if let Some(delay) = seconds(value) {
        return Some(Duration::from_secs(delay));
    }
    let until = httpdate::parse_http_date(value.trim()).ok()?;
    Some(until.duration_since(now).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(cache_control: &str) -> Freshness {
        let fields = FreshnessFields {
            cache_control: Some(cache_control),
            ..FreshnessFields::default()
        };
        fields.freshness(SystemTime::UNIX_EPOCH)
    }

    fn for_seconds(seconds: u64) -> Freshness {
        Freshness::MaxAge(Duration::from_secs(seconds))
    }

    #[test]
    fn cache_control_is_read_as_rfc_9111_has_it() {
        assert_eq!(of("public, max-age=3600"), for_seconds(3600));
        assert_eq!(of("MAX-AGE=\"60\" , must-revalidate"), for_seconds(60));
        assert_eq!(of("max-age=600, max-age=60"), for_seconds(60));
        assert_eq!(of("s-maxage=5"), Freshness::Unstated);
        for never in [
            "no-store",
            "max-age=60, No-Cache",
            "no-cache=\"set-cookie\"",
            "max-age=0",
        ] {
            assert_eq!(of(never), for_seconds(0), "{never}");
        }
        for garbage in [
            "",
            ",,,",
            "max-age",
            "max-age=",
            "max-age=-1",
            "max-age=1.5",
            "max-age=x",
            "=",
            "\u{0}",
        ] {
            assert_eq!(of(garbage), Freshness::Unstated, "{garbage:?}");
        }
        for very_large in ["99999999999999999999999", "18446744073709551615"] {
            assert_eq!(
                of(&format!("max-age={very_large}")),
                for_seconds(u64::from(u32::MAX))
            );
        }
    }

    #[test]
    fn expires_is_compared_with_the_date_of_the_same_clock_and_age_is_taken_off() {
        let fields = FreshnessFields {
            expires: Some("Sun, 06 Nov 1994 08:59:37 GMT"),
            date: Some("Sun, 06 Nov 1994 08:49:37 GMT"),
            age: Some("60"),
            cache_control: Some("public"),
        };
        assert_eq!(fields.freshness(SystemTime::now()), for_seconds(540));
        let past = FreshnessFields {
            date: None,
            ..fields
        };
        assert_eq!(past.freshness(SystemTime::now()), for_seconds(0));
        let zero = FreshnessFields {
            expires: Some("0"),
            ..past
        };
        assert_eq!(zero.freshness(SystemTime::now()), for_seconds(0));
        let older_than_itself = FreshnessFields {
            age: Some("999999"),
            ..fields
        };
        assert_eq!(
            older_than_itself.freshness(SystemTime::now()),
            for_seconds(0)
        );
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let now = httpdate::parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT").unwrap();
        let seconds = |value| retry_after(value, now).map(|delay| delay.as_secs());
        assert_eq!(seconds("120"), Some(120));
        assert_eq!(seconds("Sun, 06 Nov 1994 08:50:37 GMT"), Some(60));
        assert_eq!(seconds("Sun, 06 Nov 1994 08:00:00 GMT"), Some(0));
        assert_eq!(seconds("soon"), None);
        assert_eq!(seconds("-1"), None);
    }
}
