use std::path::PathBuf;
use std::sync::Arc;

use bulla_core::key::{Backend, KeySetPolicy};
use bulla_core::{Clock, Limits, SystemClock};
use tokio::runtime::Handle;
use tokio::sync::watch;
use url::Url;

use super::clock::Clocks;
use super::compile::Compiler;
use super::error::StartError;
use super::handle::RemoteKeys;
use super::shared::Shared;
use super::task;
use crate::events::Events;
use crate::http::{Fetch, HttpOptions, UrlRefused};
use crate::machine::{CachePolicy, Machine};
use crate::persist::Store;
use crate::source::{Discovery, Https, Source};

/// How keys are to be had; [`start`](Self::start) begins. Everything has a default but where they are.
#[derive(Clone, Debug)]
#[must_use = "nothing is fetched until `start` is called"]
pub struct RemoteBuilder {
    place: Place,
    client: Option<Arc<dyn Fetch>>,
    untrusted: bool,
    limits: Option<Limits>,
    policy: CachePolicy,
    algorithms: KeySetPolicy,
    backend: Option<Arc<dyn Backend>>,
    clock: Arc<dyn Clock>,
    saved_at: Option<PathBuf>,
}

#[derive(Clone, Debug)]
enum Place {
    Issuer(String),
    Metadata {
        url: Result<Url, UrlRefused>,
        issuer: String,
    },
    Source(Arc<dyn Source>),
    Url(String),
}

/// The JWK Set at a URL, `https:` that is.
///
/// ```no_run
/// let keys = bulla_jwks::https("https://issuer.example/jwks.json").start()?;
/// # Ok::<(), bulla_jwks::StartError>(())
/// ```
pub fn https(url: impl Into<String>) -> RemoteBuilder {
    RemoteBuilder::at(Place::Url(url.into()))
}

/// The keys of an issuer, found by what it publishes about itself (OpenID Connect Discovery, RFC 8414). The metadata
/// must name the very issuer that is given here, octet for octet.
///
/// ```no_run
/// let keys = bulla_jwks::discover("https://accounts.google.com").start()?;
/// # Ok::<(), bulla_jwks::StartError>(())
/// ```
pub fn discover(issuer: impl Into<String>) -> RemoteBuilder {
    RemoteBuilder::at(Place::Issuer(issuer.into()))
}

impl RemoteBuilder {
    pub(super) fn of(source: Arc<dyn Source>) -> Self {
        Self::at(Place::Source(source))
    }

    /// The keys of an issuer whose metadata is at a URL of its own.
    pub(crate) fn by_metadata(mut self, url: &str, issuer: String) -> Self {
        let url = url.parse().map_err(|_| UrlRefused::Syntax);
        self.place = Place::Metadata { url, issuer };
        self
    }

    fn at(place: Place) -> Self {
        Self {
            place,
            client: None,
            untrusted: false,
            limits: None,
            policy: CachePolicy::default(),
            algorithms: KeySetPolicy::default(),
            backend: None,
            clock: Arc::new(SystemClock),
            saved_at: None,
        }
    }

    /// Fetches with this client, and not with one of the default [`HttpOptions`]. Sources that were made before have
    /// theirs already.
    pub fn client(mut self, client: impl Fetch + 'static) -> Self {
        self.client = Some(Arc::new(client));
        self
    }

    /// Says that somebody else chose the URL or issuer: a client that registered it, for example. Nothing that is not
    /// public is connected to, and no proxy is used. Sources that were made before know already.
    pub const fn untrusted(mut self) -> Self {
        self.untrusted = true;
        self
    }

