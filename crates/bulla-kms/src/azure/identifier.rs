use url::Url;

use crate::uri::is_plain;

/// What a vault calls a key: `https://VAULT/keys/NAME/VERSION`.
///
/// It is what the vault itself says, which need not be the address that it was reached at (a private endpoint, a proxy).
/// What matters is that every answer names the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Identifier {
    vault: String,
    name: String,
    version: String,
}

impl Identifier {
    /// Reads a `kid` of a vault. One without a version names no key that could be pinned.
    pub(super) fn parse(kid: &str) -> Option<Self> {
        let url = Url::parse(kid).ok()?;
        let mut path = url.path_segments()?;
        let (Some("keys"), Some(name), Some(version), None) =
            (path.next(), path.next(), path.next(), path.next())
        else {
            return None;
        };
        if url.scheme() != "https" || !is_plain(name) || !is_plain(version) {
            return None;
        }
        Some(Self {
            vault: url.origin().ascii_serialization(),
            // Names are compared without regard to case by the vault itself.
            name: name.to_ascii_lowercase(),
            version: version.to_ascii_lowercase(),
        })
    }

    /// The name with its vault, and no version.
    pub(super) fn key(&self) -> String {
        format!("{}/keys/{}", self.vault, self.name)
    }

    pub(super) fn version(&self) -> &str {
        &self.version
    }

    pub(super) fn is_of(&self, name: &str, version: Option<&str>) -> bool {
        self.name.eq_ignore_ascii_case(name)
            && version.is_none_or(|version| self.version.eq_ignore_ascii_case(version))
    }
}

#[cfg(test)]
mod tests {
    use super::Identifier;

    #[test]
    fn a_version_is_pinned_whatever_the_case_of_its_name() {
        let pinned =
            Identifier::parse("https://v.vault.azure.net/keys/Tokens/0A1b").expect("a kid");
        assert_eq!(pinned.key(), "https://v.vault.azure.net/keys/tokens");
        assert!(pinned.is_of("TOKENS", None) && pinned.is_of("tokens", Some("0a1B")));
        assert!(!pinned.is_of("token", None) && !pinned.is_of("tokens", Some("0a1c")));
        assert_eq!(
            Some(pinned),
            Identifier::parse("https://V.vault.azure.net:443/keys/tokens/0a1b")
        );
    }

    #[test]
    fn what_names_no_version_is_none() {
        for kid in [
            "",
            "tokens",
            "https://v/keys/tokens",
            "https://v/keys/tokens/",
            "https://v/keys/tokens/1/2",
            "https://v/secrets/tokens/1",
            "http://v/keys/tokens/1",
            "https://v/keys/to%2fkens/1",
        ] {
            assert_eq!(Identifier::parse(kid), None, "{kid}");
        }
    }
}
