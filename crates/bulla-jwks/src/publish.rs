//! Publishing a set of our own, for others to fetch.

use core::fmt;
use std::sync::Arc;
use std::time::Duration;

use bulla_core::base64url;
use bulla_core::jwa::HashAlg;
use bulla_core::jwk::JwkSet;

/// A JWK Set as an endpoint answers with it: the public halves alone, an `ETag` that changes with the content, and how
/// long others may keep it. It does no I/O; whatever serves HTTP asks it for an [`Answer`].
///
/// ```
/// use bulla_core::jwk::JwkSet;
/// use bulla_jwks::publish::Published;
///
/// let set = JwkSet::parse(br#"{"keys":[{"kty":"oct","k":"c2VjcmV0"}]}"#)?;
/// let published = Published::new(&set);
/// assert_eq!(published.body(), br#"{"keys":[]}"#); // a symmetric key has no public half
///
/// let answer = published.answer(None);
/// assert_eq!(answer.status, 200);
/// let again = published.answer(Some(published.etag()));
/// assert_eq!((again.status, again.body.len()), (304, 0));
/// # Ok::<(), bulla_core::jwk::KeyError>(())
/// ```
#[derive(Clone)]
pub struct Published {
    body: Arc<[u8]>,
    etag: String,
    cache_control: String,
}

/// What to send.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Answer {
    /// 200, or 304 where the asker has it already.
    pub status: u16,
    /// Names in lower case, and values.
    pub headers: [(&'static str, String); 4],
    /// Empty for 304. (To `HEAD` send none.)
    pub body: Arc<[u8]>,
}

impl Published {
    /// The public half of every key, in the order of the set; others may keep it for 10 minutes.
    #[must_use]
    pub fn new(set: &JwkSet) -> Self {
        let body = set.public().to_json();
        let digest = HashAlg::Sha256.digest(body.as_bytes());
        Self {
            etag: format!("\"{}\"", base64url::encode(digest.as_ref())),
            body: body.as_bytes().into(),
            cache_control: cache_control(MAX_AGE),
        }
    }

    /// How long others may keep it. A key should be published for as long before it signs.
    #[must_use]
    pub fn max_age(mut self, max_age: Duration) -> Self {
        self.cache_control = cache_control(max_age);
        self
    }

    /// The set as JSON.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// The `ETag`, quotes included: a strong one.
    #[must_use]
    pub fn etag(&self) -> &str {
        &self.etag
    }

    /// What to answer to `GET` or `HEAD` with this `If-None-Match`.
    #[must_use]
    pub fn answer(&self, if_none_match: Option<&str>) -> Answer {
        let is_known = if_none_match.is_some_and(|known| self.is_among(known));
        Answer {
            status: if is_known { 304 } else { 200 },
            headers: [
                ("content-type", "application/jwk-set+json".to_owned()),
                ("etag", self.etag.clone()),
                ("cache-control", self.cache_control.clone()),
                // Public keys are for everybody, pages in browsers included.
                ("access-control-allow-origin", "*".to_owned()),
            ],
            body: if is_known {
                Arc::default()
            } else {
                Arc::clone(&self.body)
            },
        }
    }

    /// RFC 9110 §13.1.2: a list of tags, compared weakly, or `*`.
    fn is_among(&self, list: &str) -> bool {
        let strong = |tag: &str| tag.strip_prefix("W/").unwrap_or(tag) == self.etag;
        list.trim() == "*" || list.split(',').any(|tag| strong(tag.trim()))
    }
}

impl fmt::Debug for Published {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Published")
            .field("etag", &self.etag)
            .field("cache_control", &self.cache_control)
            .finish_non_exhaustive()
    }
}

const MAX_AGE: Duration = Duration::from_secs(600);

fn cache_control(max_age: Duration) -> String {
    format!("public, max-age={}", max_age.as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SET: &str = r#"{"keys":[
        {"kty":"OKP","crv":"Ed25519","kid":"a","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"},
        {"kty":"oct","kid":"b","k":"c2VjcmV0"}]}"#;

    fn published() -> Published {
        Published::new(&JwkSet::parse(SET).expect("a set"))
    }

    #[test]
    fn nothing_secret_is_published() {
        let published = published();
        let body = core::str::from_utf8(published.body()).expect("text");
        assert!(body.contains(r#""kid":"a""#) && body.contains("11qYAY"));
        assert!(!body.contains("nWGxne") && !body.contains("c2VjcmV0") && !body.contains(r#""d""#));
    }

    #[test]
    fn who_has_it_is_told_so() {
        let published = published();
        let etag = published.etag().to_owned();
        for known in [&etag, "*", &format!("W/{etag}"), &format!("\"x\", {etag}")] {
            assert_eq!(published.answer(Some(known)).status, 304, "{known}");
        }
        for other in ["", "\"x\"", etag.trim_matches('"'), "W/"] {
            assert_eq!(published.answer(Some(other)).status, 200, "{other}");
        }
    }

    #[test]
    fn another_set_has_another_etag() {
        let none = Published::new(&JwkSet::parse(r#"{"keys":[]}"#).expect("a set"));
        assert_ne!(none.etag(), published().etag());
        let headers = none.max_age(Duration::from_secs(60)).answer(None).headers;
        assert!(headers.contains(&("cache-control", "public, max-age=60".to_owned())));
    }
}
