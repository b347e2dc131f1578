use std::sync::Arc;

use super::CurrentSigner;
use crate::grant::GrantAssertion;
use crate::make_error::MakeError;
use crate::message::{Grant, GrantType, TokenRequest};

/// What to ask for, again and again: the request, and the assertion about a principal that is made anew for each.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    request: TokenRequest,
    about: Option<(GrantAssertion, Arc<dyn CurrentSigner>)>,
}

impl Wanted {
    pub(super) const fn once(request: TokenRequest) -> Self {
        Self {
            request,
            about: None,
        }
    }

    pub(super) fn about(&mut self, principal: GrantAssertion, signer: Arc<dyn CurrentSigner>) {
        self.about = Some((principal, signer));
    }

    pub(super) async fn request(&self) -> Result<TokenRequest, MakeError> {
        let request = self.request.clone();
        Ok(match &self.about {
            None => request,
            Some((principal, signer)) => {
                let assertion = principal.sign_async(&signer.current()).await?;
                request.granted_by(Grant::JwtBearer { assertion })
            }
        })
    }

    pub(super) fn kind(&self) -> GrantType {
        match self.about {
            Some(_) => GrantType::JwtBearer,
            None => self.request.grant().kind(),
        }
    }

    /// Whether it may be sent again after nobody knows what became of it. A grant's assertion that was given to us is
    /// good for one time.
    pub(super) fn is_repeatable(&self) -> bool {
        self.about.is_some() || self.kind() == GrantType::ClientCredentials
    }
}