    /// Other limits of the set than 100 keys and 256 KiB. Sources that were made before have theirs already.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = Some(limits);
        self
    }

    /// Other times than the recommended ones.
    pub const fn policy(mut self, policy: CachePolicy) -> Self {
        self.policy = policy;
        self
    }

    /// Which algorithms the keys may be used for. A key without `alg` is bound to each of these that it fits.
    pub fn algorithms(mut self, algorithms: KeySetPolicy) -> Self {
        self.algorithms = algorithms;
        self
    }

    /// Binds keys with this backend.
    pub fn backend(mut self, backend: Arc<dyn Backend>) -> Self {
        self.backend = Some(backend);
        self
    }

    /// Asks this clock for the time of day. Timers go by tokio's.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Saves the last good set in this file, and begins with it after a restart, so that tokens verify while the issuer
    /// is down. The age of a set that was saved counts: it is never used for longer than one in memory would be.
    ///
    /// # Security
    ///
    /// Whoever may write the file may choose the keys. It is made with mode 0600; keep its folder as you keep your
    /// configuration.
    pub fn saved_at(mut self, path: impl Into<PathBuf>) -> Self {
        self.saved_at = Some(path.into());
        self
    }

    /// Starts the task that keeps the keys current, on the tokio runtime of the caller. It begins to fetch at once;
    /// [`ready`](RemoteKeys::ready) waits for that. Does not wait itself, except for the file of
    /// [`saved_at`](Self::saved_at).
    ///
    /// # Errors
    ///
    /// [`StartError`] where the URL is none that we connect to, the client cannot be made, or there is no runtime.
    pub fn start(self) -> Result<RemoteKeys, StartError> {
        let runtime = Handle::try_current().map_err(|_| StartError::NoRuntime)?;
        let source = self.source()?;
        let events = Events::new(source.name());
        let clocks = Clocks::new(self.clock);
        let (sender, done) = watch::channel(0);
        let compiler = Compiler {
            backend: self.backend.unwrap_or_else(bulla_aws_lc::backend),
            algorithms: self.algorithms,
        };
        let machine = Machine::new(self.policy, fastrand::u64(..));
        let shared = Arc::new(Shared::new(machine, clocks, done, events, compiler));
        let store = self.saved_at.map(|path| Store::new(path, source.name()));
        if let Some(store) = &store {
            match store.load(shared.clocks.wall().now()) {
                Ok(Some(saved)) => shared.take_saved(saved),
                Ok(None) => {}
                Err(error) => shared.events.not_restored(&error),
            }
        }
        let name = source.name().to_owned();
        let task = runtime.spawn(task::run(Arc::clone(&shared), source, store, sender));
        Ok(RemoteKeys::new(shared, task, &name))
    }

    fn source(&self) -> Result<Arc<dyn Source>, StartError> {
        let (url, issuer) = match &self.place {
            Place::Source(source) => return Ok(Arc::clone(source)),
            Place::Url(url) => return self.url(url),
            Place::Issuer(issuer) => (None, issuer),
            Place::Metadata { url, issuer } => (Some(url.clone()?), issuer),
        };
        let client = self.fetch()?;
        let mut source = match url {
            Some(url) => Discovery::at(url, issuer, client),
            None => Discovery::new(issuer, client)?,
        };
        if self.untrusted {
            source = source.untrusted();
        }
        if let Some(limits) = &self.limits {
            source = source.limits(limits.clone());
        }
        source.check()?;
        Ok(Arc::new(source))
    }

    fn url(&self, url: &str) -> Result<Arc<dyn Source>, StartError> {
        let url = url.parse().map_err(|_| UrlRefused::Syntax)?;
        let mut source = Https::new(url, self.fetch()?);
        if self.untrusted {
            source = source.untrusted();
        }
        if let Some(limits) = &self.limits {
            source = source.limits(limits.clone());
        }
        source.check()?;
        Ok(Arc::new(source))
    }

    fn fetch(&self) -> Result<Arc<dyn Fetch>, StartError> {
        match &self.client {
            Some(client) => Ok(Arc::clone(client)),
            None => Ok(Arc::new(HttpOptions::default().build()?)),
        }
    }
}
