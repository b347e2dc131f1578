use anstyle::Style;
use clap::Args;
use serde_json::json;

use crate::args::Globals;
use crate::error::Failure;
use crate::exit::after_help;
use crate::explanations::{self, Explanation};
use crate::output;

/// Say what an error code means and what to do about it
#[derive(Args, Debug)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Explain {
    /// The code, as in `error[CODE]`; without it, list every code
    code: Option<String>,
}

impl Explain {
    pub(crate) fn run(self, globals: &Globals) -> Result<(), Failure> {
        match &self.code {
            Some(code) => one(code, globals),
            None => list(globals),
        }
    }
}

fn one(code: &str, globals: &Globals) -> Result<(), Failure> {
    // Whoever copies the whole of `error[jws.malformed]:` means the code.
    let bare = code
        .trim()
        .trim_start_matches("error[")
        .trim_end_matches(':')
        .trim_end_matches(']');
    let explanation = explanations::find(bare).ok_or_else(|| {
        Failure::usage(
            format_args!("there is no error code {bare:?}"),
            "`bulla explain` lists every code",
        )
    })?;
    let Explanation {
        code,
        exit,
        means,
        help,
    } = explanation;
    if globals.json {
        return output::json(&json!({
            "code": code,
            "exit": *exit as u8,
            "means": means,
            "help": help,
        }));
    }
    let bold = Style::new().bold();
    output::styled(&format!(
        "{bold}{code}{bold:#} (exit {})\n\n{}\n\n{bold}What to do:{bold:#} {}\n",
        *exit as u8,
        fill(means, 0),
        fill(help, "What to do: ".len()),
    ))
}

fn list(globals: &Globals) -> Result<(), Failure> {
    if globals.json {
        let codes: Vec<&str> = explanations::all()
            .map(|explanation| explanation.code)
            .collect();
        return output::json(&json!({ "codes": codes }));
    }
    let text: String = explanations::all()
        .map(|Explanation { code, exit, .. }| format!("{code:<30}exit {}\n", *exit as u8))
        .collect();
    output::styled(&text)
}

/// Breaks lines at 80 columns; the first has `taken` columns less.
fn fill(text: &str, taken: usize) -> String {
    const WIDTH: usize = 80;
    let mut out = String::new();
    let mut column = taken;
    for word in text.split_whitespace() {
        let length = word.chars().count();
        if column + 1 + length > WIDTH {
            out.push('\n');
            column = 0;
        } else if !out.is_empty() {
            out.push(' ');
            column += 1;
        }
        out.push_str(word);
        column += length;
    }
    out
}

const AFTER_HELP: &str = after_help!(
    "\
Examples:
  bulla explain jwt.expired
  bulla explain jws.algorithm-not-allowed"
);
