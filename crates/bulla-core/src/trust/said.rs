//! What a token says about its key, and whether that contradicts itself or a key that was found.

use super::{Contradiction, KeyName, ResolveError};
use crate::header::Header;
use crate::jwa::AlgName;
use crate::jwk::{
    Jwk, KeyError, Members, PublicJwk, PublicKey, certificate_sha256, check_certificates,
    thumbprint,
};
use crate::key::Backend;
use crate::limits::Limits;

/// The words of one signature or recipient, read and compared with each other.
pub(super) struct Said<'h> {
    pub(super) alg: &'h AlgName,
    pub(super) kid: Option<&'h str>,
    pub(super) x5t: Option<&'h [u8; 20]>,
    pub(super) x5t_s256: Option<&'h [u8; 32]>,
    pub(super) jwk: Option<SaidJwk>,
    pub(super) x5c: Option<SaidChain<'h>>,
    pub(super) x5u: Option<&'h str>,
    pub(super) jku: Option<&'h str>,
    /// What of these stands in the protected header, and so may earn trust.
    protected: &'h Header,
}

pub(super) struct SaidJwk {
    jwk: PublicJwk,
    pub(super) thumbprint: [u8; 32],
}

pub(super) struct SaidChain<'h> {
    pub(super) chain: &'h [Vec<u8>],
    pub(super) leaf: Leaf,
}

/// The certificate that is said to be the key's own.
#[derive(Clone, PartialEq)]
pub(super) struct Leaf {
    pub(super) key: PublicKey,
    sha1: [u8; 20],
    sha256: [u8; 32],
}

impl<'h> Said<'h> {
    /// Reads what a JOSE Header says; `protected` is its protected part.
    ///
    /// A `jwk` or certificate that cannot be read is refused even where it would earn nothing: the key that will be
    /// found is one that we can read, so it is another.
    pub(super) fn read(
        header: &'h Header,
        protected: &'h Header,
        alg: &'h AlgName,
        backend: &dyn Backend,
        limits: &Limits,
    ) -> Result<Self, ResolveError> {
        let limit = |what| Err(ResolveError::LimitExceeded { what });
        let kid = header.kid();
        if kid.is_some_and(|kid| kid.len() > limits.kid) {
            return limit("the kid");
        }
        if header.x5c_len() > limits.x5c {
            return limit("the x5c chain");
        }
        let jwk = header.jwk().transpose().map_err(brought("jwk"))?;
        let jwk = jwk.map(SaidJwk::new);
        let x5c = match header.x5c() {
            None => None,
            Some(chain) => {
                let chain: &'h [Vec<u8>] = chain.peek();
                let leaf = Leaf::of(chain, backend).map_err(brought("x5c"))?;
                Some(SaidChain { chain, leaf })
            }
        };
        let said = Self {
            alg,
            kid,
            x5t: header.x5t(),
            x5t_s256: header.x5t_s256(),
            jwk,
            x5c,
            x5u: header.x5u().map(|url| *url.peek()),
            jku: header.jku().map(|url| *url.peek()),
            protected,
        };
        said.check_itself(backend)?;
        Ok(said)
    }

