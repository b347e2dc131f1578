use core::fmt;
use std::sync::Arc;

use super::{AllowedUrls, FetchUrl, KeyStore, ResolveKey, ValidatePath};
use crate::jwa::KeyManagementAlg;
use crate::key::{Backend, DecryptionKeySet, KeySetPolicy};
use crate::limits::Limits;

/// Finds the keys of a token by what its header says, as far as the application allows: part by part, and nothing
/// is on by default.
///
/// | Part | What it allows |
/// |---|---|
/// | [`store`](Self::store) | `kid`, `x5t` and `x5t#S256` name keys in a store |
/// | [`resolver`](Self::resolver) | they name keys that a resolver finds |
/// | [`certificates`](Self::certificates) | the key of `x5c`, if the chain leads to a trust anchor |
/// | [`certificate_urls`](Self::certificate_urls) | the key of the chain at `x5u`, if that is listed and the chain leads to a trust anchor |
/// | [`jwk_set_urls`](Self::jwk_set_urls) | the keys at `jku`, if that is listed |
/// | [`header_jwk`](Self::header_jwk) | `jwk`, as one more name: a key of its thumbprint must be in a store or found by a resolver |
///
/// They are asked in this order, and the first that has a key decides: what it has must agree with all that the
/// token says, and be fit for the token's algorithm, or the token is refused. What contradicts itself is refused before
/// anything is asked, also where the part is off.
///
/// ```
/// use std::sync::Arc;
/// use bulla_core::jwt::{Expectations, VerifyError};
/// use bulla_core::key::Backend;
/// use bulla_core::trust::{AllowedUrls, FetchUrl, HeaderKeys, KeyStore, UrlRefused, ValidatePath};
///
/// fn configure(
///     backend: &Arc<dyn Backend>,
///     store: Arc<dyn KeyStore>,
///     paths: Arc<dyn ValidatePath>,
///     https: Arc<dyn FetchUrl>,
/// ) -> Result<HeaderKeys, UrlRefused> {
///     Ok(HeaderKeys::new(backend)
///         .store(store)
///         .certificates(paths)
///         .jwk_set_urls(AllowedUrls::https(["https://issuer.example/jwks"])?, https))
/// }
///
/// async fn accept(token: &str, keys: &HeaderKeys) -> Result<(), VerifyError> {
///     let expect = Expectations::new("https://issuer.example", "api");
///     let valid = expect.resolve_and_verify::<()>(token, keys).await?;
///     println!("its key is trusted by {}", valid.key().trust());
///     Ok(())
/// }
/// ```
///
/// # Security
///
/// `jwk`, `x5c`, `x5u` and `jku` count only where they stand in the protected header. RFC 7515 does not demand that, since
/// trust is established otherwise; but then a stranger on the way could choose what is fetched and validated here.
/// `kid`, `x5t` and `x5t#S256` only choose among keys trusted already, and count wherever they stand.
#[derive(Clone)]
pub struct HeaderKeys {
    pub(super) backend: Arc<dyn Backend>,
    pub(super) policy: KeySetPolicy,
    pub(super) key_management: Vec<KeyManagementAlg>,
    pub(super) limits: Limits,
    pub(super) stores: Vec<Arc<dyn KeyStore>>,
    pub(super) resolvers: Vec<Arc<dyn ResolveKey>>,
    pub(super) paths: Option<Arc<dyn ValidatePath>>,
    pub(super) certificate_urls: Option<Listed>,
    pub(super) jwk_set_urls: Option<Listed>,
    pub(super) header_jwk: bool,
}

#[derive(Clone)]
pub(super) struct Listed {
    pub(super) urls: AllowedUrls,
    pub(super) fetch: Arc<dyn FetchUrl>,
}

impl HeaderKeys {
    /// Nothing is on: every token is refused with `jwk.not-found` or `jwk.untrusted`.
    #[must_use]
    pub fn new(backend: &Arc<dyn Backend>) -> Self {
        Self {
            backend: Arc::clone(backend),
            policy: KeySetPolicy::default(),
            key_management: DecryptionKeySet::sound(),
            limits: Limits::DEFAULT,
            stores: Vec::new(),
            resolvers: Vec::new(),
            paths: None,
            certificate_urls: None,
            jwk_set_urls: None,
            header_jwk: false,
        }
    }

    /// The algorithms that keys may verify and sign with. The default is every registered one that is not legacy.
    #[must_use]
    pub fn policy(mut self, policy: KeySetPolicy) -> Self {
        self.policy = policy;
        self
    }

    /// The algorithms that keys may decrypt and encrypt with. The default is [`DecryptionKeySet::sound`].
    #[must_use]
    pub fn key_management(mut self, algs: impl IntoIterator<Item = KeyManagementAlg>) -> Self {
        self.key_management = algs.into_iter().collect();
        self
    }

    /// Other limits: of `kid`, `x5c`, JWK Sets, and [keys tried](Limits::keys_tried).
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Asks a store, after those given before.
    #[must_use]
    pub fn store(mut self, store: Arc<dyn KeyStore>) -> Self {
        self.stores.push(store);
        self
    }

    /// Asks a resolver, after those given before, where no store has a key. One that fails is passed over, and its error kept.
    #[must_use]
    pub fn resolver(mut self, resolver: Arc<dyn ResolveKey>) -> Self {
        self.resolvers.push(resolver);
        self
    }

    /// Lets a certificate chain with a valid path vouch for its first key: in `x5c`, and at the `x5u` that are listed.
    #[must_use]
    pub fn certificates(mut self, paths: Arc<dyn ValidatePath>) -> Self {
        self.paths = Some(paths);
        self
    }

    /// Fetches certificate chains, PEM or one in DER, from the `x5u` that are listed; without
    /// [`certificates`](Self::certificates) none is fetched, since none could vouch for anything.
    #[cfg(feature = "pem")]
    #[must_use]
    pub fn certificate_urls(mut self, urls: AllowedUrls, fetch: Arc<dyn FetchUrl>) -> Self {
        self.certificate_urls = Some(Listed { urls, fetch });
        self
    }

    /// Fetches JWK Sets from the `jku` that are listed. Only public keys in them count.
    #[must_use]
    pub fn jwk_set_urls(mut self, urls: AllowedUrls, fetch: Arc<dyn FetchUrl>) -> Self {
        self.jwk_set_urls = Some(Listed { urls, fetch });
        self
    }

    /// Takes the thumbprint of a `jwk` for a name, by which stores and resolvers are asked after the other names. The
    /// key that they have is used, with what they say it may be used for.
    #[must_use]
    pub fn header_jwk(mut self) -> Self {
        self.header_jwk = true;
        self
    }
}

impl fmt::Debug for HeaderKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let urls = |listed: &'_ Option<Listed>| listed.as_ref().map(|listed| listed.urls.clone());
        let resolvers: Vec<&str> = self
            .resolvers
            .iter()
            .map(|resolver| resolver.name())
            .collect();
        f.debug_struct("HeaderKeys")
            .field("stores", &self.stores.len())
            .field("resolvers", &resolvers)
            .field("certificates", &self.paths.is_some())
            .field("certificate_urls", &urls(&self.certificate_urls))
            .field("jwk_set_urls", &urls(&self.jwk_set_urls))
            .field("header_jwk", &self.header_jwk)
            .finish_non_exhaustive()
    }
}
