use core::fmt;
use std::time::SystemTime;

use bulla_core::jwt::Valid;
use bulla_core::{Limits, json};
use serde::de::DeserializeOwned;

use super::claims::{Confirmation, Spaced};
use super::{AccessError, TokenClaims};
use crate::dpop::{ProvedKey, Thumbprint};
use crate::message::TokenScheme;
use crate::scope::Scopes;

/// A valid token of which nobody knows yet whether its presenter may use it.
#[derive(Clone)]
#[must_use = "nobody has access until `presented` is called"]
pub struct UnboundAccess {
    valid: Valid<'static, TokenClaims>,
}

/// How a token is presented.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Presented<'a> {
    /// As `Bearer`, without more.
    Bearer,
    /// As `Bearer`, over a connection with this client certificate: SHA-256 of its DER (RFC 8705 §3).
    Certificate(&'a [u8; 32]),
    /// As `DPoP`, with a proof of this key (RFC 9449 §7.1).
    Dpop(&'a ProvedKey),
}

impl UnboundAccess {
    /// The key that the token is bound to: what the proof has to be of.
    #[must_use]
    pub fn bound_to(&self) -> Option<Thumbprint> {
        self.confirmation()
            .and_then(|confirmation| confirmation.jkt)
    }

    /// Access, where the token is presented as it has to be: one that is bound to a key with that key, and one that is
    /// not as a bearer token.
    ///
    /// # Errors
    ///
    /// [`AccessError::Bound`], [`AccessError::NotBound`], [`AccessError::BoundOtherwise`],
    /// [`AccessError::Unconfirmed`], [`AccessError::ScopeMalformed`].
    pub fn presented(self, how: Presented<'_>) -> Result<Access, AccessError> {
        let (jkt, certificate) = match self.confirmation() {
            None => (None, None),
            // A confirmation that is not understood confirms nothing (RFC 7800 §3.1).
            Some(Confirmation {
                jkt: None,
                certificate: None,
            }) => return Err(AccessError::Unconfirmed),
            Some(confirmation) => (confirmation.jkt, confirmation.certificate),
        };
        let scheme = match how {
            Presented::Dpop(proved) => match jkt {
                None => return Err(AccessError::NotBound),
                Some(key) if key != proved.thumbprint() => return Err(AccessError::BoundOtherwise),
                Some(_) => TokenScheme::Dpop,
            },
            _ if jkt.is_some() => return Err(AccessError::Bound),
            _ => TokenScheme::Bearer,
        };
        match (certificate, how) {
            (None, _) => {}
            (Some(bound), Presented::Certificate(seen)) if bound.octets() == seen => {}
            (Some(_), Presented::Certificate(_)) => return Err(AccessError::BoundOtherwise),
            (Some(_), _) => return Err(AccessError::Unconfirmed),
        }
        let scopes = scopes(self.valid.claims())?;
        Ok(Access {
            valid: self.valid,
            scopes,
            scheme,
        })
    }

    fn confirmation(&self) -> Option<&Confirmation> {
        self.valid.claims().cnf.as_ref()
    }
}

/// A token that something else found valid, such as `bulla_jwks::entra`.
impl From<Valid<'static, TokenClaims>> for UnboundAccess {
    fn from(valid: Valid<'static, TokenClaims>) -> Self {
        Self { valid }
    }
}

/// What a request may do: a token that is valid and presented as it has to be.
#[derive(Clone)]
pub struct Access {
    valid: Valid<'static, TokenClaims>,
    scopes: Scopes,
    scheme: TokenScheme,
}

impl Access {
    /// Who issued the token.
    #[must_use]
    pub fn issuer(&self) -> Option<&str> {
        self.valid.issuer()
    }

    /// For whom: the client itself, or a principal.
    #[must_use]
    pub fn subject(&self) -> Option<&str> {
        self.valid.subject()
    }

    /// The client that asked for it: `client_id`, or else `azp` or `appid`.
    #[must_use]
    pub fn client_id(&self) -> Option<&str> {
        let claims = self.valid.claims();
        let named = claims.client_id.as_deref().or(claims.azp.as_deref());
        named.or(claims.appid.as_deref())
    }

    /// The scopes: `scope`, or else `scp`.
    #[must_use]
    pub const fn scopes(&self) -> &Scopes {
        &self.scopes
    }

    /// The roles, as Entra gives them to applications.
    pub fn roles(&self) -> impl Iterator<Item = &str> {
        let roles = self.valid.claims().roles.as_deref().unwrap_or_default();
        roles.iter().map(String::as_str)
    }

    /// What tells the token from every other.
    #[must_use]
    pub fn jwt_id(&self) -> Option<&str> {
        self.valid.jwt_id()
    }

    /// Until when it is valid.
    #[must_use]
    pub fn expires_at(&self) -> Option<SystemTime> {
        self.valid.expires_at()
    }

    /// The `kid` of the key that verified it, for logs.
    #[must_use]
    pub fn kid(&self) -> Option<&str> {
        self.valid.key().kid()
    }

    /// How it was presented, for the challenges that follow.
    #[must_use]
    pub const fn scheme(&self) -> TokenScheme {
        self.scheme
    }

    /// All claims, as a type of the caller's.
    ///
    /// # Errors
    ///
    /// [`json::JsonError`] where they do not fit the type.
    pub fn claims<T: DeserializeOwned>(&self) -> Result<T, json::JsonError> {
        json::from_slice(self.valid.payload(), Limits::DEFAULT.json_depth)
    }

    /// Whether this role was given. Roles are case-sensitive.
    ///
    /// # Errors
    ///
    /// [`AccessError::Role`] with the role that is needed.
    pub fn require_role(&self, needed: &str) -> Result<(), AccessError> {
        if self.roles().any(|role| role == needed) {
            Ok(())
        } else {
            Err(AccessError::Role {
                needed: needed.to_owned(),
            })
        }
    }

    /// Whether all of these scopes were granted.
    ///
    /// # Errors
    ///
    /// [`AccessError::Scope`] with the scopes that are needed.
    pub fn require(&self, needed: &Scopes) -> Result<(), AccessError> {
        if needed.is_subset(&self.scopes) {
            Ok(())
        } else {
            Err(AccessError::Scope {
                needed: needed.clone(),
            })
        }
    }
}

fn scopes(claims: &TokenClaims) -> Result<Scopes, AccessError> {
    let scopes = match claims.scope.as_ref().or(claims.scp.as_ref()) {
        None => Ok(Scopes::none()),
        Some(Spaced::Text(text)) => Scopes::parse(text),
        Some(Spaced::Several(several)) => {
            let mut scopes = Scopes::none();
            several
                .iter()
                .try_for_each(|scope| scopes.insert(scope))
                .map(|()| scopes)
        }
    };
    scopes.map_err(|_| AccessError::ScopeMalformed)
}

impl fmt::Debug for UnboundAccess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("UnboundAccess").field(&self.valid).finish()
    }
}

impl fmt::Debug for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Access")
            .field("subject", &self.subject())
            .field("client_id", &self.client_id())
            .field("scopes", &self.scopes)
            .field("scheme", &self.scheme)
            .finish_non_exhaustive()
    }
}
