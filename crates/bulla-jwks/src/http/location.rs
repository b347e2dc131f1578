use std::net::IpAddr;

use url::{Host, Url};

use super::{HttpOptions, Origin, UrlRefused, is_public};

/// Whether we would connect to a URL, as far as its text says. What its name resolves to is looked at when it is
/// connected to.
///
/// # Errors
///
/// [`UrlRefused`], with what is wrong.
///
/// ```
/// use bulla_jwks::http::{HttpOptions, Origin, UrlRefused, check_url};
/// let options = HttpOptions::default();
/// let check = |url: &str| check_url(&url.parse().unwrap(), Origin::Untrusted, &options);
/// assert_eq!(check("https://client.example/jwks"), Ok(()));
/// assert_eq!(check("http://client.example/jwks"), Err(UrlRefused::NotHttps));
/// assert_eq!(check("https://169.254.169.254/latest"), Err(UrlRefused::Address));
/// ```
pub fn check_url(url: &Url, origin: Origin, options: &HttpOptions) -> Result<(), UrlRefused> {
    let host = url.host().ok_or(UrlRefused::Host)?;
    match url.scheme() {
        "https" => {}
        "http" if options.allows_loopback_http() && is_loopback(&host) => {}
        _ => return Err(UrlRefused::NotHttps),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(UrlRefused::UserInfo);
    }
    if url.fragment().is_some() {
        return Err(UrlRefused::Fragment);
    }
    if origin == Origin::Configured {
        return Ok(());
    }
    let address = match host {
        Host::Domain(_) => None,
        Host::Ipv4(address) => Some(IpAddr::V4(address)),
        Host::Ipv6(address) => Some(IpAddr::V6(address)),
    };
    if address.is_some_and(|address| !options.admits(address)) {
        return Err(UrlRefused::Address);
    }
    match url.port_or_known_default() {
        Some(port) if options.admits_port(port) => Ok(()),
        _ => Err(UrlRefused::Port),
    }
}

/// Whether the text names this machine. What `localhost` resolves to is checked when it is connected to.
fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => name.eq_ignore_ascii_case("localhost"),
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    }
}

impl HttpOptions {
    /// Whether a URL of somebody else's may lead to this address.
    pub(super) fn admits(&self, address: IpAddr) -> bool {
        is_public(address) || (self.allows_loopback_untrusted() && address.is_loopback())
    }
}
