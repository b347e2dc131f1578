use http::header::{HOST, ORIGIN};
use http::{HeaderMap, HeaderName, Uri};

/// Whether a browser says that a page of another site sent the request: a form needs no leave for that, and comes with
/// whatever the operator's browser may do. Who is no browser says nothing.
pub(super) fn is_foreign(uri: &Uri, headers: &HeaderMap) -> bool {
    let mut sites = values(headers, SITE).peekable();
    if sites.peek().is_some() {
        return !sites.all(|site| matches!(site, "same-origin" | "none"));
    }
    // Older browsers, and those that do not trust the connection, send the origin alone.
    let in_uri = uri.authority().map(http::uri::Authority::as_str);
    let host = in_uri.or_else(|| headers.get(HOST)?.to_str().ok());
    values(headers, ORIGIN).any(|origin| {
        let authority = origin.split_once("://").map(|(_, authority)| authority);
        let is_own = authority.zip(host);
        !is_own.is_some_and(|(origin, host)| origin.eq_ignore_ascii_case(host))
    })
}

fn values(headers: &HeaderMap, name: HeaderName) -> impl Iterator<Item = &str> {
    let values = headers.get_all(name).into_iter();
    values.map(|value| value.to_str().unwrap_or_default())
}

/// Fetch Metadata Request Headers §2.4.
const SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
