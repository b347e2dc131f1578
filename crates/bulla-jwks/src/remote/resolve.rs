use std::sync::Arc;

use bulla_core::Trusted;
use bulla_core::jwa::HashAlg;
use bulla_core::jwk::{Jwk, JwkSet, PublicJwk, thumbprint};
use bulla_core::key::BoxFuture;
use bulla_core::trust::{KeyName, ResolveError, ResolveKey, Trust};

use super::error::RemoteError;
use super::handle::RemoteKeys;
use super::missing_key::MissingKey;

/// For the core's key resolvers: the published keys of a name. A name that is not there has the issuer asked, as
/// [`RemoteKeys::verify`] does and as seldom.
///
/// Names of certificates are compared with what the key says of itself (`x5t`, `x5t#S256`), and the latter with the
/// certificate beside it; that both are the key's is checked when it is bound.
impl ResolveKey for RemoteKeys {
    fn name(&self) -> &str {
        Self::name(self)
    }

    fn resolve<'a>(
        &'a self,
        name: KeyName<'a>,
    ) -> BoxFuture<'a, Result<Vec<Arc<Trusted<Jwk>>>, ResolveError>> {
        Box::pin(async move {
            let found = self.verify(|keys| named(keys.set(), name)).await;
            match found {
                Ok(keys) => {
                    let why = || Trust::Resolver {
                        name: Self::name(self).to_owned(),
                        found_by: name.kind(),
                    };
                    let trusted = |key| Arc::new(Trusted::new(key, why()));
                    Ok(keys.into_iter().map(trusted).collect())
                }
                Err(RemoteError::Token(NotThere(_))) => Ok(Vec::new()),
                Err(RemoteError::Keys(error)) => {
                    let (code, fault) = (error.code(), error.fault());
                    Err(ResolveError::resolver(Self::name(self), code, fault, error))
                }
            }
        })
    }
}

/// No key has the name; with the `kid`, if it is one.
struct NotThere<'a>(Option<&'a str>);

impl MissingKey for NotThere<'_> {
    fn missing_key(&self) -> Option<Option<&str>> {
        Some(self.0)
    }
}

fn named<'a>(set: &JwkSet, name: KeyName<'a>) -> Result<Vec<Jwk>, NotThere<'a>> {
    let keys = set.public_keys().filter(|key| has_name(key, name));
    let found: Vec<Jwk> = keys.cloned().map(Jwk::Public).collect();
    if !found.is_empty() {
        return Ok(found);
    }
    Err(NotThere(match name {
        KeyName::Kid(kid) => Some(kid),
        _ => None,
    }))
}

fn has_name(key: &PublicJwk, name: KeyName<'_>) -> bool {
    let members = key.members();
    match name {
        KeyName::Kid(kid) => members.kid.as_deref() == Some(kid),
        KeyName::CertificateSha1(digest) => members.x5t.as_ref() == Some(digest),
        KeyName::CertificateSha256(digest) => {
            let certificate = members.x5c.as_ref().and_then(|chain| chain.first());
            let of_certificate = |der: &Vec<u8>| HashAlg::Sha256.digest(der).as_ref() == digest;
            members.x5t_s256.as_ref() == Some(digest) || certificate.is_some_and(of_certificate)
        }
        KeyName::Thumbprint(digest) => {
            thumbprint::of_public(key.key(), HashAlg::Sha256).as_ref() == digest
        }
        _ => false,
    }
}
