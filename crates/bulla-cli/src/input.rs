//! INPUT: a file, standard input, or a token as it stands; each read with a limit.

use std::fs::File;
use std::io::{self, IsTerminal as _, Read};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::error::Failure;

/// The positional argument of a verb.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Input {
    Stdin,
    File(PathBuf),
    /// The token itself.
    Literal(String),
}

impl Input {
    /// INPUT of `sign` and `encrypt`: a path or `-`, standard input where it is left out.
    pub(crate) fn octets(argument: Option<&str>) -> Self {
        match argument {
            None | Some("-") => Self::Stdin,
            Some(path) => Self::File(path.into()),
        }
    }

    /// INPUT of `verify` and `inspect`: the same, or a token.
    pub(crate) fn token(argument: Option<&str>) -> Self {
        match argument {
            Some(text) if text != "-" && is_literal(text) => Self::Literal(text.to_owned()),
            other => Self::octets(other),
        }
    }

    /// The value of a flag that names a file.
    pub(crate) fn path(path: &Path) -> Self {
        match path == Path::new("-") {
            true => Self::Stdin,
            false => Self::File(path.to_owned()),
        }
    }

    pub(crate) fn is_stdin(&self) -> bool {
        *self == Self::Stdin
    }

    /// Everything, as it is.
    pub(crate) fn read(&self) -> Result<Zeroizing<Vec<u8>>, Failure> {
        self.up_to(usize::MAX)
    }

    /// Everything, as it is, of which there may be so many octets.
    pub(crate) fn read_at_most(&self, limit: usize) -> Result<Zeroizing<Vec<u8>>, Failure> {
        let octets = self.up_to(limit)?;
        if octets.len() > limit {
            return Err(Failure::usage(
                format_args!("the input is longer than {limit} octets"),
                "nobody would accept a token made of it",
            ));
        }
        Ok(octets)
    }

    /// The first octets, one more than `limit` where there are so many.
    fn up_to(&self, limit: usize) -> Result<Zeroizing<Vec<u8>>, Failure> {
        match self {
            Self::Stdin => read_stdin(limit),
            Self::File(path) => read_file(path, limit),
            Self::Literal(text) => Ok(Zeroizing::new(text.clone().into_bytes())),
        }
    }

    /// A JWS, or a JWT that is signed.
    pub(crate) fn read_token(&self) -> Result<String, Failure> {
        self.read_token_of("jws.malformed", "jws.limit-exceeded")
    }

    /// A JWE.
    pub(crate) fn read_encrypted(&self) -> Result<String, Failure> {
        self.read_token_of("jwe.malformed", "jwe.limit-exceeded")
    }

    /// The token: one final line break is not part of it, and everything else is.
    ///
    /// No more is read than tells that it is too large.
    fn read_token_of(
        &self,
        malformed: &'static str,
        too_long: &'static str,
    ) -> Result<String, Failure> {
        let limit = bulla::Limits::DEFAULT.token;
        let mut octets = self.up_to(limit + "\r\n".len())?;
        strip_line_break(&mut octets);
        if octets.len() > limit {
            return Err(Failure::new(
                too_long,
                bulla::Fault::Token,
                format_args!("the token is longer than {limit} octets"),
            ));
        }
        if octets.is_empty() {
            return Err(Failure::malformed(
                malformed,
                "there is no token: the input is empty",
            ));
        }
        let text = std::str::from_utf8(&octets)
            .map_err(|_| Failure::malformed(malformed, "the token is not text"))?;
        Ok(text.to_owned())
    }

    /// A stream of the octets, for payloads that need not be in memory.
    pub(crate) fn open(&self) -> Result<Box<dyn Read + Send>, Failure> {
        Ok(match self {
            Self::Stdin => {
                note_terminal();
                Box::new(io::stdin())
            }
            Self::File(path) => Box::new(open(path)?),
            Self::Literal(text) => Box::new(io::Cursor::new(text.clone().into_bytes())),
        })
    }
}

/// Refuses a command that would read standard input twice, before anything is read.
pub(crate) fn stdin_once<'a>(
    readers: impl IntoIterator<Item = (&'a str, bool)>,
) -> Result<(), Failure> {
    let mut reading = readers
        .into_iter()
        .filter(|(_, reads)| *reads)
        .map(|(name, _)| name);
    match (reading.next(), reading.next()) {
        (Some(first), Some(second)) => Err(Failure::usage(
            format_args!("standard input is named twice: by {first} and by {second}"),
            "give one of them as a file (INPUT is standard input when it is left out)",
        )),
        _ => Ok(()),
    }
}

/// The octets of a file, up to one more than `limit`.
pub(crate) fn read_file(path: &Path, limit: usize) -> Result<Zeroizing<Vec<u8>>, Failure> {
    read(open(path)?, limit).map_err(|error| Failure::io("reading", path, &error))
}

