//! What is seen: 24 lines of 80 columns.

use std::fmt::Write as _;
use std::path::Path;

use anstyle::{AnsiColor, Style};

use super::stage::{CLAIMS, Honest, Refusal};
use crate::error::one_line;

pub(super) fn show(folder: &Path, honest: &Honest, refusals: &[Refusal]) -> String {
    let bold = Style::new().bold();
    let dim = Style::new().dimmed();
    let good = Style::new().bold().fg_color(Some(AnsiColor::Green.into()));
    let bad = Style::new().bold().fg_color(Some(AnsiColor::Red.into()));
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = writeln!(
        out,
        "{dim}In {}, which is removed afterwards:{dim:#}\n",
        folder.display()
    );
    for command in &honest.commands {
        let _ = writeln!(out, "{dim}${dim:#} {bold}{command}{bold:#}");
        if command.contains("jwt issue") {
            let _ = writeln!(out, "  {dim}claims.json{dim:#} {}", CLAIMS.trim_end());
            let _ = writeln!(out, "  {dim}token.jwt{dim:#}   {}", colored(&honest.token));
        }
    }
    let _ = writeln!(
        out,
        "  {good}verified{good:#}    {}",
        shortened(&honest.claims, WIDTH - 14)
    );
    let _ = writeln!(
        out,
        "\nThe same command refuses what attackers make of it:\n"
    );
    for refusal in refusals {
        let _ = writeln!(
            out,
            "  {bad}refused{bad:#} {:<32}{bad}{}{bad:#}\n          {dim}{}{dim:#}",
            refusal.name,
            refusal.code,
            shortened(&one_line(&refusal.message), WIDTH - 10),
        );
    }
    let _ = writeln!(
        out,
        "\nA key is bound to one algorithm before a token is looked at; no token chooses.\n\
         Next: {bold}bulla help{bold:#}, {bold}bulla explain jws.algorithm-not-allowed{bold:#}"
    );
    out
}

/// The three parts in three colours, the end left out.
fn colored(token: &str) -> String {
    let colors = [AnsiColor::Magenta, AnsiColor::Cyan, AnsiColor::Yellow];
    let parts: Vec<String> = token
        .split('.')
        .zip(colors)
        .map(|(part, color)| {
            let style = Style::new().fg_color(Some(color.into()));
            format!("{style}{}{style:#}", shortened(part, 20))
        })
        .collect();
    parts.join(".")
}

fn shortened(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let kept: String = text.chars().take(width.saturating_sub(3)).collect();
    format!("{kept}...")
}

const WIDTH: usize = 80;
