//! What goes wrong, in the two lines that a person and a script both read.

use std::borrow::Cow;
use std::fmt::{self, Write as _};
use std::io::{self, Write as _};
use std::path::Path;

use anstyle::{AnsiColor, Style};
use bulla::Fault;
use bulla::jwk::KeyError;

use crate::exit::Exit;
use crate::explanations;

/// A failed command: `error[code]: what` and `help: help`.
#[derive(Debug)]
pub(crate) struct Failure {
    code: &'static str,
    exit: Exit,
    what: String,
    help: Option<Cow<'static, str>>,
}

impl Failure {
    /// An error of the library, which knows its code and whose fault it is.
    pub(crate) fn new(code: &'static str, fault: Fault, what: impl fmt::Display) -> Self {
        Self {
            code,
            exit: fault.into(),
            what: what.to_string(),
            help: None,
        }
    }

    /// The command line makes no sense.
    pub(crate) fn usage(what: impl fmt::Display, help: impl Into<Cow<'static, str>>) -> Self {
        Self::new("cli.usage", Fault::Caller, what).help(help)
    }

    /// The contract has it, this build has not.
    pub(crate) fn not_built_in(what: impl fmt::Display) -> Self {
        Self::new(
            "cli.not-built-in",
            Fault::Caller,
            format_args!("{what} is not built in"),
        )
    }

    /// A file or stream failed.
    pub(crate) fn io(doing: &str, path: &Path, error: &io::Error) -> Self {
        let code = match error.kind() {
            io::ErrorKind::NotFound => "io.not-found",
            io::ErrorKind::PermissionDenied => "io.permission-denied",
            io::ErrorKind::AlreadyExists => "io.exists",
            _ if doing.starts_with("writ") => "io.write",
            _ => "io.read",
        };
        // The operating system's wording without Rust's `(os error 2)`.
        let text = error.to_string();
        let text = text.split(" (os error").next().unwrap_or_default();
        Self::new(
            code,
            Fault::Remote,
            format_args!("{doing} {}: {text}", path.display()),
        )
    }

    /// A file that will not be overwritten.
    pub(crate) fn exists(path: &Path) -> Self {
        Self::new(
            "io.exists",
            Fault::Remote,
            format_args!("{} exists already", path.display()),
        )
    }

    /// The token's bytes are not a token, or not one that can be shown.
    pub(crate) fn malformed(code: &'static str, what: impl fmt::Display) -> Self {
        Self::new(code, Fault::Token, what)
    }

    /// An invariant of this program does not hold.
    pub(crate) fn bug(what: impl fmt::Display) -> Self {
        Self::new("cli.bug", Fault::Bug, what)
    }

    /// Says what to do, where that is more than the code's own advice.
    pub(crate) fn help(mut self, help: impl Into<Cow<'static, str>>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Names the key, file or flag that the error is about.
    pub(crate) fn about(mut self, subject: impl fmt::Display) -> Self {
        self.what.insert_str(0, &format!("{subject}: "));
        self
    }

    pub(crate) const fn code(&self) -> &'static str {
        self.code
    }

    /// What to do: its own advice, or that of its code.
    pub(crate) fn advice(&self) -> &str {
        self.help
            .as_deref()
            .unwrap_or_else(|| explanations::help(self.code))
    }

    pub(crate) const fn exit(&self) -> Exit {
        self.exit
    }

    /// Writes the two lines. What could be the work of whoever made the token is made harmless to a terminal.
    pub(crate) fn print(&self) {
        let error = Style::new().bold().fg_color(Some(AnsiColor::Red.into()));
        let help = Style::new().bold().fg_color(Some(AnsiColor::Cyan.into()));
        let text = format!(
            "{error}error[{}]:{error:#} {}\n{help}help:{help:#} {}\n",
            self.code,
            one_line(&self.what),
            one_line(self.advice()),
        );
        // There is nobody left to tell that stderr is closed.
        let _ = anstream::stderr().write_all(text.as_bytes());
    }
}

/// What happened, without code and help.
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl From<KeyError> for Failure {
    fn from(error: KeyError) -> Self {
        // A password that is missing or wrong makes a key unreadable, whoever is to blame.
        let fault = match error.fault() {
            Fault::Caller => Fault::Key,
            fault => fault,
        };
        Self::new(error.code(), fault, &error)
    }
}

/// `text` on one line, without characters that move a cursor, ring a bell or reorder what is read.
pub(crate) fn one_line(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' | '\r' | '\t' => safe.push(' '),
            _ if is_unsafe(character) => {
                // Writing to a string cannot fail.
                let _ = write!(safe, "\\u{{{:x}}}", u32::from(character));
            }
            _ => safe.push(character),
        }
    }
    safe
}

/// Control characters, and the formatting ones that reorder or hide text (Unicode TR 36 §2.5).
pub(crate) fn is_unsafe(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_strangers_cannot_move_the_cursor() {
        assert_eq!(
            one_line("a\u{1b}[2Jb\nc\u{202e}d"),
            "a\\u{1b}[2Jb c\\u{202e}d"
        );
    }
}
