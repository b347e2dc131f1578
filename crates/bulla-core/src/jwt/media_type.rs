//! Comparing `typ` as RFC 7515 §4.1.9 and RFC 8725 §3.11 ask.

/// Whether two media types are the same: case does not matter, nor `application/` where no other slash follows.
pub(super) fn same(one: &str, other: &str) -> bool {
    short(one).eq_ignore_ascii_case(short(other))
}

fn short(media_type: &str) -> &str {
    match media_type.split_at_checked(APPLICATION.len()) {
        Some((prefix, rest)) if prefix.eq_ignore_ascii_case(APPLICATION) && !rest.contains('/') => {
            rest
        }
        _ => media_type,
    }
}

const APPLICATION: &str = "application/";

#[cfg(test)]
mod tests {
    use super::same;

    #[test]
    fn case_and_application_do_not_matter_and_all_else_does() {
        for (one, other) in [
            ("JWT", "jwt"),
            ("at+jwt", "application/at+jwt"),
            ("APPLICATION/AT+JWT", "at+JWT"),
            ("image/png", "IMAGE/PNG"),
            ("", "application/"),
        ] {
            assert!(same(one, other) && same(other, one), "{one} {other}");
        }
        for (one, other) in [
            ("JWT", "at+jwt"),
            ("at+jwt", "dpop+jwt"),
            ("at+jwt", "at+jwt "),
            ("at+jwt", "text/at+jwt"),
            ("at+jwt", "application/application/at+jwt"),
            ("at+jwt", ""),
            ("applicatioń/jwt", "jwt"),
            ("\u{212a}", "k"),
        ] {
            assert!(!same(one, other) && !same(other, one), "{one} {other}");
        }
    }
}
