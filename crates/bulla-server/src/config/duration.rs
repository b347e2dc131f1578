use std::time::Duration;

/// A length of time as settings have it: whole numbers with units, `90s`, `10m`, `1h30m`, `90d`, `2w`.
pub(super) fn parse(text: &str) -> Option<Duration> {
    let mut total = 0u64;
    let mut rest = text;
    while !rest.is_empty() {
        let unit_at = rest.find(|letter: char| !letter.is_ascii_digit())?;
        let (digits, after) = rest.split_at_checked(unit_at)?;
        let count: u64 = digits.parse().ok()?;
        let mut letters = after.chars();
        let unit = match letters.next()? {
            's' => 1,
            'm' => 60,
            'h' => 3_600,
            'd' => 86_400,
            'w' => 604_800,
            _ => return None,
        };
        rest = letters.as_str();
        total = total.checked_add(count.checked_mul(unit)?)?;
    }
    (total > 0 && total <= LONGEST).then(|| Duration::from_secs(total))
}

/// Ten years: what is longer is a mistake.
const LONGEST: u64 = 10 * 366 * 86_400;

/// For messages: the largest unit that divides it.
pub(super) fn show(duration: Duration) -> String {
    let seconds = duration.as_secs();
    let units = [(86_400, 'd'), (3_600, 'h'), (60, 'm')];
    let fits = units
        .iter()
        .find(|(unit, _)| seconds >= *unit && seconds.is_multiple_of(*unit));
    match fits {
        Some((unit, name)) => format!("{}{name}", seconds / unit),
        None => format!("{seconds}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms() {
        for (text, seconds) in [
            ("90s", 90),
            ("10m", 600),
            ("1h30m", 5_400),
            ("2w", 1_209_600),
        ] {
            assert_eq!(parse(text), Some(Duration::from_secs(seconds)), "{text}");
        }
        for text in [
            "",
            "10",
            "m",
            "0s",
            "-1s",
            "1.5h",
            "10 m",
            "10M",
            "9999999999999999999d",
            "11y",
            "1000w",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
        assert_eq!(show(Duration::from_secs(5_400)), "90m");
        assert_eq!(show(Duration::from_secs(61)), "61s");
    }
}
