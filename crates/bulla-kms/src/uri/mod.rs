//! Key URIs: which key of which vault.

mod aws;
mod azure;
mod pkcs11;

use core::fmt;

use bulla_core::Fault;

pub use aws::AwsKmsUri;
pub use azure::AzureKeyVaultUri;
#[cfg(feature = "kms-azure")]
pub(crate) use azure::is_plain;
pub use pkcs11::{ObjectType, PinSource, Pkcs11Uri};

/// Names a key in a vault.
///
/// | Form | Vault |
/// |---|---|
/// | `awskms:KEY-ID-OR-ARN-OR-ALIAS[?region=R&endpoint=URL]` | AWS KMS |
/// | `azurekv:https://VAULT/keys/NAME[/VERSION]` | Azure Key Vault, Managed HSM |
/// | `pkcs11:token=..;object=..?module-path=..&pin-source=file:..` | a PKCS#11 token, [RFC 7512](https://www.rfc-editor.org/rfc/rfc7512) |
///
/// ```
/// use bulla_kms::KeyUri;
///
/// let KeyUri::AwsKms(uri) = KeyUri::parse("awskms:alias/tokens?region=eu-west-1")? else { unreachable!() };
/// assert_eq!((uri.key(), uri.region()), ("alias/tokens", Some("eu-west-1")));
///
/// let error = KeyUri::parse("awskms:alias/tokens?regoin=eu-west-1").unwrap_err();
/// assert_eq!(error.code(), "remote.uri-malformed");
/// # Ok::<(), bulla_kms::UriError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyUri {
    /// AWS KMS.
    AwsKms(AwsKmsUri),
    /// Azure Key Vault or Managed HSM.
    AzureKeyVault(AzureKeyVaultUri),
    /// A PKCS#11 token.
    Pkcs11(Pkcs11Uri),
}

impl KeyUri {
    /// Reads a key URI. Parameters that are unknown or stand twice are refused, since a misspelt one would be ignored.
    ///
    /// # Errors
    ///
    /// [`UriError`].
    pub fn parse(uri: &str) -> Result<Self, UriError> {
        let (scheme, rest) = uri.split_once(':').ok_or(UriError::Scheme)?;
        match scheme.to_ascii_lowercase().as_str() {
            "awskms" => AwsKmsUri::parse(rest).map(Self::AwsKms),
            "azurekv" => AzureKeyVaultUri::parse(rest).map(Self::AzureKeyVault),
            "pkcs11" => Pkcs11Uri::parse(rest).map(Self::Pkcs11),
            _ => Err(UriError::Scheme),
        }
    }

    /// The feature of this crate that its vault needs.
    #[must_use]
    pub const fn feature(&self) -> &'static str {
        match self {
            Self::AwsKms(_) => "kms-aws",
            Self::AzureKeyVault(_) => "kms-azure",
            Self::Pkcs11(_) => "kms-pkcs11",
        }
    }
}

/// Why a text is no key URI.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum UriError {
    /// No scheme, or none that names a vault.
    Scheme,
    /// A part that is wrong.
    Part {
        /// Which.
        part: &'static str,
        /// What is wrong with it.
        why: &'static str,
    },
    /// A parameter that is unknown or stands twice.
    Parameter {
        /// Its name.
        name: String,
    },
}

impl UriError {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        "remote.uri-malformed"
    }

    /// Whose doing it is.
    #[must_use]
    pub const fn fault(&self) -> Fault {
        Fault::Caller
    }
}

impl fmt::Display for UriError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Scheme => {
                f.write_str("not a key URI: it begins with awskms:, azurekv: or pkcs11:")
            }
            Self::Part { part, why } => write!(f, "the {part} of the key URI {why}"),
            Self::Parameter { name } => {
                write!(
                    f,
                    "the parameter {name:?} of the key URI is unknown or stands twice"
                )
            }
        }
    }
}

impl std::error::Error for UriError {}

/// `name=value` pairs, percent-decoded, none twice.
fn parameters(text: &str, separator: char) -> Result<Vec<(&str, String)>, UriError> {
    let mut all: Vec<(&str, String)> = Vec::new();
    for pair in text.split(separator).filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').ok_or_else(|| UriError::Parameter {
            name: pair.to_owned(),
        })?;
        if all.iter().any(|(known, _)| *known == name) {
            return Err(UriError::Parameter {
                name: name.to_owned(),
            });
        }
        all.push((name, decoded(value)?));
    }
    Ok(all)
}

fn decoded(text: &str) -> Result<String, UriError> {
    let decoded = percent_encoding::percent_decode_str(text).decode_utf8();
    Ok(decoded
        .map_err(|_| UriError::Part {
            part: "percent-encoding",
            why: "is not UTF-8",
        })?
        .into_owned())
}

#[cfg(test)]
mod tests {
    use super::{KeyUri, PinSource, UriError};

