//! What is seen, in 80 columns.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use serde_json::value::RawValue;

use super::exchange::{Exchange, Step, Token};
use super::world::Addresses;
use crate::error::one_line;
use crate::json;

pub(super) fn opening(addresses: &Addresses) -> String {
    format!(
        "{DIM}authorization server{DIM:#}  {}\n{DIM}client and API{DIM:#}        {}\n",
        addresses.authorization_server, addresses.client
    )
}

pub(super) fn step(step: &Step) -> String {
    let mut page = Page::default();
    page.line(format_args!("\n{BOLD}{}{BOLD:#}", step.title));
    for line in step.note.iter().flat_map(|note| note.lines()) {
        page.line(format_args!("{DIM}{line}{DIM:#}"));
    }
    if let Some(assertion) = &step.assertion {
        page.token("assertion", assertion);
    }
    for exchange in &step.exchanges {
        page.exchange(exchange, step.assertion.is_some());
    }
    if let Some(token) = &step.access_token {
        page.token("access token", token);
    }
    if let Some(reason) = &step.reason {
        page.line(format_args!(
            "  {DIM}why, says the log alone:{DIM:#} {BAD}{reason}{BAD:#}"
        ));
    }
    page.0
}

pub(super) fn closing(addresses: &Addresses, once: bool) -> String {
    let next = "A key is bound to one algorithm before a token is looked at; no token chooses.";
    if once {
        return format!(
            "\n{next}\nNext: {BOLD}bulla demo{BOLD:#} stays up, with a page to try it all out.\n"
        );
    }
    format!(
        "\n{next}\n\nStill there, until Ctrl-C:\n  {BOLD}{}{BOLD:#}  the page to try it all out\n  {}/rotate  POST: a new key pair\n  {}\n  {}/client  the whole flow again\n  {}\n  {}/jwks  of the authorization server\n",
        addresses.docs,
        addresses.client,
        addresses.jwks,
        addresses.client,
        addresses.api,
        addresses.authorization_server
    )
}

#[derive(Default)]
struct Page(String);

impl Page {
    fn line(&mut self, text: std::fmt::Arguments<'_>) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.0, "{text}");
    }

    /// Encoded, and what is in it.
    fn token(&mut self, name: &str, token: &Token) {
        self.line(format_args!("  {DIM}{name}, encoded{DIM:#}"));
        self.encoded(&token.encoded);
        self.json("header", &token.header);
        self.json("claims", &token.claims);
    }

    /// The three parts in three colours, wrapped.
    fn encoded(&mut self, token: &str) {
        let colors = [AnsiColor::Magenta, AnsiColor::Cyan, AnsiColor::Yellow];
        let mut column = 0;
        self.0.push_str("    ");
        for (index, part) in token.split('.').enumerate() {
            let color = colors.get(index).copied().unwrap_or(AnsiColor::White);
            let style = Style::new().fg_color(Some(color.into()));
            let dot = if index == 0 { "" } else { "." };
            let text = format!("{dot}{part}");
            let mut rest = text.as_str();
            while !rest.is_empty() {
                if column == WRAP {
                    self.0.push_str("\n    ");
                    column = 0;
                }
                let (now, later) = rest.split_at_checked(WRAP - column).unwrap_or((rest, ""));
                let _ = write!(self.0, "{style}{now}{style:#}");
                column += now.len();
                rest = later;
            }
        }
        self.0.push('\n');
    }

    fn json(&mut self, name: &str, value: &RawValue) {
        if !name.is_empty() {
            self.line(format_args!("  {DIM}{name}{DIM:#}"));
        }
        for line in json::pretty(value.get()).lines() {
            self.line(format_args!("    {}", fitting(line, WRAP)));
        }
    }

    fn exchange(&mut self, exchange: &Exchange, has_assertion: bool) {
        let (request, response) = (&exchange.request, &exchange.response);
        self.line(format_args!(
            "  {BOLD}{}{BOLD:#} {}",
            request.method, request.url
        ));
        for (name, value) in &request.form.0 {
            let value = value.as_str().unwrap_or_default();
            let shown = match &**name {
                "client_assertion" if has_assertion => "the one above".to_owned(),
                _ => fitting(value, WRAP.saturating_sub(name.len() + 1)),
            };
            self.line(format_args!("    {DIM}{name}={DIM:#}{shown}"));
        }
        if let Some(authorization) = &request.authorization {
            let shown = fitting(authorization, WRAP - 15);
            self.line(format_args!("    {DIM}authorization:{DIM:#} {shown}"));
        }
        let style = if response.status < 400 { GOOD } else { BAD };
        self.line(format_args!("  {style}{}{style:#}", response.status));
        for challenge in &response.www_authenticate {
            self.challenge(challenge);
        }
        if let Some(body) = &response.body {
            self.json("", body);
        }
    }

    /// A header that may be longer than a line.
    fn challenge(&mut self, challenge: &str) {
        let challenge = one_line(challenge);
        self.line(format_args!("    {DIM}www-authenticate:{DIM:#}"));
        for part in challenge.split_inclusive(", ") {
            self.line(format_args!("      {}", fitting(part.trim_end(), WRAP - 2)));
        }
    }
}

fn fitting(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let kept: String = text.chars().take(width.saturating_sub(3)).collect();
    format!("{kept}...")
}

/// What is left of 80 columns.
const WRAP: usize = 76;
const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const GOOD: Style = Style::new()
    .bold()
    .fg_color(Some(anstyle::Color::Ansi(AnsiColor::Green)));
const BAD: Style = Style::new()
    .bold()
    .fg_color(Some(anstyle::Color::Ansi(AnsiColor::Red)));