    /// The names to ask for, the likeliest first.
    pub(super) fn names(&self) -> impl Iterator<Item = KeyName<'_>> {
        let names = [
            self.kid.map(KeyName::Kid),
            self.x5t.map(KeyName::CertificateSha1),
            self.x5t_s256.map(KeyName::CertificateSha256),
        ];
        names.into_iter().flatten()
    }

    /// Whether a key of a set is named by the token; where that names none, every key is.
    pub(super) fn names_key(&self, key: &PublicJwk, backend: &dyn Backend) -> bool {
        let members = key.members();
        match (self.kid, self.x5t, self.x5t_s256) {
            (Some(kid), ..) => members.kid.as_deref() == Some(kid),
            (None, None, None) => true,
            (None, sha1, sha256) => {
                let of_key = Digests::of(members, backend);
                sha1.is_none_or(|sha1| of_key.sha1.as_ref() == Some(sha1))
                    && sha256.is_none_or(|sha256| of_key.sha256.as_ref() == Some(sha256))
            }
        }
    }

    /// Whether a parameter stands where the signature or tag covers it.
    pub(super) fn is_protected(&self, parameter: &str) -> bool {
        self.protected.get(parameter).is_some()
    }

    /// Nothing is fetched, searched or validated for a token that contradicts itself.
    fn check_itself(&self, backend: &dyn Backend) -> Result<(), ResolveError> {
        if let Some(chain) = &self.x5c {
            self.check_leaf(&chain.leaf, "x5c")?;
        }
        let Some(SaidJwk { jwk, .. }) = &self.jwk else {
            return Ok(());
        };
        let members = jwk.members();
        check_certificates(members, jwk.key(), Some(self.alg), backend).map_err(brought("jwk"))?;
        self.check_digests(members, "jwk", backend)?;
        if members.alg.as_ref().is_some_and(|alg| alg != self.alg) {
            return disagrees("alg", "the alg of jwk");
        }
        match (self.kid, members.kid.as_deref()) {
            (Some(kid), Some(own)) if kid != own => disagrees("kid", "the kid of jwk"),
            _ => Ok(()),
        }
    }

    /// Compares a certificate that is said to be the key's with the other words. `of` is where it stands.
    pub(super) fn check_leaf(&self, leaf: &Leaf, of: &'static str) -> Result<(), ResolveError> {
        if self.x5t.is_some_and(|digest| *digest != leaf.sha1) {
            return disagrees("x5t", of);
        }
        if self.x5t_s256.is_some_and(|digest| *digest != leaf.sha256) {
            return disagrees("x5t#S256", of);
        }
        self.check_key(Some(&leaf.key), of)
    }

    /// Compares a key that was found with the words.
    pub(super) fn check_found(&self, key: &Jwk, backend: &dyn Backend) -> Result<(), ResolveError> {
        self.check_digests(key.members(), FOUND, backend)?;
        self.check_key(key.public_key().as_ref(), FOUND)
    }

    /// A symmetric key, which is no public one, contradicts every key that a token brings.
    fn check_key(&self, key: Option<&PublicKey>, of: &'static str) -> Result<(), ResolveError> {
        if self
            .jwk
            .as_ref()
            .is_some_and(|said| Some(said.jwk.key()) != key)
        {
            return disagrees("jwk", of);
        }
        if self
            .x5c
            .as_ref()
            .is_some_and(|said| Some(&said.leaf.key) != key)
        {
            return disagrees("x5c", of);
        }
        Ok(())
    }

    fn check_digests(
        &self,
        members: &Members,
        of: &'static str,
        backend: &dyn Backend,
    ) -> Result<(), ResolveError> {
        let Digests { sha1, sha256 } = Digests::of(members, backend);
        if self
            .x5t
            .is_some_and(|said| sha1.is_some_and(|own| own != *said))
        {
            return disagrees("x5t", of);
        }
        if self
            .x5t_s256
            .is_some_and(|said| sha256.is_some_and(|own| own != *said))
        {
            return disagrees("x5t#S256", of);
        }
        Ok(())
    }
}

/// The digests that a key's members give of its certificate.
pub(super) struct Digests {
    pub(super) sha1: Option<[u8; 20]>,
    pub(super) sha256: Option<[u8; 32]>,
}

impl Digests {
    pub(super) fn of(members: &Members, backend: &dyn Backend) -> Self {
        let certificate = members.x5c.as_ref().and_then(|chain| chain.first());
        let sha1 = || certificate.map(|der| backend.certificate_sha1(der));
        let sha256 = || certificate.map(|der| certificate_sha256(der));
        Self {
            sha1: members.x5t.or_else(sha1),
            sha256: members.x5t_s256.or_else(sha256),
        }
    }
}

impl SaidJwk {
    fn new(jwk: crate::trust::Untrusted<PublicJwk>) -> Self {
        let jwk = jwk.peek().clone();
        let digest = thumbprint::of_public(jwk.key(), crate::jwa::HashAlg::Sha256);
        Self {
            thumbprint: thumbprint::octets(&digest),
            jwk,
        }
    }
}

impl Leaf {
    pub(super) fn of(chain: &[Vec<u8>], backend: &dyn Backend) -> Result<Self, KeyError> {
        let first = chain.first().map(Vec::as_slice).unwrap_or_default();
        Ok(Self {
            key: PublicJwk::from_certificate(first)?.key().clone(),
            sha1: backend.certificate_sha1(first),
            sha256: certificate_sha256(first),
        })
    }
}

pub(super) const FOUND: &str = "the key that was found";

/// Whoever made the token wrote it: no key of the application's is at fault.
fn brought(parameter: &'static str) -> impl Fn(KeyError) -> ResolveError {
    move |error| ResolveError::Brought { parameter, error }
}

pub(super) fn disagrees<T>(one: &'static str, other: &'static str) -> Result<T, ResolveError> {
    Err(ResolveError::Disagrees(Contradiction::new(one, other)))
}
