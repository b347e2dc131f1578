use bulla_jwks::entra::{Entra, EntraError};

use super::Refusal;
use super::keys::IssuerKeys;
use crate::access_token::{AccessTokenPolicy, TokenClaims, UnboundAccess};

/// What decides whether a token is valid.
#[derive(Clone, Debug)]
pub(super) enum Tokens {
    Jwt {
        policy: Box<AccessTokenPolicy>,
        keys: IssuerKeys,
    },
    Entra(Entra),
}

impl Tokens {
    pub(super) async fn verify(&self, token: &str) -> Result<UnboundAccess, Refusal> {
        match self {
            Self::Jwt { policy, keys } => {
                let verified = keys.verify(policy, token).await;
                verified.map_err(|error| {
                    error
                        .into_token()
                        .map_or_else(Refusal::Keys, Refusal::Access)
                })
            }
            Self::Entra(entra) => match entra.verify::<TokenClaims>(token).await {
                Ok(valid) => Ok(valid.into()),
                Err(EntraError::Keys(error)) => Err(Refusal::Keys(error)),
                Err(error) => Err(Refusal::Entra(error)),
            },
        }
    }
}
