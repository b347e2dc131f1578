use url::Url;

use super::aws::is_loopback;
use super::{UriError, parameters};

/// `azurekv:https://VAULT/keys/NAME[/VERSION][?verify-resource=false]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AzureKeyVaultUri {
    vault: String,
    name: String,
    version: Option<String>,
    verify_resource: bool,
}

impl AzureKeyVaultUri {
    pub(super) fn parse(rest: &str) -> Result<Self, UriError> {
        let wrong = |part, why| UriError::Part { part, why };
        let url = Url::parse(rest).map_err(|_| wrong("vault", "is no URL"))?;
        if url.scheme() != "https" || url.host().is_none() {
            return Err(wrong("vault", "is not https"));
        }
        if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
            return Err(wrong("vault", "has user information or a fragment"));
        }
        let form = || wrong("path", "is not /keys/NAME or /keys/NAME/VERSION");
        let mut path = url.path_segments().ok_or_else(form)?;
        if path.next() != Some("keys") {
            return Err(form());
        }
        let name = path.next().filter(|name| !name.is_empty());
        let name = name.ok_or_else(form)?;
        let version = path.next().filter(|version| !version.is_empty());
        if !is_plain(name) || !version.is_none_or(is_plain) {
            return Err(wrong("path", "has other than letters, digits and hyphens"));
        }
        if path.next().is_some() {
            return Err(form());
        }
        let mut verify_resource = !is_loopback(&url);
        for (name, value) in parameters(url.query().unwrap_or_default(), '&')? {
            verify_resource = match (name, value.as_str()) {
                ("verify-resource", "true") => true,
                ("verify-resource", "false") => false,
                _ => {
                    return Err(UriError::Parameter {
                        name: name.to_owned(),
                    });
                }
            };
        }
        Ok(Self {
            vault: url.origin().ascii_serialization(),
            name: name.to_owned(),
            version: version.map(str::to_owned),
            verify_resource,
        })
    }

    /// The vault: `https://VAULT`, without a path.
    #[must_use]
    pub fn vault(&self) -> &str {
        &self.vault
    }

    /// The key's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The version; else the newest at opening, and no other afterwards.
    #[must_use]
    pub fn version(&self) -> Option<&str> {
        self.version.as_deref()
    }

    /// Whether the resource that the vault asks for a token of must be of the vault's own domain. It must but on loopback and
    /// where `verify-resource=false`, for private clouds.
    #[must_use]
    pub const fn verify_resource(&self) -> bool {
        self.verify_resource
    }
}

/// Letters, digits and hyphens, which is all that names and versions are made of. Anything else would be another path.
pub(crate) fn is_plain(text: &str) -> bool {
    (1..=127).contains(&text.len())
        && text
            .bytes()
            .all(|octet| octet.is_ascii_alphanumeric() || octet == b'-')
}
