//! The certificates of a key, for people who look at it: nothing here says that they are to be trusted.

use std::fmt;
use std::time::{SystemTime, UNIX_EPOCH};

use bulla::base64url;
use bulla::x509::{Certificate, CertificateError, certifiers};
use serde::Serialize;

use crate::error::one_line;
use crate::time::rfc3339;

/// One certificate of an `x5c`.
#[derive(Serialize)]
pub(super) struct CertificateReport {
    /// Where it stands, from 0: the key's own.
    index: usize,
    #[serde(flatten)]
    content: Content,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Content {
    Read(Box<Details>),
    Unreadable { unusable: String },
}

#[derive(Serialize)]
struct Details {
    subject: String,
    issuer: String,
    /// The position of the certificate whose key signed this one; none where it is not among these.
    signed_by: Option<usize>,
    serial: String,
    not_before: Option<String>,
    not_after: Option<String>,
    /// `valid`, `expired` or `not yet valid`, now.
    validity: &'static str,
    ca: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    key_usage: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    extended_key_usage: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    subject_alt_names: Vec<String>,
    x5t: String,
    #[serde(rename = "x5t#S256")]
    x5t_s256: String,
}

impl CertificateReport {
    pub(super) fn all(chain: &[Vec<u8>], now: SystemTime) -> Vec<Self> {
        let read: Vec<_> = chain.iter().map(|der| Certificate::from_der(der)).collect();
        let certificates: Vec<Certificate> = read.iter().flatten().cloned().collect();
        // Positions among those that could be read, and in the chain.
        let places: Vec<usize> = (0..)
            .zip(&read)
            .filter(|(_, read)| read.is_ok())
            .map(|(at, _)| at)
            .collect();
        let signers = certifiers(&certificates).unwrap_or_default();
        let mut signers = signers.into_iter();
        let report = |(index, read): (usize, Result<Certificate, CertificateError>)| Self {
            index,
            content: match read {
                Ok(certificate) => {
                    let signer = signers.next().flatten();
                    let signer = signer.and_then(|at| places.get(at)).copied();
                    Content::Read(Box::new(Details::of(&certificate, signer, now)))
                }
                Err(error) => Content::Unreadable {
                    unusable: error.to_string(),
                },
            },
        };
        read.into_iter().enumerate().map(report).collect()
    }
}

impl Details {
    fn of(certificate: &Certificate, signed_by: Option<usize>, now: SystemTime) -> Self {
        Self {
            subject: certificate.subject().to_string(),
            issuer: certificate.issuer().to_string(),
            signed_by,
            serial: hex(certificate.serial_number()),
            not_before: date(certificate.not_before()),
            not_after: date(certificate.not_after()),
            validity: if now > certificate.not_after() {
                "expired"
            } else if now < certificate.not_before() {
                "not yet valid"
            } else {
                "valid"
            },
            ca: certificate.is_ca(),
            key_usage: certificate.key_usage().map(|usage| usage.to_string()),
            extended_key_usage: certificate
                .extended_key_usage()
                .map(|purposes| purposes.iter().map(ToString::to_string).collect()),
            subject_alt_names: certificate
                .subject_alt_names()
                .iter()
                .map(ToString::to_string)
                .collect(),
            x5t: base64url::encode(certificate.x5t()),
            x5t_s256: base64url::encode(certificate.x5t_s256()),
        }
    }
}

fn date(time: SystemTime) -> Option<String> {
    let since = time.duration_since(UNIX_EPOCH);
    let seconds = since.map_or_else(
        |before| -before.duration().as_secs_f64(),
        |since| since.as_secs_f64(),
    );
    rfc3339(seconds)
}

fn hex(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}

impl fmt::Display for CertificateReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let title = format!("x5c {}", self.index);
        let details = match &self.content {
            Content::Unreadable { unusable } => {
                return writeln!(f, "{title:<12}cannot be read: {}", one_line(unusable));
            }
            Content::Read(details) => details,
        };
        let authority = if details.ca { ", an authority" } else { "" };
        writeln!(f, "{title:<12}{}{authority}", one_line(&details.subject))?;
        let signer = match details.signed_by {
            Some(signer) if signer == self.index => "itself".to_owned(),
            Some(signer) => format!("x5c {signer}"),
            None => "none of these".to_owned(),
        };
        let unknown = "a time that cannot be shown";
        let [from, to] = [&details.not_before, &details.not_after]
            .map(|date| date.as_deref().unwrap_or(unknown));
        let mut row = |name: &str, value: &str| writeln!(f, "  {name:<10}{}", one_line(value));
        row("issuer", &details.issuer)?;
        row("signed by", &signer)?;
        row("serial", &details.serial)?;
        row("dates", &format!("{from} to {to} ({})", details.validity))?;
        if let Some(usage) = &details.key_usage {
            row("key usage", usage)?;
        }
        if let Some(purposes) = &details.extended_key_usage {
            row("purposes", &purposes.join(", "))?;
        }
        if !details.subject_alt_names.is_empty() {
            row("names", &details.subject_alt_names.join(", "))?;
        }
        row("x5t#S256", &details.x5t_s256)
    }
}
