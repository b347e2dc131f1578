//! The search for the keys of one token: store, resolvers, `x5c`, `x5u`, `jku`, in this order.

use std::collections::HashMap;
use std::sync::Arc;

use super::header_keys::{HeaderKeys, Listed};
use super::resolved_keys::{Bound, Found};
use super::said::{Leaf, Said, disagrees};
use super::{KeyName, ResolveError, Trust, Trusted};
use crate::jwk::{Jwk, JwkSet, KeyError, PublicJwk};

/// One token's search. What was fetched for one of its signatures serves the others.
pub(super) struct Search<'k> {
    pub(super) with: &'k HeaderKeys,
    fetched: HashMap<String, Result<Arc<[u8]>, ResolveError>>,
}

/// Binds a key that was found to the token's algorithm.
type Bind<'b, K> = dyn Fn(&Trusted<Jwk>) -> Result<K, KeyError> + Send + Sync + 'b;

impl<'k> Search<'k> {
    pub(super) fn new(with: &'k HeaderKeys) -> Self {
        Self {
            with,
            fetched: HashMap::new(),
        }
    }

    /// Keys of stores and resolvers alone.
    pub(super) async fn held<K: Bound>(
        &self,
        said: &Said<'_>,
        bind: &Bind<'_, K>,
    ) -> Result<Found<K>, ResolveError> {
        let mut failures = Vec::new();
        let keys = self.ask_holders(said, &mut failures).await;
        self.decide(said, keys, bind, &mut failures)?
            .ok_or_else(|| self.nothing(said, failures))
    }

    /// Keys of stores and resolvers, else those that the token brings or points to.
    pub(super) async fn any<K: Bound>(
        &mut self,
        said: &Said<'_>,
        bind: &Bind<'_, K>,
    ) -> Result<Found<K>, ResolveError> {
        let mut failures = Vec::new();
        let keys = self.ask_holders(said, &mut failures).await;
        if let Some(found) = self.decide(said, keys, bind, &mut failures)? {
            return Ok(found);
        }
        let key = self.of_chain(said);
        if let Some(found) = self.decide_one(said, key, bind, &mut failures)? {
            return Ok(found);
        }
        let key = self.of_chain_url(said).await;
        if let Some(found) = self.decide_one(said, key, bind, &mut failures)? {
            return Ok(found);
        }
        match self.of_set_url(said).await {
            Ok(keys) => {
                if let Some(found) = self.decide(said, keys, bind, &mut failures)? {
                    return Ok(found);
                }
            }
            Err(error) => failures.push(error),
        }
        Err(self.nothing(said, failures))
    }

    /// The first store or resolver that knows one of the names.
    async fn ask_holders(
        &self,
        said: &Said<'_>,
        failures: &mut Vec<ResolveError>,
    ) -> Vec<Arc<Trusted<Jwk>>> {
        let jwk = said.jwk.as_ref();
        let jwk = jwk.filter(|_| self.with.header_jwk && said.is_protected("jwk"));
        let thumbprint = jwk.map(|jwk| &jwk.thumbprint);
        let names = || said.names().chain(thumbprint.map(KeyName::Thumbprint));
        for store in &self.with.stores {
            for name in names() {
                let keys = store.get(name);
                if !keys.is_empty() {
                    let because =
                        |key: &Arc<Trusted<Jwk>>| of_name(because_of_store(key, name), name);
                    return keys.iter().map(because).collect();
                }
            }
        }
        for resolver in &self.with.resolvers {
            for name in names() {
                match resolver.resolve(name).await {
                    Ok(keys) if keys.is_empty() => {}
                    Ok(keys) => {
                        let because = |key: &Arc<Trusted<Jwk>>| {
                            of_name(because_of_resolver(key, name, resolver.name()), name)
                        };
                        return keys.iter().map(because).collect();
                    }
                    Err(error) => failures.push(error),
                }
            }
        }
        Vec::new()
    }

