use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolving};

use super::{HttpOptions, Origin};

/// Gives the connector only addresses that may be connected to. Looking a name up beforehand would not do: it could
/// mean something else a moment later, when it is connected to.
#[derive(Debug)]
pub(super) struct Guarded {
    pub(super) options: Arc<HttpOptions>,
    pub(super) origin: Origin,
}

/// A name of somebody else's that leads to no public address.
#[derive(Debug)]
pub(super) struct NotPublic;

impl reqwest::dns::Resolve for Guarded {
    fn resolve(&self, name: Name) -> Resolving {
        let (options, origin) = (Arc::clone(&self.options), self.origin);
        Box::pin(async move {
            let found = options.resolver.resolve(name.as_str()).await?;
            let admitted: Vec<SocketAddr> = found
                .iter()
                .filter(|address| origin == Origin::Configured || options.admits(**address))
                .map(|address| SocketAddr::new(*address, 0))
                .collect();
            if admitted.is_empty() && !found.is_empty() {
                return Err(NotPublic.into());
            }
            Ok(Box::new(admitted.into_iter()) as Addrs)
        })
    }
}

/// Whether an answer may have come from there: the last look, at the connection itself.
pub(super) fn admits_connection(
    options: &HttpOptions,
    origin: Origin,
    is_http: bool,
    address: Option<IpAddr>,
) -> bool {
    match (origin, is_http, address) {
        (Origin::Configured, false, _) => true,
        // Plain http is for this machine alone, whatever `localhost` resolves to.
        (Origin::Configured, true, address) => address.is_none_or(|address| address.is_loopback()),
        (Origin::Untrusted, _, address) => address.is_some_and(|address| options.admits(address)),
    }
}

impl core::fmt::Display for NotPublic {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("the name leads to no public address")
    }
}

impl std::error::Error for NotPublic {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_is_judged_by_where_it_went() {
        let options = HttpOptions::default().allow_loopback_http();
        let admits = |origin, is_http, address: Option<&str>| {
            let address = address.map(|text| text.parse().unwrap());
            admits_connection(&options, origin, is_http, address)
        };
        use Origin::{Configured, Untrusted};
        assert!(
            admits(Configured, false, Some("10.0.0.1")),
            "one's own issuer may be private"
        );
        assert!(admits(Configured, true, Some("127.0.0.1")));
        assert!(admits(Configured, true, Some("::1")));
        assert!(
            !admits(Configured, true, Some("192.0.1.1")),
            "a `localhost` that is elsewhere"
        );
        assert!(admits(Untrusted, false, Some("1.1.1.1")));
        assert!(!admits(Untrusted, false, Some("10.0.0.1")));
        assert!(!admits(Untrusted, false, Some("127.0.0.1")));
        assert!(
            !admits(Untrusted, false, None),
            "nobody knows where it went"
        );
    }
}
