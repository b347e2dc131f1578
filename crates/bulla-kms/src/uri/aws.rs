use url::Url;

use super::{UriError, parameters};

/// `awskms:KEY-ID-OR-ARN-OR-ALIAS[?region=R&endpoint=URL]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AwsKmsUri {
    key: String,
    region: Option<String>,
    endpoint: Option<String>,
}

impl AwsKmsUri {
    pub(super) fn parse(rest: &str) -> Result<Self, UriError> {
        let (key, query) = rest.split_once('?').unwrap_or((rest, ""));
        if key.is_empty() {
            return Err(UriError::Part {
                part: "key",
                why: "is missing",
            });
        }
        let mut uri = Self {
            key: key.to_owned(),
            region: None,
            endpoint: None,
        };
        for (name, value) in parameters(query, '&')? {
            match name {
                "region" if !value.is_empty() => uri.region = Some(value),
                "endpoint" => uri.endpoint = Some(endpoint(&value)?),
                _ => {
                    return Err(UriError::Parameter {
                        name: name.to_owned(),
                    });
                }
            }
        }
        Ok(uri)
    }

    /// A key's identifier, its ARN, an alias (`alias/NAME`), or the ARN of an alias.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The region; else where the environment, or the ARN, says.
    #[must_use]
    pub fn region(&self) -> Option<&str> {
        self.region.as_deref()
    }

    /// Where KMS is instead of its usual place: `https`, or `http` on loopback.
    #[must_use]
    pub fn endpoint(&self) -> Option<&str> {
        self.endpoint.as_deref()
    }
}

fn endpoint(text: &str) -> Result<String, UriError> {
    let url = Url::parse(text).ok().filter(|url| match url.scheme() {
        "https" => url.has_host(),
        "http" => is_loopback(url),
        _ => false,
    });
    let url = url.ok_or(UriError::Part {
        part: "endpoint",
        why: "is no https URL, nor http on loopback",
    })?;
    let is_plain = url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none();
    if !is_plain {
        return Err(UriError::Part {
            part: "endpoint",
            why: "has user information, a query or a fragment",
        });
    }
    // As it was understood here, so that the SDK reads no other host out of it.
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

/// Whether a URL's host is this machine by its address or as `localhost`.
pub(super) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}