    /// `x5c`
    fn of_chain(&self, said: &Said<'_>) -> Result<Option<Trusted<Jwk>>, ResolveError> {
        let Some(x5c) = &said.x5c else {
            return Ok(None);
        };
        let Some(paths) = self
            .with
            .paths
            .as_ref()
            .filter(|_| said.is_protected("x5c"))
        else {
            return Err(ResolveError::Untrusted { parameter: "x5c" });
        };
        let path = paths.validate(x5c.chain)?;
        let why = Trust::CertificatePath {
            anchor: path.anchor,
        };
        key_of_path(path.key, &x5c.leaf, why).map(Some)
    }

    /// `x5u`
    async fn of_chain_url(
        &mut self,
        said: &Said<'_>,
    ) -> Result<Option<Trusted<Jwk>>, ResolveError> {
        let Some(url) = said.x5u else {
            return Ok(None);
        };
        let untrusted = ResolveError::Untrusted { parameter: "x5u" };
        let (Some(paths), Some(listed), true) = (
            self.with.paths.as_ref(),
            listed(&self.with.certificate_urls, url),
            said.is_protected("x5u"),
        ) else {
            return Err(untrusted);
        };
        let octets = self.fetch(listed, url).await?;
        let chain = certificates(&octets)?;
        if chain.len() > self.with.limits.x5c {
            return Err(ResolveError::LimitExceeded {
                what: "the x5u chain",
            });
        }
        let leaf = Leaf::of(&chain, self.with.backend.as_ref())?;
        said.check_leaf(&leaf, "the certificate at x5u")?;
        let path = paths.validate(&chain)?;
        let why = Trust::CertificateUrl {
            url: url.to_owned(),
            anchor: path.anchor,
        };
        key_of_path(path.key, &leaf, why).map(Some)
    }

    /// `jku`
    async fn of_set_url(
        &mut self,
        said: &Said<'_>,
    ) -> Result<Vec<Arc<Trusted<Jwk>>>, ResolveError> {
        let Some(url) = said.jku else {
            return Ok(Vec::new());
        };
        let listed = listed(&self.with.jwk_set_urls, url);
        let Some(listed) = listed.filter(|_| said.is_protected("jku")) else {
            return Err(ResolveError::Untrusted { parameter: "jku" });
        };
        let octets = self.fetch(listed, url).await?;
        let set = JwkSet::parse_with(&octets, &self.with.limits)?;
        let why = Trust::JwkSetUrl {
            url: url.to_owned(),
        };
        // A secret that anybody can fetch is none, and a private key that stands there is known to others.
        let keys = set
            .public_keys()
            .filter(|key| said.names_key(key, self.with.backend.as_ref()));
        let trusted = |key: &PublicJwk| Trusted::new(Jwk::Public(key.clone()), why.clone());
        Ok(keys.map(|key| Arc::new(trusted(key))).collect())
    }

    async fn fetch(&mut self, listed: &Listed, url: &str) -> Result<Arc<[u8]>, ResolveError> {
        if let Some(known) = self.fetched.get(url) {
            return known.clone();
        }
        let most = self.with.limits.jwk_set;
        let fetched = match listed.fetch.fetch(url, most).await {
            Ok(octets) if octets.len() > most => Err(ResolveError::LimitExceeded {
                what: "what stands at a listed URL",
            }),
            Ok(octets) => Ok(octets.into()),
            Err(error) => Err(ResolveError::Fetch {
                url: url.to_owned(),
                error,
            }),
        };
        self.fetched.insert(url.to_owned(), fetched.clone());
        fetched
    }

    fn decide_one<K: Bound>(
        &self,
        said: &Said<'_>,
        key: Result<Option<Trusted<Jwk>>, ResolveError>,
        bind: &Bind<'_, K>,
        failures: &mut Vec<ResolveError>,
    ) -> Result<Option<Found<K>>, ResolveError> {
        match key {
            Ok(key) => {
                let keys = key.into_iter().map(Arc::new).collect();
                self.decide(said, keys, bind, failures)
            }
            Err(error @ ResolveError::Disagrees(_)) => Err(error),
            Err(error) => {
                failures.push(error);
                Ok(None)
            }
        }
    }

