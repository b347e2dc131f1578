//! Usage errors in our own two lines: clap finds them, and has its own way of saying so.

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{ColorChoice, Command, CommandFactory as _, FromArgMatches as _, ValueEnum as _};

use crate::args::{Cli, Color};
use crate::error::Failure;
use crate::keyref;
use crate::output;

/// The command that the arguments ask for; none where they asked for help, which is printed.
pub(crate) fn parse(args: impl Iterator<Item = OsString>) -> Result<Option<Cli>, Failure> {
    let args: Vec<OsString> = args.map(stdin_with_kid).collect();
    let color = color(&args);
    output::colorize(color);
    let mut command = Cli::command().color(match color {
        Color::Auto => ColorChoice::Auto,
        Color::Always => ColorChoice::Always,
        Color::Never => ColorChoice::Never,
    });
    command.build();
    let parsed = command
        .clone()
        .try_get_matches_from(&args)
        .and_then(|matches| Cli::from_arg_matches(&matches));
    match parsed {
        Ok(cli) => Ok(Some(cli)),
        Err(error) if !error.use_stderr() => {
            // A reader that has seen enough of the help closes the pipe.
            let _ = error.print();
            Ok(None)
        }
        Err(error) => Err(explain(&error, asked_for(&command, &args))),
    }
}

/// Standard input with a kid, `-#KID`, spelled so that it is not taken for flags.
fn stdin_with_kid(arg: OsString) -> OsString {
    match arg.to_str().and_then(|text| text.strip_prefix("-#")) {
        Some(kid) => format!("{}#{kid}", keyref::STDIN).into(),
        None => arg,
    }
}

/// `--color` is needed before the arguments are understood: help and usage errors have colours too.
fn color(args: &[OsString]) -> Color {
    let texts: Vec<&str> = args.iter().filter_map(|arg| arg.to_str()).collect();
    let value = texts
        .iter()
        .enumerate()
        .find_map(|(at, arg)| match arg.strip_prefix("--color") {
            Some("") => texts.get(at + 1).copied(),
            Some(value) => value.strip_prefix('='),
            None => None,
        });
    value
        .and_then(|value| Color::from_str(value, false).ok())
        .unwrap_or(Color::Auto)
}

/// The noun and verb that the arguments name, as far as there are such.
fn asked_for<'a>(mut command: &'a Command, args: &[OsString]) -> &'a Command {
    for arg in args.iter().skip(1) {
        match command.find_subcommand(arg) {
            Some(found) => command = found,
            None if command.has_subcommands() => {}
            None => break,
        }
    }
    command
}

fn explain(error: &clap::Error, command: &Command) -> Failure {
    let name = command.get_bin_name().unwrap_or("bulla");
    let see = format!("see `{name} --help`");
    let text = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => one(text),
        Some(ContextValue::Strings(texts)) => texts
            .iter()
            .map(|text| one(text))
            .collect::<Vec<_>>()
            .join(", "),
        _ => String::new(),
    };
    let arg = text(ContextKind::InvalidArg);
    let value = text(ContextKind::InvalidValue);
    match error.kind() {
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            let verbs: Vec<&str> = command
                .get_subcommands()
                .map(Command::get_name)
                .filter(|name| *name != "help")
                .collect();
            Failure::usage(
                format_args!("`{name}` does nothing by itself"),
                format!("say what to do: {}", verbs.join(", ")),
            )
        }
        ErrorKind::InvalidSubcommand => {
            let unknown = text(ContextKind::InvalidSubcommand);
            let suggested = text(ContextKind::SuggestedSubcommand);
            let help = if suggested.is_empty() {
                see
            } else {
                format!("did you mean {suggested}?")
            };
            Failure::usage(format_args!("`{name}` has no `{unknown}`"), help)
        }
        ErrorKind::UnknownArgument => {
            let suggested = text(ContextKind::SuggestedArg);
            let help = if suggested.is_empty() {
                see
            } else {
                format!("did you mean {suggested}?")
            };
            Failure::usage(format_args!("`{name}` takes no {arg}"), help)
        }
        ErrorKind::MissingRequiredArgument => Failure::usage(
            format_args!("`{name}` needs {}", with_alternatives(command, error)),
            see,
        ),
        ErrorKind::ArgumentConflict => {
            let prior = text(ContextKind::PriorArg);
            let what = if prior == arg || prior.is_empty() {
                format!("{arg} may be given once")
            } else {
                format!("{arg} and {prior} exclude each other")
            };
            Failure::usage(what, see)
        }
        ErrorKind::InvalidValue if value.is_empty() => {
            Failure::usage(format_args!("{arg} needs a value"), see)
        }
        ErrorKind::InvalidValue => {
            let valid = text(ContextKind::ValidValue);
            Failure::usage(format_args!("{arg}: {value:?} is none of {valid}"), see)
        }
        ErrorKind::ValueValidation => {
            let reason = std::error::Error::source(error).map(ToString::to_string);
            let reason = reason.unwrap_or_else(|| "is not valid".to_owned());
            Failure::usage(format_args!("{arg}: {value:?}: {reason}"), see)
        }
        ErrorKind::InvalidUtf8 => Failure::usage("an argument is not UTF-8", see),
        _ => {
            let text = error.to_string();
            let first = text.lines().next().unwrap_or_default();
            Failure::usage(first.trim_start_matches("error: "), see)
        }
    }
}

/// The arguments that are missing, each with the one that would do instead.
fn with_alternatives(command: &Command, error: &clap::Error) -> String {
    let Some(ContextValue::Strings(missing)) = error.get(ContextKind::InvalidArg) else {
        return "more arguments".to_owned();
    };
    let alternative = |missing: &str| {
        ALTERNATIVES.iter().find_map(|(flag, other)| {
            let known = command
                .get_arguments()
                .any(|arg| arg.get_long() == Some(*other));
            (missing.split(' ').next() == Some(*flag) && known).then_some(*other)
        })
    };
    let texts: Vec<String> = missing
        .iter()
        .map(|missing| match alternative(missing) {
            Some(other) => format!("{missing} or --{other}"),
            None => missing.clone(),
        })
        .collect();
    texts.join(", and ")
}

/// What clap does not say when it misses the first: that the second would do.
const ALTERNATIVES: &[(&str, &str)] = &[
    ("--alg", "kty"),
    ("--audience", "any-audience"),
    ("--issuer", "any-issuer"),
    ("--key", "jwks"),
];

/// An argument as clap describes it, never a key, and shortened where it is somebody's whole token.
fn one(text: &str) -> String {
    const LONGEST: usize = 60;
    if keyref::looks_like_a_key(text) {
        return "a key in an argument".to_owned();
    }
    match text.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}...", text.get(..at).unwrap_or_default()),
        None => text.to_owned(),
    }
}
