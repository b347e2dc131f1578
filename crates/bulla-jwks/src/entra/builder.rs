use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use bulla_core::jwa::SignatureAlg;
use bulla_core::jwt::{self, Expectations, Valid};
use bulla_core::key::KeySetPolicy;
use bulla_core::{Clock, Limits};
use serde::de::DeserializeOwned;

use super::issuer::{Tenants, filled, is_guid, template};
use super::judge::{Judge, foreign};
use super::{EntraError, Version};
use crate::http::Fetch;
use crate::machine::CachePolicy;
use crate::remote::{RemoteBuilder, RemoteError, RemoteKeys, StartError, https};

/// Verifies tokens of Microsoft Entra. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Entra {
    keys: RemoteKeys,
    judge: Arc<Judge>,
}

/// Which tokens are expected; [`start`](Self::start) begins.
#[derive(Clone, Debug)]
#[must_use = "nothing is fetched until `start` is called"]
pub struct EntraBuilder {
    tenant: String,
    only: Option<Vec<String>>,
    version: Version,
    authority: String,
    issuer: Option<String>,
    app_id: Option<String>,
    expect: Expectations,
    remote: RemoteBuilder,
}

/// Tokens that Entra issues in a tenant for an API.
///
/// `tenant` is the tenant's GUID, or `common`, `organizations` (all but personal accounts) or `consumers` (only those). `audience` is the API: its application ID
/// (a GUID) in tokens of version 2, its `api://` URI in many of version 1. Tokens of version 2 are expected unless
/// [`v1`](EntraBuilder::v1) is said.
///
/// ```no_run
/// # #[derive(serde::Deserialize)] struct Me { oid: String }
/// # async fn f(token: &str) -> Result<(), Box<dyn std::error::Error>> {
/// let entra = bulla_jwks::entra("72f988bf-86f1-41af-91ab-2d7cd011db47", "5c8e0e9a-54b3-4ae3-9d4f-4c0c6d1a1b9e").start()?;
/// let valid = entra.verify::<Me>(token).await?;
/// println!("{}", valid.claims().oid);
/// # Ok(()) }
/// ```
///
/// # Security
///
/// With `common` or `organizations` every tenant there is can obtain tokens; say [`only`](EntraBuilder::only) which are
/// accepted, or check `tid` yourself. Key data by `tid` and `oid`, never by `sub` alone.
pub fn entra(tenant: impl Into<String>, audience: impl Into<String>) -> EntraBuilder {
    EntraBuilder {
        tenant: tenant.into(),
        only: None,
        version: Version::V2,
        authority: GLOBAL.to_owned(),
        issuer: None,
        app_id: None,
        // The issuer depends on the tenant, and is compared afterwards.
        expect: Expectations::any_issuer_any_audience()
            .audiences([audience])
            .require("exp"),
        remote: https("")
            .algorithms(KeySetPolicy::signatures([SignatureAlg::Rs256]))
            .policy(policy())
            .limits(limits()),
    }
}

impl EntraBuilder {
    /// Expects tokens of version 1.
    pub const fn v1(mut self) -> Self {
        self.version = Version::V1;
        self
    }

    /// Accepts tokens of these tenants alone, by their GUIDs: for `common` and `organizations`.
    pub fn only(mut self, tenants: impl IntoIterator<Item: Into<String>>) -> Self {
        self.only = Some(tenants.into_iter().map(Into::into).collect());
        self
    }

    /// The application has signing keys of its own (claims mapping): its application ID.
    pub fn app_id(mut self, app_id: impl Into<String>) -> Self {
        self.app_id = Some(app_id.into());
        self
    }

    /// Another cloud than `https://login.microsoftonline.com`, such as `https://login.microsoftonline.us`.
    pub fn authority(mut self, authority: impl Into<String>) -> Self {
        self.authority = authority.into().trim_end_matches('/').to_owned();
        self
    }

    /// Another issuer, with `{tenantid}` where the tenant belongs: version 1 in a national cloud, an external tenant.
    pub fn issuer_template(mut self, template: impl Into<String>) -> Self {
        self.issuer = Some(template.into());
        self
    }

    /// Changes what else is expected, such as a leeway. The issuer is not decided here.
    pub fn expectations(mut self, change: impl FnOnce(Expectations) -> Expectations) -> Self {
        self.expect = change(self.expect);
        self
    }

    /// As [`RemoteBuilder::client`].
    pub fn client(mut self, client: impl Fetch + 'static) -> Self {
        self.remote = self.remote.client(client);
        self
    }

