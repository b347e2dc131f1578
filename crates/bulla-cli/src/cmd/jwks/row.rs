use std::fmt::Write as _;
use std::time::UNIX_EPOCH;

use bulla::jwa::HashAlg;
use bulla::jwk::PublicJwk;
use bulla::x509::Certificate;
use serde::Serialize;

use crate::error::one_line;
use crate::time::rfc3339;

/// A key of a set, in one line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Row {
    pub(super) kid: Option<String>,
    kty: &'static str,
    alg: Option<String>,
    #[serde(rename = "use")]
    key_use: Option<String>,
    /// When its certificate ends, or what its `exp` says.
    expires: Option<String>,
    /// RFC 7638 with SHA-256.
    pub(super) thumbprint: String,
}

impl Row {
    pub(super) fn of(key: &PublicJwk) -> Self {
        let members = key.members();
        Self {
            kid: members.kid.clone(),
            kty: key.key().describe(),
            alg: members.alg.as_ref().map(ToString::to_string),
            key_use: members
                .key_use
                .as_ref()
                .map(|key_use| key_use.as_str().to_owned()),
            expires: expires(key).and_then(rfc3339),
            thumbprint: key.thumbprint(HashAlg::Sha256),
        }
    }

    fn cells(&self) -> [String; COLUMNS.len()] {
        let shown =
            |text: &Option<String>| text.as_deref().map_or_else(|| "-".to_owned(), one_line);
        [
            shown(&self.kid),
            shown(&self.alg),
            shown(&self.key_use),
            self.kty.to_owned(),
            shown(&self.expires),
            self.thumbprint.clone(),
        ]
    }

    /// For the report of a change.
    pub(super) fn line(&self) -> String {
        self.cells().join("  ")
    }
}

const COLUMNS: [&str; 6] = ["KID", "ALG", "USE", "KEY", "EXPIRES", "THUMBPRINT"];

/// A header, and a line for each key.
pub(super) fn table(rows: &[Row]) -> String {
    let cells: Vec<_> = rows.iter().map(Row::cells).collect();
    let header = COLUMNS.map(str::to_owned);
    let lines = || std::iter::once(&header).chain(&cells);
    let widths: Vec<usize> = (0..COLUMNS.len())
        .map(|column| {
            let width = |line: &[String; COLUMNS.len()]| {
                line.get(column).map_or(0, |cell| cell.chars().count())
            };
            lines().map(width).max().unwrap_or_default()
        })
        .collect();
    let mut out = String::new();
    for line in lines() {
        let mut text = String::new();
        for (cell, width) in line.iter().zip(&widths) {
            // Writing to a string cannot fail.
            let _ = write!(text, "{cell:<width$}  ");
        }
        out.push_str(text.trim_end());
        out.push('\n');
    }
    out
}

fn expires(key: &PublicJwk) -> Option<f64> {
    let members = key.members();
    let certificate = members.x5c.as_ref().and_then(|chain| chain.first());
    let certificate = certificate.and_then(|der| Certificate::from_der(der).ok());
    match certificate {
        Some(certificate) => {
            let since = certificate.not_after().duration_since(UNIX_EPOCH);
            since.ok().map(|since| since.as_secs_f64())
        }
        None => members.other.get("exp")?.as_f64(),
    }
}