/// The octets of standard input, up to one more than `limit`.
pub(crate) fn read_stdin(limit: usize) -> Result<Zeroizing<Vec<u8>>, Failure> {
    note_terminal();
    read(io::stdin().lock(), limit)
        .map_err(|error| Failure::io("reading", Path::new("standard input"), &error))
}

/// The octets of an environment variable.
pub(crate) fn read_env(name: &str) -> Result<Zeroizing<Vec<u8>>, Failure> {
    match std::env::var(name) {
        Ok(value) => Ok(Zeroizing::new(value.into_bytes())),
        Err(std::env::VarError::NotPresent) => Err(Failure::new(
            "io.not-found",
            bulla::Fault::Remote,
            format_args!("the environment variable {name} is not set"),
        )),
        Err(std::env::VarError::NotUnicode(_)) => Err(Failure::new(
            "io.read",
            bulla::Fault::Remote,
            format_args!("the environment variable {name} is not text"),
        )),
    }
}

/// A password file: one final line break is not part of the password.
pub(crate) fn read_password(path: &Path) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let mut password = if path == Path::new("-") {
        read_stdin(PASSWORD_LIMIT)?
    } else {
        read_file(path, PASSWORD_LIMIT)?
    };
    strip_line_break(&mut password);
    if password.is_empty() {
        return Err(Failure::usage(
            format_args!("the password file {} is empty", path.display()),
            "write the password into it; one final line break is not part of it",
        ));
    }
    Ok(password)
}

/// One final line break is not part of what was written.
fn strip_line_break(octets: &mut Vec<u8>) {
    if octets.pop_if(|last| *last == b'\n').is_some() {
        octets.pop_if(|last| *last == b'\r');
    }
}

fn open(path: &Path) -> Result<File, Failure> {
    File::open(path).map_err(|error| Failure::io("reading", path, &error))
}

fn read(from: impl Read, limit: usize) -> io::Result<Zeroizing<Vec<u8>>> {
    let mut octets = Zeroizing::new(Vec::new());
    from.take((limit as u64).saturating_add(1))
        .read_to_end(&mut octets)?;
    Ok(octets)
}

/// Says why nothing happens to somebody who forgot the INPUT.
fn note_terminal() {
    if io::stdin().is_terminal() {
        crate::output::note("reading standard input; end it with Ctrl-D");
    }
}

/// Whether an argument is a token and not a path.
///
/// What begins as a header does is always a token; what has the shape of one is, unless there is such a file;
/// so is what somebody copied together with quotes or `Bearer `, to be refused as malformed.
fn is_literal(text: &str) -> bool {
    let head = text.split('.').next().unwrap_or_default();
    let parts = text.bytes().filter(|byte| *byte == b'.').count() + 1;
    if parts > 1 && begins_a_header(head) {
        return true;
    }
    if text.len() < LONGEST_PATH && Path::new(text).exists() {
        return false;
    }
    let is_base64url =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    let copied = text
        .trim_start_matches(|character: char| {
            character.is_whitespace() || matches!(character, '"' | '\'' | '`' | '\u{feff}')
        })
        .trim_start_matches("Bearer ")
        .trim_start_matches("bearer ");
    text.len() >= LONGEST_PATH
        || (matches!(parts, 3 | 5) && text.bytes().all(is_base64url))
        || begins_a_header(copied.split('.').next().unwrap_or_default())
        || text.trim_start().starts_with('{')
}

/// Whether base64url text decodes to something that begins with `{` and a quote, space or line break.
fn begins_a_header(text: &str) -> bool {
    ["eyJ", "eyA", "ewo", "ew0", "ewk"]
        .iter()
        .any(|start| text.starts_with(start))
}

/// Longer arguments are no path on any system.
const LONGEST_PATH: usize = 4096;
/// Longer passwords are a mistake.
const PASSWORD_LIMIT: usize = 64 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_told_from_paths() {
        for text in [
            "eyJhbGciOiJIUzI1NiJ9.e30.c2ln",
            "eyJhbGciOiJIUzI1NiJ9..c2ln",
            "eyJhbGciOiJub25lIn0.e30.",
            "a.b.c",
            "a.b.c.d.e",
            "Bearer eyJhbGciOiJIUzI1NiJ9.e30.c2ln",
            "\"eyJhbGciOiJIUzI1NiJ9.e30.c2ln\"",
            "\u{feff}eyJhbGciOiJIUzI1NiJ9.e30.c2ln",
            "{\"payload\":\"\"}",
        ] {
            assert_eq!(
                Input::token(Some(text)),
                Input::Literal(text.into()),
                "{text}"
            );
        }
        for text in [
            "token.jwt",
            "missing",
            "./a.b.c",
            "dir/a.b.c",
            "a.b",
            "Cargo.toml",
        ] {
            assert_eq!(Input::token(Some(text)), Input::File(text.into()), "{text}");
        }
        assert_eq!(Input::token(None), Input::Stdin);
        assert_eq!(Input::token(Some("-")), Input::Stdin);
        assert_eq!(Input::octets(Some("a.b.c")), Input::File("a.b.c".into()));
    }
}
