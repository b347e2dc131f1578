use core::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::{ClientError, HttpClient, Resolve, SystemResolver};

/// How documents are got. `Default` is what we recommend; [`build`](Self::build) makes the client.
///
/// ```no_run
/// use bulla_jwks::http::HttpOptions;
/// let authority = std::fs::read("/etc/ssl/our-authority.pem")?;
/// let client = HttpOptions::default().authority(authority).proxy("http://proxy.corp.example:3128").build()?;
/// let keys = bulla_jwks::https("https://login.corp.example/jwks").client(client).start()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "no client is made until `build` is called"]
pub struct HttpOptions {
    pub(super) user_agent: String,
    pub(super) connect_timeout: Duration,
    pub(super) total_timeout: Duration,
    pub(super) retries: u32,
    pub(super) authorities: Vec<Vec<u8>>,
    pub(super) proxy: Proxy,
    pub(super) resolver: Arc<dyn Resolve>,
    loopback_http: bool,
    loopback_untrusted: bool,
    ports: Option<Vec<u16>>,
}

#[derive(Clone)]
pub(super) enum Proxy {
    /// `HTTPS_PROXY`, `NO_PROXY` and what the platform has.
    Environment,
    None,
    At(String),
}

/// Without the proxy's URL: it may carry a password.
impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Environment => "Environment",
            Self::None => "None",
            Self::At(_) => "At(..)",
        })
    }
}

impl Default for HttpOptions {
    fn default() -> Self {
        Self {
            user_agent: concat!("bulla-jwks/", env!("CARGO_PKG_VERSION")).to_owned(),
            connect_timeout: Duration::from_secs(2),
            total_timeout: Duration::from_secs(5),
            retries: 2,
            authorities: Vec::new(),
            proxy: Proxy::Environment,
            resolver: Arc::new(SystemResolver),
            loopback_http: false,
            loopback_untrusted: false,
            ports: None,
        }
    }
}

impl HttpOptions {
    /// `User-Agent`, which is `bulla-jwks/<version>` otherwise: who runs the issuer sees whom to write to.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = user_agent.into();
        self
    }

    /// How long connecting may take: 2 seconds.
    pub const fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// How long everything may take, retries and their pauses included: 5 seconds.
    pub const fn total_timeout(mut self, timeout: Duration) -> Self {
        self.total_timeout = timeout;
        self
    }

    /// How often to try again within that time, where there was no connection or the status is 408, 429 or 5xx: 2.
    pub const fn retries(mut self, retries: u32) -> Self {
        self.retries = retries;
        self
    }

    /// Trusts these authorities too: one or more certificates as PEM. May be said again.
    ///
    /// The platform's roots are trusted in any case, and so is what `SSL_CERT_FILE` names. (Where the platform has no
    /// verifier of its own, on Linux and the BSDs, the file is taken *instead* of the platform's, as OpenSSL does.)
    pub fn authority(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.authorities.push(pem.into());
        self
    }

    /// Goes through this proxy, and not through the one of the environment (`HTTPS_PROXY`, `NO_PROXY`).
    ///
    /// URLs of somebody else's never go through a proxy, since it would be the proxy that connects.
    pub fn proxy(mut self, url: impl Into<String>) -> Self {
        self.proxy = Proxy::At(url.into());
        self
    }

    /// Goes through no proxy, whatever the environment says.
    pub fn no_proxy(mut self) -> Self {
        self.proxy = Proxy::None;
        self
    }

    /// Asks this resolver for addresses, and not the system's.
    pub fn resolver(mut self, resolver: Arc<dyn Resolve>) -> Self {
        self.resolver = resolver;
        self
    }

    /// Allows `http:` to this machine. For development.
    pub const fn allow_loopback_http(mut self) -> Self {
        self.loopback_http = true;
        self
    }

    /// Allows URLs of somebody else's to lead to this machine.
    ///
    /// # Security
    ///
    /// Whoever may register a URL can then reach every service that listens on loopback. For development.
    pub const fn dangerous_allow_untrusted_loopback(mut self) -> Self {
        self.loopback_untrusted = true;
        self
    }

    /// Allows URLs of somebody else's these ports alone. Any is allowed otherwise.
    pub fn untrusted_ports(mut self, ports: impl IntoIterator<Item = u16>) -> Self {
        self.ports = Some(ports.into_iter().collect());
        self
    }

    /// Makes the client.
    ///
    /// # Errors
    ///
    /// [`ClientError`] where a certificate or a proxy cannot be read, or TLS has no roots.
    pub fn build(self) -> Result<HttpClient, ClientError> {
        HttpClient::new(self)
    }

    pub(super) const fn allows_loopback_http(&self) -> bool {
        self.loopback_http
    }

    pub(super) const fn allows_loopback_untrusted(&self) -> bool {
        self.loopback_untrusted
    }

    pub(super) fn admits_port(&self, port: u16) -> bool {
        self.ports
            .as_ref()
            .is_none_or(|ports| ports.contains(&port))
    }
}