    /// Of the keys that a part has, those that agree with the token and can be bound. Where it has keys, and none of
    /// them does, the search is over: the token names a key that it was not made with.
    fn decide<K: Bound>(
        &self,
        said: &Said<'_>,
        keys: Vec<Arc<Trusted<Jwk>>>,
        bind: &Bind<'_, K>,
        failures: &mut Vec<ResolveError>,
    ) -> Result<Option<Found<K>>, ResolveError> {
        if keys.is_empty() {
            return Ok(None);
        }
        let mut bound: Vec<K> = Vec::new();
        let mut errors = Vec::new();
        for key in keys {
            if bound.len() == self.with.limits.keys_tried {
                break;
            }
            let agrees = said.check_found(&key, self.with.backend.as_ref());
            match agrees.and_then(|()| Ok(bind(&key)?)) {
                // The two halves of a pair may both be there.
                Ok(key) if is_among(&key, &bound) => {}
                Ok(key) => bound.push(key),
                Err(error) => errors.push(error),
            }
        }
        let mut failures = std::mem::take(failures);
        failures.append(&mut errors);
        if bound.is_empty() {
            return Err(ResolveError::several(failures));
        }
        Ok(Some(Found {
            keys: bound,
            failures,
        }))
    }

    fn nothing(&self, said: &Said<'_>, mut failures: Vec<ResolveError>) -> ResolveError {
        if said.jwk.is_some() {
            failures.push(ResolveError::Untrusted { parameter: "jwk" });
        }
        if failures.is_empty() || said.names().next().is_some() {
            failures.push(ResolveError::NotFound {
                kid: said.kid.map(str::to_owned),
            });
        }
        ResolveError::several(failures)
    }
}

fn is_among<K: Bound>(key: &K, bound: &[K]) -> bool {
    let thumbprint = key.info().thumbprint();
    bound
        .iter()
        .any(|known| known.info().thumbprint() == thumbprint)
}

fn listed<'l>(listed: &'l Option<Listed>, url: &str) -> Option<&'l Listed> {
    listed.as_ref().filter(|listed| listed.urls.contains(url))
}

/// What is used is the key that was validated, which must be the key that the token shows.
fn key_of_path(key: PublicJwk, leaf: &Leaf, why: Trust) -> Result<Trusted<Jwk>, ResolveError> {
    if *key.key() != leaf.key {
        return disagrees("the validated path", "its first certificate");
    }
    Ok(Trusted::new(Jwk::Public(key), why))
}

pub(super) fn because_of_store(key: &Trusted<Jwk>, name: KeyName<'_>) -> Trusted<Jwk> {
    let why = Trust::Store {
        found_by: name.kind(),
        because: Box::new(key.why().clone()),
    };
    Trusted::new(Jwk::clone(key), why)
}

/// A resolver's own reason is kept; one that has none to give is the reason itself.
pub(super) fn because_of_resolver(
    key: &Trusted<Jwk>,
    name: KeyName<'_>,
    resolver: &str,
) -> Trusted<Jwk> {
    let why = match key.why() {
        Trust::Caller => Trust::Resolver {
            name: resolver.to_owned(),
            found_by: name.kind(),
        },
        own => own.clone(),
    };
    Trusted::new(Jwk::clone(key), why)
}

/// The only thumbprint that is searched for is that of a header's `jwk`.
fn of_name(key: Trusted<Jwk>, name: KeyName<'_>) -> Arc<Trusted<Jwk>> {
    let KeyName::Thumbprint(thumbprint) = name else {
        return Arc::new(key);
    };
    let why = Trust::HeaderJwk {
        thumbprint: *thumbprint,
        by: Box::new(key.why().clone()),
    };
    Arc::new(Trusted::new(key.into_inner(), why))
}

#[cfg(feature = "pem")]
fn certificates(octets: &[u8]) -> Result<Vec<Vec<u8>>, KeyError> {
    crate::jwk::pem::certificates(octets)
}

/// Nothing is listed where `certificate_urls` is not built in.
#[cfg(not(feature = "pem"))]
fn certificates(_: &[u8]) -> Result<Vec<Vec<u8>>, KeyError> {
    Err(KeyError::Unsupported("PEM"))
}
