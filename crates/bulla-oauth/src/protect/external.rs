use http::Uri;
use http::header::HOST;
use http::request::Parts;
use url::Url;

use crate::dpop::TargetUri;
use crate::url_error::UrlError;

/// Where clients find the API: what `htu` of their proofs begins with. A request does not say so itself, since behind a
/// proxy it is another; `Host` only chooses among those that were configured.
#[derive(Clone, Debug)]
pub(super) struct External(Vec<Base>);

#[derive(Clone, Debug)]
struct Base {
    /// Without a final slash.
    url: String,
    /// Host, and port where it is not the scheme's own.
    authority: String,
}

impl External {
    pub(super) fn new(base: &str) -> Result<Self, UrlError> {
        Ok(Self(vec![Base::parse(base)?]))
    }

    pub(super) fn add(&mut self, base: &str) -> Result<(), UrlError> {
        self.0.push(Base::parse(base)?);
        Ok(())
    }

    /// The URL that the client called.
    pub(super) fn of(&self, parts: &Parts) -> Result<TargetUri, UrlError> {
        let named = authority(parts);
        let by_name = named.and_then(|named| self.0.iter().find(|base| base.is_at(named)));
        let base = by_name.or(self.0.first());
        let url = base.map_or("", |base| &base.url);
        let path = original(parts).path();
        if !path.starts_with('/') {
            return Err(UrlError("has no path"));
        }
        TargetUri::parse(&format!("{url}{path}"))
    }
}

impl Base {
    fn parse(text: &str) -> Result<Self, UrlError> {
        let parsed = TargetUri::parse(text)?;
        let url = Url::parse(text).map_err(|_| UrlError("is not an absolute URL"))?;
        if url.query().is_some() || url.fragment().is_some() {
            return Err(UrlError("has a query or a fragment"));
        }
        let host = url.host_str().ok_or(UrlError("names no host"))?;
        Ok(Self {
            authority: match url.port() {
                Some(port) => format!("{host}:{port}"),
                None => host.to_owned(),
            },
            url: parsed.as_str().trim_end_matches('/').to_owned(),
        })
    }

    fn is_at(&self, authority: &str) -> bool {
        let own_port = if self.url.starts_with("https:") {
            ":443"
        } else {
            ":80"
        };
        let authority = authority.strip_suffix(own_port).unwrap_or(authority);
        self.authority.eq_ignore_ascii_case(authority)
    }
}

/// What the request names as its host.
fn authority(parts: &Parts) -> Option<&str> {
    let in_uri = parts.uri.authority().map(http::uri::Authority::as_str);
    in_uri.or_else(|| parts.headers.get(HOST)?.to_str().ok())
}

/// The target before routers that are nested took a part of its path.
pub(super) fn original(parts: &Parts) -> &Uri {
    let nested = parts.extensions.get::<axum::extract::OriginalUri>();
    nested.map_or(&parts.uri, |original| &original.0)
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    fn url(external: &External, uri: &str, host: Option<&str>) -> String {
        let mut request = Request::get(uri);
        if let Some(host) = host {
            request = request.header("host", host);
        }
        let (parts, ()) = request.body(()).unwrap().into_parts();
        external.of(&parts).unwrap().as_str().to_owned()
    }

    #[test]
    fn a_host_chooses_among_the_bases_and_leads_nowhere_else() {
        let mut external = External::new("https://api.example.com").unwrap();
        external.add("https://API.example.org:8443/v1/").unwrap();
        let at = |host| url(&external, "/a?b=c", host);
        assert_eq!(at(None), "https://api.example.com/a");
        assert_eq!(at(Some("api.example.com:443")), "https://api.example.com/a");
        assert_eq!(at(Some("evil.example")), "https://api.example.com/a");
        let second = "https://api.example.org:8443/v1/a";
        assert_eq!(at(Some("Api.Example.org:8443")), second);
        assert_eq!(at(Some("api.example.org")), "https://api.example.com/a");
        // HTTP/2 has the host in the target.
        assert_eq!(
            url(&external, "https://api.example.org:8443/a", None),
            second
        );
    }

    #[test]
    fn forwarded_headers_say_nothing() {
        let external = External::new("https://api.example.com").unwrap();
        let request = Request::get("/a")
            .header("x-forwarded-host", "evil.example")
            .header("x-forwarded-proto", "http")
            .header("x-forwarded-prefix", "/b")
            .header("forwarded", "host=evil.example;proto=http");
        let (parts, ()) = request.body(()).unwrap().into_parts();
        assert_eq!(
            external.of(&parts).unwrap().as_str(),
            "https://api.example.com/a"
        );
    }

    #[test]
    fn what_is_no_base_is_refused() {
        for base in [
            "",
            "/a",
            "ftp://a",
            "https://a?b",
            "https://a#b",
            "https://u@a",
        ] {
            assert!(External::new(base).is_err(), "{base:?}");
        }
        let base = External::new("https://api.example.com").unwrap();
        let request = Request::options("*").body(()).unwrap().into_parts().0;
        assert!(base.of(&request).is_err());
    }
}
