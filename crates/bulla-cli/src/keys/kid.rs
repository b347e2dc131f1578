use crate::error::Failure;

/// Refuses a `kid` that everybody would refuse, we among them.
pub(crate) fn check_kid(kid: Option<&str>) -> Result<(), Failure> {
    let limit = bulla::Limits::DEFAULT.kid;
    match kid {
        Some(kid) if kid.len() > limit => Err(Failure::usage(
            format_args!("--kid: longer than {limit} octets"),
            "a kid is a short name",
        )),
        _ => Ok(()),
    }
}
