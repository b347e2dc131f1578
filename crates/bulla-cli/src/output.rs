//! Where results go: standard output, or files that appear whole or not at all.

use std::fs;
use std::io::{self, IsTerminal as _, Write as _};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use anstyle::{AnsiColor, Style};
use serde::Serialize;

use crate::args::{Color, Globals};
use crate::error::{Failure, one_line};

/// Set once, before a verb runs.
static QUIET: AtomicBool = AtomicBool::new(false);

/// Takes over `--quiet`.
pub(crate) fn configure(globals: &Globals) {
    QUIET.store(globals.quiet, Ordering::Relaxed);
}

/// Takes over `--color`. Without it, pipes and NO_COLOR decide.
pub(crate) fn colorize(color: Color) {
    match color {
        Color::Auto => {}
        Color::Always => anstream::ColorChoice::Always.write_global(),
        Color::Never => anstream::ColorChoice::Never.write_global(),
    }
}

/// Writes the result, byte for byte.
pub(crate) fn bytes(octets: &[u8]) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    stdout
        .write_all(octets)
        .and_then(|()| stdout.flush())
        .map_err(|error| stdout_failed(&error))
}

/// Writes the result from a stream, byte for byte.
pub(crate) fn copy(from: &mut dyn io::Read) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    io::copy(from, &mut stdout)
        .and_then(|_| stdout.flush())
        .map_err(|error| stdout_failed(&error))
}

/// Writes a result that is text, and a line break.
pub(crate) fn line(text: &str) -> Result<(), Failure> {
    bytes(format!("{text}\n").as_bytes())
}

/// Writes a result that is text with styles, which are left out where they are not wanted.
pub(crate) fn styled(text: &str) -> Result<(), Failure> {
    let mut stdout = anstream::stdout().lock();
    stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush())
        .map_err(|error| stdout_failed(&error))
}

/// Writes the result as one JSON object and a line break.
pub(crate) fn json<T: Serialize>(value: &T) -> Result<(), Failure> {
    let text = serde_json::to_string(value).map_err(Failure::bug)?;
    line(&text)
}

/// Tells something by the way.
pub(crate) fn note(text: &str) {
    aside("note", AnsiColor::Cyan, text);
}

/// Tells something that should not be missed.
pub(crate) fn warn(text: &str) {
    aside("warning", AnsiColor::Yellow, text);
}

/// Says on standard error that what follows is anybody's word.
pub(crate) fn unverified() {
    let style = Style::new().bold().fg_color(Some(AnsiColor::Yellow.into()));
    let text =
        format!("{style}UNVERIFIED{style:#}: nothing of this was checked, anybody can write it\n");
    // There is nobody left to tell that stderr is closed.
    let _ = anstream::stderr().write_all(text.as_bytes());
}

/// Whether progress may be shown.
pub(crate) fn wants_progress() -> bool {
    !QUIET.load(Ordering::Relaxed) && io::stderr().is_terminal()
}

/// Who may read a file that is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Secrecy {
    /// The owner alone: 0600.
    Private,
    /// As the umask has it.
    Public,
}

/// Refuses early what [`file()`] would refuse after the work is done.
pub(crate) fn check_free(path: &Path, force: bool) -> Result<(), Failure> {
    match fs::metadata(path) {
        Ok(_) if !force => Err(Failure::exists(path)),
        // A device or folder is not replaced by a file, whatever was asked.
        Ok(metadata) if !metadata.is_file() => Err(Failure::new(
            "io.write",
            bulla::Fault::Remote,
            format_args!("{} is not a file", path.display()),
        )),
        Ok(_) | Err(_) => Ok(()),
    }
}

/// Writes a file that is there whole or not at all, and takes the place of another only when forced.
pub(crate) fn file(
    path: &Path,
    octets: &[u8],
    secrecy: Secrecy,
    force: bool,
) -> Result<(), Failure> {
    check_free(path, force)?;
    let failed = |error: &io::Error| match error.kind() {
        io::ErrorKind::AlreadyExists => Failure::exists(path),
        _ => Failure::io("writing", path, error),
    };
    // A link keeps pointing where it points.
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let folder = match target.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let mut temporary = builder(secrecy)
        .tempfile_in(folder)
        .map_err(|error| failed(&error))?;
    temporary
        .write_all(octets)
        .and_then(|()| temporary.as_file().sync_all())
        .map_err(|error| failed(&error))?;
    let persisted = if force {
        temporary.persist(&target)
    } else {
        temporary.persist_noclobber(&target)
    };
    persisted.map(drop).map_err(|error| failed(&error.error))
}

/// Private is what the builder makes unless told otherwise.
#[cfg(unix)]
fn builder(secrecy: Secrecy) -> tempfile::Builder<'static, 'static> {
    use std::os::unix::fs::PermissionsExt as _;
    let mut builder = tempfile::Builder::new();
    builder.prefix(".bulla-");
    if secrecy == Secrecy::Public {
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder
}

#[cfg(not(unix))]
fn builder(_: Secrecy) -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".bulla-");
    builder
}

fn stdout_failed(error: &io::Error) -> Failure {
    if error.kind() == io::ErrorKind::BrokenPipe {
        // `bulla ... | head` has what it wants; there is nobody to tell.
        std::process::exit(i32::from(crate::exit::Exit::Io as u8));
    }
    Failure::io("writing", Path::new("standard output"), error)
}

fn aside(label: &str, color: AnsiColor, text: &str) {
    if !QUIET.load(Ordering::Relaxed) {
        let style = Style::new().bold().fg_color(Some(color.into()));
        let text = format!("{style}{label}:{style:#} {}\n", one_line(text));
        // There is nobody left to tell that stderr is closed.
        let _ = anstream::stderr().write_all(text.as_bytes());
    }
}