    #[test]
    fn each_vault() {
        let KeyUri::AwsKms(uri) =
            KeyUri::parse("AWSKMS:arn:aws:kms:eu-west-1:1:key/x?endpoint=http://127.0.0.1:5000")
                .expect("a URI")
        else {
            panic!("AWS")
        };
        assert_eq!(uri.key(), "arn:aws:kms:eu-west-1:1:key/x");
        assert_eq!(uri.endpoint(), Some("http://127.0.0.1:5000"));

        let KeyUri::AzureKeyVault(uri) =
            KeyUri::parse("azurekv:https://v.vault.azure.net/keys/n/0123").expect("a URI")
        else {
            panic!("Azure")
        };
        assert_eq!(uri.vault(), "https://v.vault.azure.net");
        assert_eq!((uri.name(), uri.version()), ("n", Some("0123")));
        assert!(uri.verify_resource());

        let KeyUri::Pkcs11(uri) = KeyUri::parse(
            "pkcs11:token=my%20token;object=a;id=%01%ff?module-path=/m.so&pin-source=file:/pin",
        )
        .expect("a URI") else {
            panic!("PKCS#11")
        };
        assert_eq!((uri.token(), uri.object()), (Some("my token"), Some("a")));
        assert_eq!(uri.id(), Some(&[1, 255][..]));
        let KeyUri::Pkcs11(named) = KeyUri::parse("pkcs11:id=id=").expect("a URI") else {
            panic!("PKCS#11")
        };
        assert_eq!(named.id(), Some(&b"id="[..]));
        assert_eq!(uri.pin_source(), Some(&PinSource::File("/pin".into())));
    }

    #[test]
    fn loopback_takes_the_resource_as_it_comes() {
        for (uri, verifies) in [
            ("azurekv:https://127.0.0.1:8443/keys/n", false),
            ("azurekv:https://localhost/keys/n", false),
            (
                "azurekv:https://v.vault.azure.net/keys/n?verify-resource=false",
                false,
            ),
            ("azurekv:https://v.vault.azure.net/keys/n", true),
        ] {
            let KeyUri::AzureKeyVault(parsed) = KeyUri::parse(uri).expect("a URI") else {
                panic!("Azure")
            };
            assert_eq!(parsed.verify_resource(), verifies, "{uri}");
        }
    }

    #[test]
    fn an_endpoint_is_passed_on_as_it_was_understood() {
        for (written, read) in [
            ("http://127.0.0.1:5000/", "http://127.0.0.1:5000"),
            // As a browser reads it, this is loopback; another reader might take what follows.
            (
                r"http:\\127.1\@kms.example",
                "http://127.0.0.1/@kms.example",
            ),
            ("HTTPS://KMS.example/a", "https://kms.example/a"),
        ] {
            let uri = format!("awskms:k?endpoint={written}");
            let KeyUri::AwsKms(uri) = KeyUri::parse(&uri).expect(written) else {
                panic!("AWS")
            };
            assert_eq!(uri.endpoint(), Some(read));
        }
    }

    #[test]
    fn refusals() {
        for uri in [
            "",
            "awskms",
            "gcpkms:x",
            "awskms:",
            "awskms:k?region=",
            "awskms:k?region=a&region=b",
            "awskms:k?endpoint=http://kms.example",
            "awskms:k?endpoint=ftp://127.0.0.1",
            "awskms:k?endpoint=http://127.0.0.1@kms.example",
            "awskms:k?endpoint=http://localhost.kms.example",
            "awskms:k?endpoint=https://u:p@kms.example",
            "awskms:k?endpoint=https://kms.example?a",
            "awskms:k?endpoint=https://kms.example%23a",
            "azurekv:v/keys/n",
            "azurekv:http://v.vault.azure.net/keys/n",
            "azurekv:https://v.vault.azure.net/secrets/n",
            "azurekv:https://v.vault.azure.net/keys/",
            "azurekv:https://v.vault.azure.net/keys/n/v/w",
            "azurekv:https://v.vault.azure.net/keys/n%2fv",
            "azurekv:https://v.vault.azure.net/keys/n/v.1",
            "azurekv:https://u:p@v.vault.azure.net/keys/n",
            "azurekv:https://v.vault.azure.net/keys/n?verify-resource=maybe",
            "pkcs11:",
            "pkcs11:token=a",
            "pkcs11:token=a;token=b;object=c",
            "pkcs11:token=a;object=c;kind=private",
            "pkcs11:object=a;type=public",
            "pkcs11:object=a?pin-value=1234",
            "pkcs11:object=%ff",
            "pkcs11:object=a?pin-source=|command",
        ] {
            let error = KeyUri::parse(uri).expect_err(uri);
            assert_eq!(error.code(), "remote.uri-malformed", "{uri}");
        }
        assert_eq!(
            KeyUri::parse("awskms:k?x=1"),
            Err(UriError::Parameter { name: "x".into() })
        );
    }
}