    /// As [`RemoteBuilder::policy`]. By default Microsoft's guidance holds: a refresh about every hour, an unknown key
    /// looked for at most every five minutes, and the last keys kept for a day.
    pub fn policy(mut self, policy: CachePolicy) -> Self {
        self.remote = self.remote.policy(policy);
        self
    }

    /// As [`RemoteBuilder::saved_at`].
    pub fn saved_at(mut self, path: impl Into<PathBuf>) -> Self {
        self.remote = self.remote.saved_at(path);
        self
    }

    /// The clock, for tokens and for keys.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.remote = self.remote.clock(Arc::clone(&clock));
        self.expect = self.expect.clock(clock);
        self
    }

    /// As [`RemoteBuilder::start`].
    ///
    /// # Errors
    ///
    /// [`StartError::Tenant`] where the tenant is neither a GUID nor one of the three names; else as there.
    pub fn start(self) -> Result<Entra, StartError> {
        let mut tenants = Tenants::named(&self.tenant).ok_or(StartError::Tenant)?;
        let of_tokens = self
            .issuer
            .unwrap_or_else(|| template(&self.authority, self.version));
        let of_metadata = match &tenants {
            Tenants::Any | Tenants::Organizations | Tenants::Listed(_) => of_tokens.clone(),
            Tenants::OneOf(tenants) => {
                filled(&of_tokens, tenants.first().map_or("", String::as_str))
            }
        };
        if let Some(only) = self.only {
            let known = only
                .iter()
                .all(|tenant| is_guid(tenant) && tenants.accepts(tenant));
            if !known {
                return Err(StartError::Tenant);
            }
            tenants = match tenants {
                // The keys are still those of all tenants, and say for whom they are.
                Tenants::Any | Tenants::Organizations => Tenants::Listed(only),
                Tenants::OneOf(_) | Tenants::Listed(_) => Tenants::OneOf(only),
            };
        }
        let version = match self.version {
            Version::V1 => "",
            Version::V2 => "/v2.0",
        };
        let mut url = format!(
            "{}/{}{version}/.well-known/openid-configuration",
            self.authority, self.tenant
        );
        if let Some(app_id) = &self.app_id {
            let query: String = url::form_urlencoded::byte_serialize(app_id.as_bytes()).collect();
            url.push_str(&format!("?appid={query}"));
        }
        // Other hosts than the clouds' own (`*.ciamlogin.com`) have the global cloud's keys.
        let cloud = self.authority.strip_prefix("https://login.");
        let key_authority = cloud.map_or(GLOBAL, |_| &self.authority);
        let key_template = template(key_authority, Version::V2);
        Ok(Entra {
            keys: self.remote.by_metadata(&url, of_metadata).start()?,
            judge: Arc::new(Judge {
                expect: self.expect.any_issuer(),
                tenants,
                version: self.version,
                key_template,
                template: of_tokens,
                cloud: cloud.unwrap_or(GLOBAL_CLOUD).to_owned(),
            }),
        })
    }
}

impl Entra {
    /// Verifies a token.
    ///
    /// # Errors
    ///
    /// [`EntraError`].
    pub async fn verify<T: DeserializeOwned>(
        &self,
        token: &str,
    ) -> Result<Valid<'static, T>, EntraError> {
        let verified = self
            .keys
            .verify(|keys| self.judge.judge::<T>(token, keys))
            .await;
        verified.map_err(|error| match error {
            RemoteError::Token(EntraError::Token(jwt::VerifyError::Jws(error))) => {
                foreign(token).unwrap_or_else(|| jwt::VerifyError::Jws(error).into())
            }
            error => error.into(),
        })
    }

    /// The keys, to wait for them or to see how they do.
    #[must_use]
    pub const fn keys(&self) -> &RemoteKeys {
        &self.keys
    }
}

const GLOBAL: &str = "https://login.microsoftonline.com";
const GLOBAL_CLOUD: &str = "microsoftonline.com";

/// What Microsoft asks of whoever caches its keys.
fn policy() -> CachePolicy {
    CachePolicy {
        ttl_max: Duration::from_secs(3_600),
        cooldown: Duration::from_secs(300),
        unknown_ttl_max: Duration::from_secs(300),
        stale_min: Duration::from_secs(24 * 3_600),
        ..CachePolicy::default()
    }
}

/// Microsoft asks to be ready for a thousand keys.
const fn limits() -> Limits {
    Limits::DEFAULT
}
