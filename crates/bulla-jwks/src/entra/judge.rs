use bulla_core::jwk::Members;
use bulla_core::jwt::{Expectations, Jwt, Valid};
use bulla_core::{Limits, base64url, json};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::issuer::{Tenants, filled, is_guid};
use super::{EntraError, Version};
use crate::remote::Snapshot;

/// What a token of Entra's must be, beside what every token must be.
#[derive(Clone, Debug)]
pub(super) struct Judge {
    pub(super) expect: Expectations,
    pub(super) tenants: Tenants,
    pub(super) version: Version,
    /// Of the tokens' `iss`.
    pub(super) template: String,
    /// The same in version 2, which is what the keys name, those of version 1 too where they name one.
    pub(super) key_template: String,
    /// `microsoftonline.com`, or that of a national cloud.
    pub(super) cloud: String,
}

#[derive(Deserialize)]
struct Claims {
    tid: Option<String>,
    ver: Option<String>,
}

impl Judge {
    pub(super) fn judge<T: DeserializeOwned>(
        &self,
        token: &str,
        keys: &Snapshot,
    ) -> Result<Valid<'static, T>, EntraError> {
        let valid = self.expect.verify::<T>(token, keys)?;
        let claims: Claims = json::from_slice(valid.payload(), Limits::DEFAULT.json_depth)
            .map_err(|_| EntraError::Tenant)?;
        let expected = match self.version {
            Version::V1 => "1.0",
            Version::V2 => "2.0",
        };
        if claims.ver.as_deref() != Some(expected) {
            return Err(EntraError::Version {
                expected: self.version,
            });
        }
        let tenant = claims.tid.ok_or(EntraError::Tenant)?;
        if !is_guid(&tenant) || !self.tenants.accepts(&tenant) {
            return Err(EntraError::Tenant);
        }
        if valid.issuer() != Some(&filled(&self.template, &tenant)) {
            return Err(EntraError::Issuer);
        }
        let Some(kid) = valid.key().kid() else {
            return Err(EntraError::KeyIssuer);
        };
        // Several keys of one `kid` would have to be for this tenant all.
        let all = keys
            .set()
            .find(kid)
            .all(|key| self.is_for(key.members(), &tenant));
        if all {
            Ok(valid)
        } else {
            Err(EntraError::KeyIssuer)
        }
    }

    /// Whether a key is one for tokens of this tenant: a concrete issuer is for that alone, a template for all.
    fn is_for(&self, key: &Members, tenant: &str) -> bool {
        let text = |name: &str| key.other.get(name).map(Value::as_str);
        let in_cloud = match text("cloud_instance_name") {
            Some(cloud) => cloud == Some(&self.cloud),
            None => true,
        };
        let for_issuer = match text("issuer") {
            Some(Some(issuer)) => {
                let issuer = filled(issuer, tenant);
                issuer == filled(&self.key_template, tenant)
                    || issuer == filled(&self.template, tenant)
            }
            Some(None) => false,
            // The keys of version 1 name no issuer; those of one tenant are that tenant's.
            None => self.version == Version::V1 || matches!(self.tenants, Tenants::OneOf(_)),
        };
        in_cloud && for_issuer
    }
}

/// Why a signature may not have held: the token is one that only Microsoft can verify.
pub(super) fn foreign(token: &str) -> Option<EntraError> {
    let parsed = Jwt::parse(token).ok()?;
    parsed.header().get("nonce")?;
    Some(EntraError::ForeignNonce {
        audience: said_audience(token),
    })
}

fn said_audience(token: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Said {
        aud: String,
    }
    let claims = base64url::decode(token.split('.').nth(1)?).ok()?;
    let said: Said = json::from_slice(&claims, Limits::DEFAULT.json_depth).ok()?;
    Some(said.aud.chars().take(LONGEST_SHOWN).collect())
}

const LONGEST_SHOWN: usize = 200;
