use std::sync::Arc;

use bulla_core::key::Backend;

use crate::uri::KeyUri;
use crate::{KeyHandle, OpenError, Rules};

/// Opens keys in vaults: with which rules, as which `kid`, and what prepares public keys.
///
/// Credentials come from where the vendor's own tools take them. For others, open a key from a client that you made: see
/// the module of the backend.
///
/// Clones share what opening needs: connections, and tokens of a cloud. So make one, and keep it.
#[derive(Clone, Debug)]
#[must_use]
pub struct Opener {
    pub(crate) rules: Rules,
    pub(crate) kid: Option<String>,
    pub(crate) probe: bool,
    pub(crate) backend: Arc<dyn Backend>,
    #[cfg_attr(
        not(any(feature = "kms-aws", feature = "kms-azure")),
        allow(dead_code, reason = "not every vault is reached by HTTPS")
    )]
    pub(crate) authorities: Vec<Vec<u8>>,
    #[cfg(feature = "kms-aws")]
    pub(crate) aws: crate::aws::Clients,
    #[cfg(feature = "kms-azure")]
    pub(crate) azure: crate::azure::Clients,
}

impl Opener {
    /// With the default [`Rules`].
    pub fn new() -> Self {
        Self {
            rules: Rules::new(),
            kid: None,
            probe: true,
            backend: bulla_aws_lc::backend(),
            authorities: Vec::new(),
            #[cfg(feature = "kms-aws")]
            aws: crate::aws::Clients::default(),
            #[cfg(feature = "kms-azure")]
            azure: crate::azure::Clients::default(),
        }
    }

    /// How the vault is called.
    pub const fn rules(mut self, rules: Rules) -> Self {
        self.rules = rules;
        self
    }

    /// The `kid` of what is made with the key, instead of the thumbprint of its public half.
    pub fn kid(mut self, kid: impl Into<String>) -> Self {
        self.kid = Some(kid.into());
        self
    }

    /// Whether the key is tried when it is opened: it is unless set. Not to try one saves a call, and hides until the first
    /// token that nobody may use it.
    pub const fn probe(mut self, probe: bool) -> Self {
        self.probe = probe;
        self
    }

    /// What prepares public keys, instead of `bulla-aws-lc`.
    pub fn backend(mut self, backend: Arc<dyn Backend>) -> Self {
        self.backend = backend;
        self
    }

    /// Trusts these certification authorities too, where a vault is reached by HTTPS: one or more certificates as PEM. May be
    /// said again. The platform's roots and what `SSL_CERT_FILE` names are trusted in any case.
    pub fn authority(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.authorities.push(pem.into());
        // Those that there are trust fewer.
        #[cfg(feature = "kms-aws")]
        {
            self.aws = crate::aws::Clients::default();
        }
        #[cfg(feature = "kms-azure")]
        {
            self.azure = crate::azure::Clients::default();
        }
        self
    }

    /// Opens the key that a URI names.
    ///
    /// # Errors
    ///
    /// [`OpenError::Uri`]; [`OpenError::NotBuiltIn`] for a vault whose feature is off; [`OpenError::Vault`].
    pub async fn open(&self, uri: &str) -> Result<KeyHandle, OpenError> {
        #[allow(
            clippy::match_single_binding,
            reason = "features add the vaults that are built in"
        )]
        match KeyUri::parse(uri)? {
            #[cfg(feature = "kms-aws")]
            KeyUri::AwsKms(uri) => crate::aws::open_uri(&uri, self).await,
            #[cfg(feature = "kms-azure")]
            KeyUri::AzureKeyVault(uri) => crate::azure::open_uri(&uri, self).await,
            #[cfg(feature = "kms-pkcs11")]
            KeyUri::Pkcs11(uri) => crate::pkcs11::open_uri(&uri, self).await,
            #[allow(unreachable_patterns, reason = "reached where a feature is off")]
            other => Err(OpenError::NotBuiltIn {
                feature: other.feature(),
            }),
        }
    }
}

impl Default for Opener {
    fn default() -> Self {
        Self::new()
    }
}

/// Opens the key that a URI names, with the default rules.
///
/// # Errors
///
/// As for [`Opener::open`].
pub async fn open(uri: &str) -> Result<KeyHandle, OpenError> {
    Opener::new().open(uri).await
}
